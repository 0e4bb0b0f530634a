"""Whether a made clip is steady: warp error and background flicker. Both compare with a true clip.

Warp error and flicker have their floor beside them: what the true clip itself gets, some 2e-5 to 2e-4 and 0.9 to 1.1
grey levels on camera footage. Both reward standing still: a mean image gets less than the truth. So they are read
beside a figure of likeness, never alone; tLP has no such hole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from posetransfer.interpolate.warp import Flow, Grey, grey, moved, moved_flow
from posetransfer.types import Frame, check_shape

STATIC: Final = 3.0  # grey levels: a pixel whose true colours vary less (std over the clip) is background
NOTHING: Final = float("nan")


@dataclass(frozen=True)
class Steps:
    """[T - 1] one for each frame but the first: of the made clip, and of the true one as the floor."""

    made: NDArray[np.float64]
    floor: NDArray[np.float64]


@dataclass(frozen=True)
class Motion:
    """Of a true frame: back, [H, W, 2] px to where each pixel was in the frame before; visible, [H, W]: if it was."""

    back: Flow
    visible: NDArray[np.bool_]


class TrueMotion:
    """The motion of a true clip, frame by frame; computed once for all the made clips that are held against it."""

    def __init__(self) -> None:
        self._search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
        self._last: Grey | None = None

    def add(self, true: Frame) -> Motion | None:
        """The motion to the next frame; None for the first. Raises ShapeError."""
        level, before = grey(true), self._last
        self._last = level
        if before is None:
            return None
        check_shape("Each frame of a clip", level, before.shape)
        back = self._flow(level, before)
        return Motion(back, was_visible(back, self._flow(before, level)))

    def _flow(self, of: Grey, to: Grey) -> Flow:
        return np.asarray(self._search.calc(of, to, None), np.float32)  # type: ignore[call-overload]


class WarpError:
    """E_warp of Lai et al. 2018, "Learning Blind Video Temporal Consistency", with the flow of the true frames.

    For each frame: sum of M (x_t - W(x_t-1))^2 / sum of M over pixels and colours, RGB in 0..1. W moves the frame
    before along the true flow (DIS, preset medium); M is 1 where the pixel was to be seen before, by the tests of
    Ruder et al. 2016: flow there and back again end within 0.01 (|w|^2 + |v|^2) + 0.5 px^2 of the start, and no edge
    of motion runs through. 0 and up, in squares of the range 0..1; 1e-3 is 8 grey levels of 255. One moment is kept.
    """

    def __init__(self) -> None:
        self._last: tuple[Frame, Frame] | None = None
        self._made: list[float] = []
        self._floor: list[float] = []

    def add(self, made: Frame, true: Frame, motion: Motion | None) -> None:
        """The next moment of the clip, RGB [H, W, 3] of one size, and the true frame's motion. Raises ShapeError."""
        check_shape("The true frame", true, made.shape)
        if self._last is not None and motion is not None:
            made_before, true_before = self._last
            check_shape("Each frame of a clip", made, made_before.shape)
            self._made.append(_masked_error(made, moved(made_before, motion.back), motion.visible))
            self._floor.append(_masked_error(true, moved(true_before, motion.back), motion.visible))
        self._last = made, true

    def result(self) -> Steps:
        """What was found up to now; nan for a frame of which nothing was to be seen before."""
        return Steps(np.array(self._made, np.float64), np.array(self._floor, np.float64))


def was_visible(back: Flow, forth: Flow) -> NDArray[np.bool_]:
    """[H, W]: the pixels of a frame that the frame before shows too.

    back: [H, W, 2] px from the frame to the one before; forth: the reverse.
    """
    height, width = back.shape[:2]
    returning = moved_flow(forth, back)
    lost = _squares(back + returning) > 0.01 * (_squares(back) + _squares(returning)) + 0.5
    down, across = np.gradient(back, axis=(0, 1))
    edge = _squares(down) + _squares(across) > 0.01 * _squares(back) + 0.002
    x, y = np.arange(width) + back[..., 0], np.arange(height)[:, None] + back[..., 1]
    inside = (x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)
    return np.asarray(inside & ~lost & ~edge, np.bool_)


def _squares(flow: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.square(flow).sum(axis=-1), np.float32)


def _masked_error(frame: Frame, before: Frame, visible: NDArray[np.bool_]) -> float:
    off = frame[visible].astype(np.float64) - before[visible]
    return float(np.square(off / 255).mean()) if off.size else NOTHING


@dataclass(frozen=True)
class FlickerScore:
    """Mean standard deviation over time, in grey levels 0..255, of the pixels that are static in the true clip.

    made; floor: of the true clip; static: share 0..1 of the picture that is static. nan where nothing is.
    """

    made: float
    floor: float
    static: float


class Flicker:
    """How much the background moves where it should stand still; the picture of running variances is all it keeps."""

    def __init__(self) -> None:
        self._made = _Variance()
        self._true = _Variance()

    def add(self, made: Frame, true: Frame) -> None:
        """The next moment of the clip, RGB [H, W, 3] of one size. Raises ShapeError."""
        check_shape("The true frame", true, made.shape)
        self._made.add(made)
        self._true.add(true)

    def result(self) -> FlickerScore:
        """What was found up to now."""
        if self._true.count < 2:
            return FlickerScore(NOTHING, NOTHING, NOTHING)
        made, true = self._made.deviation(), self._true.deviation()
        static = true.max(axis=-1) < STATIC
        if not static.any():
            return FlickerScore(NOTHING, NOTHING, 0.0)
        return FlickerScore(float(made[static].mean()), float(true[static].mean()), float(static.mean()))


class _Variance:
    """Each pixel's variance over time, by Welford's recurrence (1962), which does not lose digits."""

    def __init__(self) -> None:
        self.count = 0
        self._mean: NDArray[np.float64] = np.zeros(())
        self._squares: NDArray[np.float64] = np.zeros(())

    def add(self, frame: Frame) -> None:
        if self.count:
            check_shape("Each frame of a clip", frame, self._mean.shape)
        self.count += 1
        off = frame - self._mean
        self._mean = self._mean + off / self.count
        self._squares = self._squares + off * (frame - self._mean)

    def deviation(self) -> NDArray[np.float64]:
        """[H, W, 3] grey levels."""
        return np.asarray(np.sqrt(self._squares / self.count), np.float64)
