"""The driver's measures while the driver is still performing: what retargeting goes by when nobody knows the end."""

from __future__ import annotations

from collections import deque
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any, Final

import numpy as np

from posetransfer.conditioning.window import Window, window_around
from posetransfer.errors import NoPersonFound
from posetransfer.poses.body import Body, measure_body
from posetransfer.poses.boxes import boxes_of
from posetransfer.types import Face, Pose, PoseSequence

SETTLING: Final = 2.0  # seconds of a seen person after which the measures count
KEPT_EVERY: Final = 0.2  # seconds between two poses that are kept
KEPT: Final = 300  # poses: the last minute
MEASURED_EVERY: Final = 1.0  # seconds; 4 ms for 150 poses
EASED_OVER: Final = 1.0  # seconds: time constant at which new measures are taken over, so that no body jumps


class RunningBody:
    """Measures of one driver over the last minute, in px of pictures of one size.

    body, window: None until shoulders were seen; window: the driver's own square, `window.size` being its side.
    Until `settled` every new pose is measured at once, from then on what changes is followed slowly.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self.body: Body | None = None
        self.window: Window | None = None
        self._size = size
        self._kept: deque[tuple[Pose, Face]] = deque(maxlen=KEPT)
        self._seen = 0.0
        self._since_kept = self._since_measured = np.inf
        self._measured: tuple[Body, Window] | None = None

    @property
    def settled(self) -> bool:
        """Whether the person was seen for long enough to be measured."""
        return self._seen >= SETTLING

    def step(self, pose: Pose, face: Face, seconds: float) -> None:
        """Take in the next pose and contours [68, 2]. seconds: time since the last step."""
        if (pose[:, 2] > 0).any():
            self._since_kept += seconds
            self._since_measured += seconds
            if self._since_kept >= KEPT_EVERY:
                self._kept.append((pose, face))
                self._since_kept = 0.0
                if not self.settled or self._since_measured >= MEASURED_EVERY:
                    self._measure()
            self._seen += seconds
        if self._measured is not None:
            self._ease(*self._measured, seconds / (EASED_OVER + seconds) if self.settled else 1.0)

    def _measure(self) -> None:
        poses, faces = zip(*self._kept, strict=True)
        clip = PoseSequence(np.stack(poses), np.stack(faces), self._size, Fraction(round(1 / KEPT_EVERY)))
        try:
            window = window_around(boxes_of(clip), 2, self._size)
            self._measured = measure_body(clip), window
        except NoPersonFound:
            return  # too little of the person so far
        self._since_measured = 0.0

    def _ease(self, body: Body, window: Window, share: float) -> None:
        if self.body is None or self.window is None:
            self.body, self.window = body, replace(window, size=window.side)
            return
        self.body = _between(self.body, body, share)
        left, top, side = (  # whole px: it does not creep after a person who sways
            round(getattr(self.window, name) + share * (getattr(window, name) - getattr(self.window, name)))
            for name in ("left", "top", "side")
        )
        self.window = Window(left, top, side, side)


def _between(now: Body, wanted: Body, share: float) -> Body:
    """`now`, moved to `wanted` by a share 0..1; what either does not know is as `wanted` has it."""
    moved: dict[str, Any] = {}
    for field in fields(Body):
        if field.name != "size":
            before, after = np.asarray(getattr(now, field.name)), np.asarray(getattr(wanted, field.name))
            value = np.where(np.isnan(before) | np.isnan(after), after, before + share * (after - before))
            moved[field.name] = value.astype(np.float32) if value.ndim else float(value)
    return replace(wanted, **moved)
