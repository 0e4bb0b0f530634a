"""People put together from drawn heat maps and part affinity fields."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from posetransfer.poses.openpose_parts import LIMBS, find_limbs, find_peaks, find_people
from tests.stick_figure import STANDING

HEIGHT, WIDTH = 46, 60
Floats = NDArray[np.float32]


def figure(x: float, y: float, size: float = 34.0) -> Floats:
    """A standing figure's 18 joints [18, 2] in cells, its upper left corner at x, y."""
    return (STANDING * size * (0.8, 1) + (x - size * 0.25, y)).astype(np.float32)


def maps_of(people: list[Floats]) -> tuple[Floats, Floats]:
    """What a perfect network would say: [h, w, 19] bumps of one cell's breadth, [h, w, 38] unit vectors on limbs."""
    heat, fields = np.zeros((HEIGHT, WIDTH, 19), np.float32), np.zeros((HEIGHT, WIDTH, 38), np.float32)
    cells = np.stack(np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT)), axis=-1) + 0.5
    for joints in people:
        for joint, place in enumerate(joints):
            if np.isfinite(place).all():
                bump = np.exp(-((cells - place) ** 2).sum(axis=-1) / 2)
                heat[:, :, joint] = np.maximum(heat[:, :, joint], bump)
        for index, (a, b) in enumerate(LIMBS):
            if not np.isfinite(joints[[a, b]]).all():
                continue
            length = np.linalg.norm(joints[b] - joints[a])
            along = (joints[b] - joints[a]) / length
            reach = (cells - joints[a]) @ along
            aside = np.abs((cells - joints[a]) @ np.array((-along[1], along[0])))
            fields[(reach > -1) & (reach < length + 1) & (aside < 1), 2 * index : 2 * index + 2] = along
    return heat, fields


def test_one_person_is_found_to_a_part_of_a_cell() -> None:
    joints = figure(20, 4)
    [person] = find_people(*maps_of([joints]))
    assert person.shape == (18, 3) and person.dtype == np.float32
    np.testing.assert_allclose(person[:, :2], joints, atol=0.15)
    assert (person[:, 2] > 0.7).all()


def test_two_people_keep_their_own_joints() -> None:
    left, right = figure(5, 4), figure(32, 8)
    people = sorted(find_people(*maps_of([right, left])), key=lambda person: person[0, 0])
    assert len(people) == 2
    for person, joints in zip(people, (left, right), strict=True):
        np.testing.assert_allclose(person[:, :2], joints, atol=0.2)


def test_people_who_overlap_keep_their_own_joints() -> None:
    left, right = figure(14, 4), figure(20, 6)
    people = sorted(find_people(*maps_of([left, right])), key=lambda person: person[0, 0])
    assert len(people) == 2
    arms = [2, 3, 4, 5, 6, 7]
    np.testing.assert_allclose(people[0][arms, :2], left[arms], atol=0.6)
    np.testing.assert_allclose(people[1][arms, :2], right[arms], atol=0.6)


def test_a_hidden_joint_is_unseen_and_the_rest_stays() -> None:
    joints = figure(20, 4)
    joints[4] = np.nan
    [person] = find_people(*maps_of([joints]))
    np.testing.assert_array_equal(person[4], (np.nan, np.nan, 0))
    assert (person[:, 2] > 0).sum() == 17


def test_ears_join_a_head_that_has_lost_its_neck() -> None:
    joints = figure(20, 4)
    joints[1] = np.nan  # without the neck, shoulders and head hang together by the limbs from shoulder to ear
    people = find_people(*maps_of([joints]))
    biggest = max(people, key=lambda person: (person[:, 2] > 0).sum())
    assert (biggest[[0, 2, 3, 4, 5, 6, 7, 14, 15, 16, 17], 2] > 0).all()


def test_too_few_joints_are_nobody() -> None:
    joints = figure(20, 4)
    joints[[i for i in range(18) if i not in (2, 3, 4)]] = np.nan
    assert find_people(*maps_of([joints])) == []


def test_empty_maps_are_nobody() -> None:
    assert find_people(np.zeros((8, 9, 19), np.float32), np.zeros((8, 9, 38), np.float32)) == []


def test_joints_without_a_field_between_them_are_nobody() -> None:
    heat, fields = maps_of([figure(20, 4)])
    assert find_people(heat, np.zeros_like(fields)) == []


@pytest.mark.parametrize("place", [(0.5, 0.5), (59.5, 45.5), (30.0, 45.5), (30.0, 20.0), (17.3, 22.8)])
def test_a_peak_is_found_to_a_part_of_a_cell_also_at_the_edge(place: tuple[float, float]) -> None:
    joints = np.full((18, 2), np.nan, np.float32)
    joints[0] = place
    heat, _ = maps_of([joints])
    [[x, y, height]] = find_peaks(heat[:, :, 0])
    assert abs(x - place[0]) <= 0.5 and abs(y - place[1]) <= 0.5 and 0.8 < height < 1.2


def test_a_flat_map_does_not_take_for_ever() -> None:
    assert len(find_peaks(np.ones((HEIGHT, WIDTH), np.float32))) <= 200


def test_a_peak_is_taken_once_and_by_the_better_limb() -> None:
    starts = np.array([(10, 10, 1), (10, 14, 1)], np.float32)
    ends = np.array([(20, 10, 1)], np.float32)
    field = np.zeros((HEIGHT, WIDTH, 2), np.float32)
    field[8:16, :, 0] = 1
    [limb] = find_limbs(starts, ends, field)
    assert (limb.start, limb.end) == (0, 0) and limb.score == pytest.approx(1, abs=1e-3)


def test_a_field_that_points_the_other_way_joins_nothing() -> None:
    starts, ends = np.array([(10, 10, 1)], np.float32), np.array([(20, 10, 1)], np.float32)
    field = np.zeros((HEIGHT, WIDTH, 2), np.float32)
    field[..., 0] = -1
    assert find_limbs(starts, ends, field) == []
