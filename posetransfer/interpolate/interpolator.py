"""Frames between frames: more of them a second, or fewer to make and the rest filled in."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import ClassVar, Protocol

import numpy as np

from posetransfer.errors import PoseTransferError
from posetransfer.plugins import Registry
from posetransfer.streams import closing_source
from posetransfer.types import Frame, check_shape

INTERPOLATORS = Registry(
    "interpolator",
    {
        "dis": "posetransfer.interpolate.dis:Dis",
        "farneback": "posetransfer.interpolate.farneback:Farneback",
        "blend": "posetransfer.interpolate.blend:Blend",
        "double": "posetransfer.interpolate.double:Double",
    },
)


class Interpolator(Protocol):
    """Makes what lies between two frames of one size."""

    NAME: ClassVar[str]

    def between(self, a: Frame, b: Frame, times: Sequence[float]) -> list[Frame]:
        """The frames at `times` (0 is a, 1 is b, ascending, ends excluded); what they share is computed once."""
        ...


def interpolate(frames: Iterable[Frame], by: str, factor: int) -> Generator[Frame, None, None]:
    """`factor` frames for each of `frames` [H, W, 3]: itself, then those on the way to the next; the last is repeated.

    Lazy: a frame is passed on before the next is asked for. `by`: a name in INTERPOLATORS. Raises UnknownName,
    PoseTransferError for a factor below 1, ShapeError if the frames' size changes.
    """
    if factor < 1:
        raise PoseTransferError(f"The number of frames for each frame must be 1 or more, not {factor}.")
    maker: Interpolator = INTERPOLATORS.resolve(by)()
    return _multiplied(frames, maker, [step / factor for step in range(1, factor)])


def fill_between_keyframes(keyframes: Iterable[Frame], by: str, every: int, count: int) -> Iterator[Frame]:
    """`count` frames at the rate of the clip from which only frames 0, every, 2 * every ... were made.

    Those are passed on untouched and the others filled in; behind the last one there is none to go to, and it is
    held. Laziness and errors are those of `interpolate`.
    """
    with closing(interpolate(keyframes, by, every)) as frames:
        yield from islice(frames, count)


def _multiplied(frames: Iterable[Frame], maker: Interpolator, times: Sequence[float]) -> Generator[Frame, None, None]:
    last: Frame | None = None
    with closing_source(frames) as source:
        for frame in source:
            if last is not None:
                check_shape("Each frame of a stream", frame, last.shape)
                # no flow for nothing: at factor 1, and as k-NN holds frames, between which and themselves nothing lies
                still = not times or np.array_equal(last, frame)
                yield from [last] * len(times) if still else maker.between(last, frame, times)
            yield frame
            last = frame
        if last is not None:
            yield from [last] * len(times)
