"""Whom to follow, and following them: with a scripted estimator, so that losses and crowds are known."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from posetransfer.errors import NoPersonFound, PoseTransferError, UnknownName, WeightsMissing
from posetransfer.poses.estimator import Choice, choose, estimate_poses, follow_person, make_estimator
from posetransfer.poses.people import apart, nearest, person_box, without_doubles
from posetransfer.types import Box, Frame, Person, unseen_pose
from tests.stick_figure import STANDING

SIZE = (1000, 400)
FRAME: Frame = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)


def someone(x: float, height: float = 200) -> Person:
    """A standing figure whose middle is at x, in the vertical middle of the frame."""
    pose = np.ones((18, 3), np.float32)
    pose[:, :2] = (STANDING - 0.5) * height + (x, SIZE[1] / 2)
    box = person_box(pose)
    assert box is not None
    return Person(box, pose)


class Scripted:
    """Sees what the script says for each frame; it follows as far as somebody stands within 30 px."""

    NAME: ClassVar = "scripted"

    def __init__(self, script: list[list[Person]], hard_to_see: bool = False) -> None:
        self._script = iter(script)
        self._now: list[Person] = []
        self.thorough_looks = 0
        self._hard_to_see = hard_to_see

    def frames(self) -> Iterator[Frame]:
        for people in self._script:
            self._now = people
            yield FRAME

    def people(self, frame: Frame, *, thorough: bool = True) -> list[Person]:
        self.thorough_looks += thorough
        return self._now if thorough or not self._hard_to_see else []

    def follow(self, frame: Frame, last: Person) -> Person | None:
        close = [p for p in self._now if abs(p.box.centre[0] - last.box.centre[0]) < 30]
        return close[0] if close else None


def followed(script: list[list[Person]], choice: Choice | None = None) -> list[float | None]:
    by = Scripted(script)
    people = follow_person(by.frames(), by, choice, fps=10)
    return [None if person is None else round(person.box.centre[0]) for person in people]


LEFT, MIDDLE, RIGHT = someone(150), someone(480), someone(850)


def test_without_a_choice_the_largest_and_most_central_is_followed() -> None:
    assert choose([LEFT, MIDDLE, RIGHT], None, SIZE) is MIDDLE
    assert choose([someone(150, 390), someone(480, 60)], Choice(), SIZE).box.centre[0] < 300
    off_screen = someone(-300, 380)
    assert choose([off_screen, RIGHT], None, SIZE) is RIGHT


def test_people_are_counted_from_the_left() -> None:
    people = [RIGHT, LEFT, MIDDLE]
    assert [choose(people, Choice(person=n), SIZE) for n in (1, 2, 3)] == [LEFT, MIDDLE, RIGHT]
    with pytest.raises(NoPersonFound, match="Person 5 was asked for, but 3 people are seen"):
        choose(people, Choice(person=5), SIZE)
    with pytest.raises(NoPersonFound, match="1 person is seen"):
        choose([LEFT], Choice(person=2), SIZE)
    with pytest.raises(NoPersonFound):
        choose([], None, SIZE)


def test_a_place_means_who_stands_there_or_nearest() -> None:
    assert choose([LEFT, MIDDLE, RIGHT], Choice(at=(840, 190)), SIZE) is RIGHT
    assert choose([LEFT, MIDDLE, RIGHT], Choice(at=(0, 0)), SIZE) is LEFT
    big, small = someone(480, 380), someone(560, 100)
    assert choose([big, small], Choice(at=(560, 200)), SIZE) is small


def test_a_choice_is_one_thing() -> None:
    with pytest.raises(PoseTransferError, match="not both"):
        Choice(person=1, at=(0, 0))
    with pytest.raises(PoseTransferError, match="from 1"):
        Choice(person=0)


def test_the_one_who_walks_is_followed_past_others() -> None:
    script = [[someone(150 + 25 * i), RIGHT] for i in range(20)]
    assert followed(script, Choice(person=1)) == [150 + 25 * i for i in range(20)]


def test_people_are_counted_in_the_first_frame_that_shows_any() -> None:
    by = Scripted([[], [LEFT, MIDDLE, RIGHT], [LEFT]])
    people = follow_person(by.frames(), by, Choice(person=3))
    assert next(people) is None and (people.people_seen, people.followed) == (0, 0)
    assert next(people) is RIGHT and (people.people_seen, people.followed) == (3, 3)
    assert next(people) is None and people.people_seen == 3


def test_a_choice_that_nobody_fits_is_refused() -> None:
    with pytest.raises(NoPersonFound):
        followed([[], [LEFT, RIGHT]], Choice(person=5))


def test_a_lost_person_is_found_again_nearby_and_nobody_else_instead() -> None:
    script = [[LEFT, RIGHT]] * 2 + [[RIGHT]] * 5 + [[someone(240), RIGHT]] * 2
    assert followed(script, Choice(person=1)) == [150, 150, *[None] * 5, 240, 240]


def test_after_a_second_the_most_prominent_is_followed() -> None:
    assert followed([[LEFT]] * 2 + [[RIGHT]] * 14) == [150, 150, *[None] * 11, 850, 850, 850]


def test_after_a_second_a_chosen_person_is_whoever_is_nearest() -> None:
    far, farther = someone(600, 120), someone(900, 390)
    script = [[LEFT, RIGHT]] * 2 + [[]] * 12 + [[far, farther]] * 2
    assert followed(script, Choice(person=1))[-2:] == [600, 600]


def test_an_empty_stretch_is_looked_at_thoroughly_only_now_and_then() -> None:
    by = Scripted([[]] * 300)
    assert list(follow_person(by.frames(), by)) == [None] * 300
    assert by.thorough_looks < 30


def test_somebody_hard_to_see_is_found_before_long() -> None:
    by = Scripted([[]] * 2 + [[LEFT, RIGHT]] * 10, hard_to_see=True)
    people = follow_person(by.frames(), by)
    assert [person is not None for person in people].index(True) <= 7
    assert people.people_seen == 2


def test_poses_are_given_for_every_frame_and_the_source_is_closed() -> None:
    closed = []

    def endless() -> Iterator[Frame]:
        try:
            yield from itertools.repeat(FRAME)
        finally:
            closed.append(True)

    by = Scripted([])
    poses = estimate_poses(endless(), by)
    for pose in itertools.islice(poses, 3):
        np.testing.assert_array_equal(pose, unseen_pose())
    poses.close()  # type: ignore[attr-defined]
    assert closed


def test_a_box_holds_the_body_with_head_and_hands() -> None:
    pose = MIDDLE.pose
    box = person_box(pose)
    assert box is not None
    low, high = pose[:, :2].min(axis=0), pose[:, :2].max(axis=0)
    assert box.x0 < low[0] - 10 and box.y0 < low[1] - 10 and box.x1 > high[0] + 10 and box.y1 > high[1] + 10
    assert person_box(unseen_pose()) is None
    one_joint = unseen_pose()
    one_joint[3] = (5, 6, 1)
    assert person_box(one_joint) is not None


def test_distance_is_in_sizes_of_the_body() -> None:
    size = max(MIDDLE.box.width, MIDDLE.box.height)
    assert apart(MIDDLE, someone(480 + size / 4)) == pytest.approx(0.25)
    hidden = Person(Box(0, 0, 10, 10), unseen_pose())
    assert np.isfinite(apart(MIDDLE, hidden))
    assert nearest([], MIDDLE) == (None, np.inf)


def test_the_same_person_is_kept_once() -> None:
    assert without_doubles([LEFT, someone(155), RIGHT]) == [LEFT, RIGHT]


def test_unknown_names_and_missing_weights_are_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnknownName, match="mediapipe"):
        make_estimator("nobody")
    monkeypatch.delenv("POSETRANSFER_OPENPOSE", raising=False)
    monkeypatch.setenv("POSETRANSFER_HOME", str(tmp_path))
    with pytest.raises(WeightsMissing, match=r"hub weights openpose\. Or put human-pose-estimation-0001\.xml and"):
        make_estimator("openpose")
    monkeypatch.setenv("POSETRANSFER_OPENPOSE", str(tmp_path / "none.xml"))
    with pytest.raises(WeightsMissing, match=r"none\.xml"):
        make_estimator("openpose")
    (tmp_path / "broken.onnx").write_bytes(b"not a network")
    with pytest.raises(WeightsMissing, match=r"broken\.onnx cannot be read"):
        make_estimator("openpose", weights=tmp_path / "broken.onnx")
    monkeypatch.setattr("posetransfer.places.find_spec", lambda name: None)
    with pytest.raises(WeightsMissing, match="pip install"):
        make_estimator("mediapipe")
