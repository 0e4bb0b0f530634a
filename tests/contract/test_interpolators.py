"""Every interpolator keeps these laws."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice

import numpy as np
import pytest

from posetransfer.interpolate.interpolator import INTERPOLATORS, fill_between_keyframes, interpolate
from posetransfer.types import Frame
from tests.stick_figure import picture, pose_at

SIZE = 96


def performance(moments: Iterator[int] | range) -> Iterator[Frame]:
    return (picture(pose_at(moment, SIZE), SIZE) for moment in moments)


@pytest.fixture(params=list(INTERPOLATORS))
def by(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_name_is_the_registered_one(by: str) -> None:
    name = INTERPOLATORS.resolve(by)().NAME
    assert name == by


@pytest.mark.parametrize("factor", [1, 2, 3, 5])
def test_n_frames_become_n_times_factor_and_stay_untouched(by: str, factor: int) -> None:
    frames = list(performance(range(4)))
    made = list(interpolate(frames, by, factor))
    assert len(made) == 4 * factor
    for frame, kept in zip(frames, made[::factor], strict=True):
        np.testing.assert_array_equal(kept, frame)
    for frame in made:
        assert frame.shape == (SIZE, SIZE, 3) and frame.dtype == np.uint8 and frame.flags.c_contiguous
    for held in made[3 * factor :]:
        np.testing.assert_array_equal(held, frames[3])


def test_factor_one_is_identity(by: str) -> None:
    frames = list(performance(range(3)))
    assert all(after is before for before, after in zip(frames, interpolate(frames, by, 1), strict=True))


def test_between_a_frame_and_itself_is_the_frame(by: str) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (SIZE, SIZE, 3), dtype=np.uint8)
    for frame in interpolate([noise, noise.copy()], by, 4):
        np.testing.assert_array_equal(frame, noise)


def test_times_are_in_order(by: str) -> None:
    """On the way from a to b a frame is ever less like a and ever more like b."""
    a, b = performance(range(2, 4))
    made = np.stack(INTERPOLATORS.resolve(by)().between(a, b, [0.25, 0.5, 0.75])).astype(float)
    from_a, from_b = np.abs(made - a).mean(axis=(1, 2, 3)), np.abs(made - b).mean(axis=(1, 2, 3))
    assert (np.diff(from_a) >= 0).all() and (np.diff(from_b) <= 0).all() and from_a[2] > from_b[2]


def test_an_endless_stream_gives_frames_at_once_and_is_closed(by: str) -> None:
    closed = []

    def endless() -> Iterator[Frame]:
        try:
            yield from performance(count())
        finally:
            closed.append(True)

    stream = interpolate(endless(), by, 3)
    assert len(list(islice(stream, 5))) == 5
    stream.close()
    assert closed == [True]


def test_a_frame_is_passed_on_before_the_next_is_asked_for(by: str) -> None:
    asked = []

    def source() -> Iterator[Frame]:
        for moment in range(3):
            asked.append(moment)
            yield picture(pose_at(moment, SIZE), SIZE)

    stream = interpolate(source(), by, 2)
    next(stream)
    assert asked == [0]
    stream.close()


def test_nothing_in_nothing_out(by: str) -> None:
    assert list(interpolate([], by, 3)) == []
    assert list(fill_between_keyframes([], by, 3, 0)) == []


@pytest.mark.parametrize("frames", [1, 3, 6, 7, 8])
def test_keyframes_are_filled_up_to_the_clips_own_count(by: str, frames: int) -> None:
    clip = list(performance(range(frames)))
    made = list(fill_between_keyframes(clip[::3], by, 3, frames))
    assert len(made) == frames
    for key in range(0, frames, 3):
        np.testing.assert_array_equal(made[key], clip[key])
