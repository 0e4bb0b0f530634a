"""What a training has shown of itself, as a few hundred points that a page can draw."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from math import isfinite
from typing import Any, Final

from posetransfer.errors import OutOfSpace
from posetransfer.pipeline.report import write_text
from space.jobs.folder import JobFolder

CURVE: Final = "curve.json"
POINTS: Final = 300  # of a network; when there are more, every second goes and the rest stand further apart
WRITE_SECONDS: Final = 2.0


class Curve:
    """The points of each network: seconds of training, L1, adversarial loss; and SSIM on held-out pairs when it was
    measured. Goes on from what an interrupted run wrote."""

    def __init__(self, folder: JobFolder) -> None:
        self._path = folder.path / CURVE
        self._networks: dict[str, dict[str, Any]] = _read(folder)
        self.write()  # there from the start, as the page asks for it

    def add(self, network: str, figures: Mapping[str, float]) -> None:
        """The figures of one step of "train NETWORK"; written to the disk now and then."""
        curve = self._networks.setdefault(network.removeprefix("train "), {"every": 1, "steps": [], "held_out": []})
        step, seconds = int(figures["step"]), round(figures["seconds"], 3)
        for points in (curve["steps"], curve["held_out"]):
            while points and points[-1][0] >= seconds:  # of a run that was cut off after its last save
                points.pop()
        if step % curve["every"] == 0:
            curve["steps"].append([seconds, round(figures["l1"], 4), round(figures["gan"], 4)])
        if isfinite(ssim := figures.get("ssim", float("nan"))):
            curve["held_out"].append([seconds, round(ssim, 4)])
        if len(curve["steps"]) > POINTS:
            curve["steps"], curve["every"] = curve["steps"][::2], 2 * curve["every"]
        if time.monotonic() - self._written > WRITE_SECONDS:
            self.write()

    def write(self) -> None:
        """Write curve.json. A full disk is noticed by the training itself."""
        self._written = time.monotonic()
        with suppress(OutOfSpace):
            write_text(self._path, json.dumps(self._networks))


def _read(folder: JobFolder) -> dict[str, dict[str, Any]]:
    with suppress(OSError, ValueError):
        return dict(json.loads((folder.path / CURVE).read_text(encoding="utf-8")))
    return {}
