"""Whether a clip's camera stands still: corners of the room are looked for again in other frames."""

from __future__ import annotations

from typing import Any, Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from posetransfer.interpolate.warp import Grey
from posetransfer.types import Box, Frame

WIDTH: Final = 320  # px at which is looked
CORNERS: Final = 200
FEWEST: Final = 8  # corners, below which nothing can be told
SHIFT: Final = 0.004  # of the width: a camera on a tripod stays under a tenth of this
SHARE: Final = 0.2  # of the pictures that are shifted

Verdict = Literal["still", "moving", "unknown"]


class Camera:
    """Given frames spread over a clip, says whether the camera moved between them."""

    def __init__(self) -> None:
        self._first: Grey | None = None
        self._corners: NDArray[np.float32] = np.zeros((0, 1, 2), np.float32)
        self._shifts: list[float] = []

    def add(self, frame: Frame, person: Box | None) -> None:
        """The next frame, and the box of the person in it, px: what moves there does not count."""
        scale = WIDTH / frame.shape[1]
        small = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)
        if self._first is None:
            self._begin(grey, person, scale)
            return
        if len(self._corners) < FEWEST:
            return
        found, known, _ = _followed(self._first, grey, self._corners)
        back, again, _ = _followed(grey, self._first, found)
        sure = (known & again).ravel().astype(bool)
        sure &= np.linalg.norm(back - self._corners, axis=2).ravel() < 0.5
        if person is not None:
            x, y = (found.reshape(-1, 2) / scale).T
            sure &= ~((x > person.x0) & (x < person.x1) & (y > person.y0) & (y < person.y1))
        if sure.sum() >= FEWEST:
            shifts = np.linalg.norm(found - self._corners, axis=2).ravel()[sure]
            self._shifts.append(float(np.median(shifts)) / WIDTH)

    @property
    def verdict(self) -> Verdict:
        """What the frames given up to now say; "unknown" before a plain wall, or after one frame."""
        if not self._shifts:
            return "unknown"
        return "moving" if np.mean(np.array(self._shifts) > SHIFT) > SHARE else "still"

    def _begin(self, grey: Grey, person: Box | None, scale: float) -> None:
        room = np.full(grey.shape, 255, np.uint8)
        if person is not None:
            x0, y0, x1, y1 = (max(round(side * scale), 0) for side in person)
            room[y0:y1, x0:x1] = 0
        corners = cv2.goodFeaturesToTrack(grey, CORNERS, 0.01, 5, mask=room)
        self._first = grey
        self._corners = np.zeros((0, 1, 2), np.float32) if corners is None else np.asarray(corners, np.float32)


def _followed(of: Grey, to: Grey, points: NDArray[np.float32]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Lucas-Kanade: where the points [N, 1, 2] px of one picture are in the other, whether they were found, error."""
    found, known, error = cv2.calcOpticalFlowPyrLK(of, to, points, None)  # type: ignore[call-overload]
    return np.asarray(found), np.asarray(known), np.asarray(error)
