"""The laws every pose estimator keeps."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from posetransfer.poses.estimator import ESTIMATORS, PoseEstimator, estimate_poses, make_estimator
from posetransfer.poses.people import apart
from posetransfer.poses.skeleton import L_EYE, L_HIP, L_SHOULDER, R_EYE, R_HIP, R_SHOULDER
from posetransfer.types import JOINTS, Frame, Person, PoseSequence, unseen_pose
from tests.performers import INES, KOFI, frame, pose


@pytest.fixture(scope="module", params=list(ESTIMATORS))
def estimator(request: pytest.FixtureRequest) -> PoseEstimator:
    if request.param == "openpose":
        folder: Path = request.getfixturevalue("real_data")
        return make_estimator("openpose", weights=folder / "weights" / "human-pose-estimation-0001.xml", threads=2)
    return make_estimator(request.param, threads=2)


@pytest.fixture(scope="module")
def portrait() -> Frame:
    """A rendered performer, head to feet, 384 x 384."""
    return frame(INES)


def test_it_has_the_name_it_is_registered_under(estimator: PoseEstimator) -> None:
    assert ESTIMATORS.resolve(estimator.NAME) is type(estimator)


def test_as_many_poses_as_frames(estimator: PoseEstimator, portrait: Frame) -> None:
    blank = np.zeros_like(portrait)
    poses = list(estimate_poses([blank, portrait, portrait, blank, portrait], estimator))
    assert [p.shape for p in poses] == [(18, 3)] * 5 and {p.dtype for p in poses} == {np.dtype(np.float32)}
    assert [bool((p[:, 2] > 0).sum() >= 12) for p in poses] == [False, True, True, False, True]
    # PoseSequence checks that unseen joints are (nan, nan, 0) and seen ones are numbers
    PoseSequence(np.stack(poses), np.full((5, 68, 2), np.nan, np.float32), (384, 384), Fraction(25))
    assert max(p[:, 2].max() for p in poses) <= 1


@pytest.mark.parametrize("shape", [(240, 320), (33, 17), (64, 1000)])
def test_a_blank_frame_shows_nobody(estimator: PoseEstimator, shape: tuple[int, int]) -> None:
    for value in (0, 127, 255):
        blank = np.full((*shape, 3), value, np.uint8)
        assert estimator.people(blank) == []
        [pose] = estimate_poses([blank], estimator)
        np.testing.assert_array_equal(pose, unseen_pose())


def test_no_frames_no_poses(estimator: PoseEstimator) -> None:
    assert list(estimate_poses([], estimator)) == []


@pytest.mark.parametrize(("reel", "number"), [(INES, 0), (INES, 270), (KOFI, 0), (KOFI, 182)])
def test_the_joints_are_where_they_are_in_the_picture(estimator: PoseEstimator, reel: str, number: int) -> None:
    [person] = estimator.people(frame(reel, number))
    truth = pose(reel, number)[:, :2]
    off = np.linalg.norm(person.pose[:, :2] - truth, axis=1)
    assert np.isfinite(off).sum() >= JOINTS - 2
    assert np.nanmedian(off) < 5 and np.nanmax(off) < 15  # of a person 270 px tall
    x, y = truth.T
    assert person.box.x0 < x.min() and x.max() < person.box.x1 and person.box.y0 < y.min() and y.max() < person.box.y1


def test_left_is_the_performers_own_left(estimator: PoseEstimator, portrait: Frame) -> None:
    [person] = estimator.people(portrait)
    for right, left in ((R_EYE, L_EYE), (R_SHOULDER, L_SHOULDER), (R_HIP, L_HIP)):
        assert person.pose[right, 0] < person.pose[left, 0]  # she looks into the camera


def test_moving_the_picture_moves_the_joints(estimator: PoseEstimator, portrait: Frame) -> None:
    [here] = estimator.people(portrait)
    [there] = estimator.people(np.pad(portrait, ((40, 60), (150, 130), (0, 0))))
    moved = there.pose[:, :2] - here.pose[:, :2]
    np.testing.assert_allclose(np.nanmedian(moved, axis=0), (150, 40), atol=6)


def test_colours_are_read_as_rgb(estimator: PoseEstimator, portrait: Frame) -> None:
    [right] = estimator.people(portrait)
    swapped = estimator.people(np.ascontiguousarray(portrait[:, :, ::-1]))
    assert not swapped or not np.allclose(right.pose, swapped[0].pose, atol=1e-3, equal_nan=True)


def test_it_is_lazy_and_closes_its_source(estimator: PoseEstimator, portrait: Frame) -> None:
    given = 0
    closed = False

    def endless() -> Iterator[Frame]:
        nonlocal given, closed
        try:
            while True:
                given += 1
                yield portrait
        finally:
            closed = True

    poses = estimate_poses(endless(), estimator)
    assert len(list(itertools.islice(poses, 5))) == 5 and given == 5
    poses.close()  # type: ignore[attr-defined]
    assert closed


def test_it_follows_a_person_who_comes_from_elsewhere(estimator: PoseEstimator, portrait: Frame) -> None:
    [found] = estimator.people(portrait)
    stranger = Person(found.box, found.pose)  # without what the estimator may keep with its own
    followed = estimator.follow(portrait, stranger)
    assert followed is not None and apart(followed, found) < 0.2


def test_the_frame_is_not_written_to(estimator: PoseEstimator, portrait: Frame) -> None:
    given = portrait.copy()
    given.flags.writeable = False
    list(estimate_poses([given, given], estimator))
    np.testing.assert_array_equal(given, portrait)
