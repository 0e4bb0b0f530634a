"""The paper's interpolation: Farneback's flow, standing for Butterflow, which renders by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import cv2
import numpy as np

from posetransfer.interpolate.warp import Flow, Grey, grey, mixed, moved
from posetransfer.types import Frame

# pyramid scale, levels, window, iterations, neighbourhood, its sigma, flags: those of OpenCV's own example
PARAMETERS = (0.5, 3, 15, 3, 5, 1.2, 0)


class Farneback:
    """Each frame is moved along its own flow (Farneback 2003) to the moment asked for, and the two are mixed."""

    NAME: ClassVar[str] = "farneback"

    def between(self, a: Frame, b: Frame, times: Sequence[float]) -> list[Frame]:
        """See `Interpolator`."""
        grey_a, grey_b = grey(a), grey(b)
        forth, back = self._flow(grey_a, grey_b), self._flow(grey_b, grey_a)
        return [mixed(moved(a, -time * forth), moved(b, (time - 1) * back), time) for time in times]

    @staticmethod
    def _flow(of: Grey, to: Grey) -> Flow:
        return np.asarray(cv2.calcOpticalFlowFarneback(of, to, None, *PARAMETERS), np.float32)  # type: ignore[call-overload]
