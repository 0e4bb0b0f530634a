"""Dense inverse search flow (Kroeger et al. 2016), the two directions made one motion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import cv2
import numpy as np

from posetransfer.interpolate.warp import Flow, Grey, grey, mixed, moved, moved_flow
from posetransfer.types import Frame

VISIBLE = 20  # grey levels: a difference that is seen as another thing, not as noise
# Share of the visible differences that moving the frames leaves over. Neighbours in real clips have a median of 0.03
# to 0.2; from here on flow came no nearer to the true frame between than a cross-dissolve, and looks worse.
CUT = 0.55


class Dis:
    """Moves both frames along one motion, the mean of the flows there and back.

    On real clips that is 0.3 dB better than moving each along its own flow, and 0.1 to 0.5 dB better and half the
    time of weighing them by forward-backward agreement. Where no motion explains the change (a jump between
    frames that never stood side by side), the nearer frame is shown: a clean cut instead of four arms.
    """

    NAME: ClassVar[str] = "dis"

    def __init__(self) -> None:
        self._search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._search.setFinestScale(1)  # half size: hands at 256 px are lost at the preset's quarter size

    def between(self, a: Frame, b: Frame, times: Sequence[float]) -> list[Frame]:
        """See `Interpolator`."""
        grey_a, grey_b = grey(a), grey(b)
        forth, back = self._flow(grey_a, grey_b), self._flow(grey_b, grey_a)
        if self._is_cut(grey_a, grey_b, self._motion(forth, back, 0.5)):
            return [a if time <= 0.5 else b for time in times]
        made = []
        for time in times:
            motion = self._motion(forth, back, time)
            made.append(mixed(moved(a, -time * motion), moved(b, (1 - time) * motion), time))
        return made

    def _flow(self, of: Grey, to: Grey) -> Flow:
        return np.asarray(self._search.calc(of, to, None), np.float32)  # type: ignore[call-overload]

    @staticmethod
    def _motion(forth: Flow, back: Flow, time: float) -> Flow:
        """From a to b, [H, W, 2] px, at the places where things are at `time`."""
        return (moved_flow(forth, -time * forth) - moved_flow(back, (time - 1) * back)) / 2

    @staticmethod
    def _is_cut(a: Grey, b: Grey, motion: Flow) -> bool:
        before = _visible(a, b)
        return before > 0 and _visible(moved(a, -motion / 2), moved(b, motion / 2)) > CUT * before


def _visible(a: Grey, b: Grey) -> float:
    """The sum of the differences above `VISIBLE`, in grey levels."""
    difference = cv2.absdiff(a, b)
    return float(difference[difference > VISIBLE].sum())
