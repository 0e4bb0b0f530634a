"""How well frames between frames are made: every second true frame is dropped and made again from its neighbours."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posetransfer.evaluate.metrics import psnr, ssim
from posetransfer.interpolate.interpolator import INTERPOLATORS, Interpolator
from posetransfer.types import Frame, Progress, check_shape

EVERY: Final = 10  # frames between two reports of progress


@dataclass(frozen=True)
class Rebuilt:
    """One for each dropped frame, of the whole RGB frame: psnr in dB (100 at most), ssim 0..1; higher is better."""

    psnr: NDArray[np.float64]
    ssim: NDArray[np.float64]


class DroppedFrames:
    """The hold-out of interpolation papers on a clip of one's own, for several interpolators at once.

    Frames 1, 3, 5 ... are dropped, and made again half way between the two beside them, at half the clip's rate.
    Two frames are kept.
    """

    def __init__(self, interpolators: Sequence[str] = tuple(INTERPOLATORS)) -> None:
        """interpolators: names in INTERPOLATORS. Raises UnknownName."""
        self._makers: dict[str, Interpolator] = {name: INTERPOLATORS.resolve(name)() for name in interpolators}
        self._found: dict[str, list[tuple[float, float]]] = {name: [] for name in interpolators}
        self._kept: Frame | None = None
        self._dropped: Frame | None = None

    def add(self, frame: Frame) -> None:
        """The next true frame, RGB [H, W, 3], 11 px a side or more. Raises ShapeError if the size changes."""
        if self._kept is None:
            self._kept = frame
            return
        check_shape("Each frame of a clip", frame, self._kept.shape)
        if self._dropped is None:
            self._dropped = frame
            return
        for name, maker in self._makers.items():
            made = maker.between(self._kept, frame, [0.5])[0]
            self._found[name].append((psnr(made, self._dropped), ssim(made, self._dropped)))
        self._kept, self._dropped = frame, None

    def result(self) -> dict[str, Rebuilt]:
        """What was found up to now, by the interpolators' names; a frame dropped last cannot be made: left out."""
        columns = {name: np.array(found, np.float64).reshape(-1, 2).T for name, found in self._found.items()}
        return {name: Rebuilt(psnr=both[0], ssim=both[1]) for name, both in columns.items()}


def rebuilt(frames: Iterable[Frame]) -> Generator[Progress, None, dict[str, Rebuilt]]:
    """Every second of the true `frames` made again by each interpolator. Raises as `DroppedFrames.add`."""
    dropped = DroppedFrames()
    for index, frame in enumerate(frames):
        dropped.add(frame)
        if index % EVERY == 0:
            yield Progress("interpolation", index)
    return dropped.result()
