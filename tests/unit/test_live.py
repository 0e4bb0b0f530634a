"""A live performance: each frame from what came before it alone, one for each picture, and nobody is invented."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice

import numpy as np
import pytest

from posetransfer.checkpoints.folder import Checkpoint
from posetransfer.checkpoints.lookup import find_target
from posetransfer.errors import MethodMissing
from posetransfer.pipeline.live import LivePerformer, at_rest, standing
from posetransfer.pipeline.live_driver import GONE, Moment
from posetransfer.poses.fill import FILLED_CONFIDENCE
from posetransfer.poses.skeleton import L_ANKLE, L_WRIST, NECK, R_KNEE
from posetransfer.types import Frame
from tests.performers import KOFI, frame
from tests.threads import one_thread as one_thread

STEP = 0.04  # s
EMPTY = np.full((384, 384, 3), 90, np.uint8)


@pytest.fixture(scope="module")
def ines() -> Checkpoint:
    return find_target("ines")


@pytest.fixture(scope="module")
def networks() -> LivePerformer:
    """One for all tests: compiling its networks takes longer than they do."""
    return LivePerformer()


@pytest.fixture
def performer(networks: LivePerformer, ines: Checkpoint) -> LivePerformer:
    """It has seen nobody yet."""
    return begun(networks, ines)


def begun(performer: LivePerformer, target: Checkpoint, method: str = "knn") -> LivePerformer:
    performer.restart()
    performer.change(target, method)
    return performer


def kofi(first: int, number: int) -> list[Frame]:
    return [frame(KOFI, 150 + first + 2 * index) for index in range(number)]


def moments(pictures: list[Frame]) -> Iterator[Moment]:
    return (Moment(picture, 10 + number * STEP, number) for number, picture in enumerate(pictures))


def test_as_many_come_out_as_go_in_each_with_its_own(performer: LivePerformer) -> None:
    pictures = kofi(0, 8)
    made = list(performer.perform(moments(pictures)))
    assert [one.moment.about for one in made] == list(range(8))
    for one, picture in zip(made, pictures, strict=True):
        assert one.moment.frame is picture and one.method == "knn"
        assert one.frame is not None and one.frame.shape == (256, 256, 3) and one.frame.dtype == np.uint8
        assert one.frame[-8:, :60].mean() < 0.7 * one.frame[-8:, 180:].mean(), "the badge is dark"


def test_what_follows_makes_no_difference(performer: LivePerformer, ines: Checkpoint) -> None:
    first, so, otherwise = kofi(0, 6), kofi(80, 6), [EMPTY] * 6
    one, two = (
        [made.frame for made in list(begun(performer, ines).perform(moments(first + then)))[:6]]
        for then in (so, otherwise)
    )
    np.testing.assert_array_equal(np.stack(one), np.stack(two))  # type: ignore[arg-type]


def test_it_gives_frames_of_an_endless_driver_and_ends_with_it(performer: LivePerformer) -> None:
    closed = []

    def endless() -> Iterator[Moment]:
        try:
            for number in count():
                yield Moment(kofi(0, 1)[0], number * STEP, number)
        finally:
            closed.append(True)

    performing = performer.perform(endless())
    assert len(list(islice(performing, 3))) == 3
    performing.close()  # type: ignore[attr-defined]
    assert closed == [True]


def test_nobody_is_the_target_at_rest_and_who_leaves_is_held(performer: LivePerformer) -> None:
    gone = round(GONE / STEP) + 4
    made = list(performer.perform(moments([EMPTY] * 2 + kofi(60, 4) + [EMPTY] * gone)))
    assert [one.state for one in made[:2]] == ["nobody"] * 2
    assert [one.state for one in made[2:6]] == ["settling"] * 4
    assert made[-1].state == "nobody"
    frames = [one.frame for one in made]
    np.testing.assert_array_equal(frames[0], frames[1])
    assert not np.array_equal(frames[1], frames[5])
    np.testing.assert_array_equal(frames[-1], frames[-2])


def test_the_target_changes_while_it_runs_and_a_refusal_changes_nothing(performer: LivePerformer) -> None:
    other = find_target("kofi")
    performing = performer.perform(moments(kofi(0, 12)))
    before = next(performing)
    with pytest.raises(MethodMissing):
        performer.change(other, "pics2pics")
    assert next(performing).method == "knn"
    performer.change(other, "knn")
    after = next(performing)
    assert before.frame is not None and after.frame is not None
    assert np.abs(after.frame.astype(int) - before.frame).mean() > 10  # another person in another room
    performing.close()  # type: ignore[attr-defined]


def test_before_a_target_is_there_nothing_is_shown() -> None:
    made = list(LivePerformer().perform(moments(kofi(0, 2))))
    assert [one.frame for one in made] == [None, None] and made[-1].state == "settling"


def test_pics2pics_sees_the_driver_in_their_own_window(networks: LivePerformer, ines: Checkpoint) -> None:
    performer = begun(networks, ines, "pics2pics")
    with_room = [np.pad(picture, ((0, 0), (200, 0), (0, 0)), mode="edge") for picture in kofi(0, 3)]
    plain = [made.frame for made in performer.perform(moments(kofi(0, 3)))]
    performer.restart()
    aside = [made.frame for made in performer.perform(moments(with_room))]
    assert all(made is not None and made.shape == (256, 256, 3) for made in plain + aside)
    assert plain[2] is not None and aside[2] is not None
    assert np.abs(plain[2].astype(int) - aside[2]).mean() < 8  # where the person stands in the picture does not matter


def test_legs_out_of_the_picture_stand_under_the_neck(ines: Checkpoint) -> None:
    pose, _ = at_rest(ines.target)
    seated = pose.copy()
    seated[[R_KNEE, L_ANKLE]] = (np.nan, np.nan, 0)
    seated[L_WRIST] = (np.nan, np.nan, 0)
    seated[NECK, 0] += 20
    stood = standing(seated, ines.target.body)
    for joint in (R_KNEE, L_ANKLE):
        np.testing.assert_allclose(stood[joint], (pose[joint, 0] + 20, pose[joint, 1], FILLED_CONFIDENCE))
    assert stood[L_WRIST, 2] == 0, "arms are not put anywhere"
    others = [joint for joint in range(18) if joint not in (R_KNEE, L_ANKLE, L_WRIST)]
    np.testing.assert_array_equal(stood[others], seated[others])
