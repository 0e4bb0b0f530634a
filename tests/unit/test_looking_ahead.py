"""Following with a look at the frame after next: which frames are taken, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from posetransfer.poses.crop import Region
from posetransfer.poses.estimator import follow_person
from posetransfer.poses.mediapipe import STALE, MediaPipe
from posetransfer.poses.mediapipe_decode import moves
from posetransfer.poses.people import person_box
from posetransfer.types import Frame, Person, Pose, unseen_pose
from posetransfer.video.read import read_frames
from tests.performers import INES, KOFI, video
from tests.stick_figure import STANDING

JUMP = 60  # px


def numbered(count: int) -> Iterator[Frame]:
    for number in range(count):
        yield np.full((2, 2, 3), number, np.uint8)


def someone(x: float) -> Person:
    pose = np.ones((18, 3), np.float32)
    pose[:, :2] = STANDING * 200 + (x, 0)
    box = person_box(pose)
    assert box is not None
    return Person(box, pose)


class Scripted:
    """One person, at 10 px times the frame's number; nobody in the frames that `gone` names."""

    NAME: ClassVar = "scripted"
    weights = Path("scripted")

    def __init__(self, gone: set[int]) -> None:
        self._gone = gone
        self.done: list[tuple[str, int]] = []

    def people(self, frame: Frame, *, thorough: bool = True) -> list[Person]:
        return [] if frame[0, 0, 0] in self._gone else [someone(10 * float(frame[0, 0, 0]))]

    def follow(self, frame: Frame, last: Person) -> Person | None:
        self.done.append(("follow", int(frame[0, 0, 0])))
        return next(iter(self.people(frame)), None)


class Expecting(Scripted):
    def expect(self, frame: Frame, last: Person) -> None:
        self.done.append(("expect", int(frame[0, 0, 0])))


def test_the_frame_after_next_is_begun_before_the_next_is_done_with() -> None:
    by = Expecting(set())
    assert all(follow_person(numbered(4), by, ahead=True))
    assert by.done == [("expect", 2), ("follow", 1), ("expect", 3), ("follow", 2), ("follow", 3)]


def test_nothing_is_begun_while_nobody_is_followed() -> None:
    by = Expecting({2, 3})
    seen = [person is not None for person in follow_person(numbered(6), by, ahead=True)]
    assert seen == [True, True, False, False, True, True]
    assert by.done == [("expect", 2), ("follow", 1), ("expect", 3), ("follow", 2), ("follow", 5)]


@pytest.mark.parametrize(("by", "ahead"), [(Expecting(set()), False), (Scripted(set()), True)])
def test_no_frame_is_taken_early_without_need(by: Scripted, ahead: bool) -> None:
    taken = []
    frames = (taken.append(number) or frame for number, frame in enumerate(numbered(9)))  # type: ignore[func-returns-value]
    following = follow_person(frames, by, ahead=ahead)
    assert len(list(islice(following, 3))) == 3 and len(taken) == 3
    assert [what for what, _ in by.done] == ["follow", "follow"]


def followed(frames: list[Frame], ahead: bool) -> Pose:
    persons = follow_person(frames, MediaPipe(1), fps=25, ahead=ahead)
    return np.stack([unseen_pose() if person is None else person.pose for person in persons])


def off(one: Pose, other: Pose) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Mean distance of the joints in each frame, px."""
    both: np.ndarray[tuple[int], np.dtype[np.float32]] = np.nanmean(
        np.linalg.norm((one - other)[..., :2], axis=-1), axis=1
    )
    return both


def reel(name: str, count: int) -> list[Frame]:
    frames = read_frames(video(name)[0])
    some = list(islice(frames, count))
    frames.close()
    return some


@pytest.mark.parametrize("name", [INES, KOFI])
def test_blazepose_finds_the_same_ahead(name: str) -> None:
    frames = reel(name, 40)
    alone, ahead = followed(frames, False), followed(frames, True)
    assert np.array_equal(alone[..., 2] > 0, ahead[..., 2] > 0)
    assert 0 < off(alone, ahead).max() < 3 and off(alone, ahead).mean() < 1.5  # px of 384


def test_a_person_who_jumps_is_looked_at_again() -> None:
    """A cut to the same picture further right: from the second frame on the stale place is no good."""
    there = reel(INES, 1)[0]
    frames = [there] * 6 + [np.roll(there, JUMP, axis=1)] * 6
    alone, ahead = followed(frames, False), followed(frames, True)
    assert off(alone, ahead).max() < 1
    assert abs(np.median(ahead[-1, :, 0] - ahead[0, :, 0]) - JUMP) < 3


def test_a_look_that_is_not_asked_for_is_given_up() -> None:
    """Begun and then never followed up, twice: the network must be free for the next all the same."""
    frames, by = reel(INES, 6), MediaPipe(1)
    (person,) = by.people(frames[0])
    followed = by.follow(frames[1], person)
    assert followed is not None
    for frame in frames[2:5]:
        by.expect(frame, followed)
    assert by.follow(frames[5], followed) is not None
    by.expect(frames[2], followed)
    assert len(by.people(frames[0])) == 1


def test_with_the_machines_cores_for_one_look_nothing_is_begun() -> None:
    frames, by = reel(INES, 2), MediaPipe()
    (person,) = by.people(frames[0])
    by.expect(frames[1], person)
    assert not by._expected


def test_how_far_a_region_moved_is_in_sizes_of_the_body() -> None:
    here = Region(100, 100, 125)
    assert moves(here, here).max() == 0
    assert moves(here, replace(here, x=105)).max() == pytest.approx(0.05)
    assert moves(here, replace(here, angle=0.05)).max() < STALE < moves(here, replace(here, side=140)).max()
