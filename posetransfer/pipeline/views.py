"""The files beside a result: what it was made from, its steps, and all in one row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from posetransfer.conditioning.pose_frames import draw_pose_frame
from posetransfer.pipeline.canvas import Canvas
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.made import Rendering, driver_pictures
from posetransfer.pipeline.side_by_side import SideBySide
from posetransfer.provenance.label import labelled
from posetransfer.streams import closing_source
from posetransfer.types import Frame
from posetransfer.video.write import VideoWriter

MADE = ("raw", "aligned", "side-by-side")  # views of a person who did not perform it: labelled and signed
DRIVING_SIDE = 640  # px of the driving view's longer side: it is looked at, not worked on

Open = Callable[[Path, tuple[int, int], Fraction, bool], VideoWriter]  # path, size, rate, whether it is made


def named(out: Path, view: str) -> Path:
    """Where the file `view` beside the result `out` is written."""
    return out.with_name(f"{out.stem}-{view}{out.suffix}")


def view_paths(out: Path, *, views: bool, side_by_side: bool, aligned: bool, interpolated: bool) -> dict[str, Path]:
    """The views by name. Without a step its view is that of the step before; the last one is the result itself."""
    paths = {}
    if views:
        paths = {name: named(out, name) for name in ("driving", "skeleton", "raw")}
        paths["aligned"] = named(out, "aligned") if aligned else paths["raw"]
        if interpolated:
            paths["interpolated"] = out
        else:
            last = paths["aligned"]
            paths = {name: out if path == last else path for name, path in paths.items()}
    if side_by_side:
        paths["side-by-side"] = named(out, "side-by-side")
    return paths


class Beside:
    """Writes the files beside a result, frame by frame as it grows.

    open_: makes a file's writer; stack: closes them all, for better or worse.
    """

    def __init__(
        self, rendering: Rendering, out: Path, canvas: Canvas, fps: Fraction, stack: ExitStack, open_: Open,
        clock: StageClock,
    ) -> None:  # fmt: skip
        options, driven = rendering.options, rendering.driven
        interpolated = options.interpolate > 1 or options.keyframe_every > 1
        self.paths = view_paths(
            out,
            views=options.views,
            side_by_side=options.side_by_side,
            aligned=options.alignment != "off",
            interpolated=interpolated,
        )
        self._rendering, self._canvas, self._clock = rendering, canvas, clock
        self._made = 0
        self._left: Frame | None = None
        self._row = SideBySide(canvas.size, rendering.picture)
        self._sizes = {
            "driving": _at_most(rendering.picture, DRIVING_SIDE),
            "skeleton": (driven.size[0], driven.size[0]),
            "raw": canvas.size,
            "aligned": canvas.size,
            "side-by-side": self._row.size,
        }
        own = {path: name for name, path in reversed(self.paths.items()) if path != out}
        self._writers = {
            name: stack.enter_context(
                open_(path, self._sizes[name], fps if name == "side-by-side" else driven.fps, name in MADE)
            )
            for path, name in own.items()
        }
        self._pictures: Iterator[Frame] = (
            stack.enter_context(closing_source(driver_pictures(rendering, clock))) if own else iter(())
        )

    def raw(self, frame: Frame) -> None:
        """A frame as the method made it, in the target's window."""
        self._write_made("raw", frame)

    def aligned(self, frame: Frame) -> None:
        """The same frame after its alignment."""
        self._write_made("aligned", frame)

    def shown(self, frame: Frame) -> None:
        """The next frame of the result, on its canvas and labelled."""
        moment, again = divmod(self._made, self._rendering.options.interpolate)
        self._made += 1
        if not again:
            self._next_moment(moment)
        if "side-by-side" in self._writers and self._left is not None:
            self._writers["side-by-side"].write(self._row.row(self._left, frame))

    def _next_moment(self, moment: int) -> None:
        picture = next(self._pictures, None)
        if picture is None:
            return
        driven = self._rendering.driven
        skeleton = draw_pose_frame(driven.joints[moment], driven.faces[moment], driven.size[0], "limbs")
        if "driving" in self._writers:
            seen = cv2.resize(picture, self._sizes["driving"], interpolation=cv2.INTER_AREA)
            self._writers["driving"].write(np.ascontiguousarray(seen))
        if "skeleton" in self._writers:
            self._writers["skeleton"].write(skeleton)
        if "side-by-side" in self._writers:
            self._left = self._row.left(picture, skeleton)

    def _write_made(self, view: str, frame: Frame) -> None:
        if view in self._writers:
            with self._clock.stage("write"):
                self._writers[view].write(labelled(self._canvas.pasted(frame)))


def _at_most(size: tuple[int, int], side: int) -> tuple[int, int]:
    """`size` scaled down so that no side is longer than `side` px, and even."""
    scale = min(side / max(size), 1.0)
    return max(round(size[0] * scale / 2) * 2, 2), max(round(size[1] * scale / 2) * 2, 2)
