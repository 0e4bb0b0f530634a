from __future__ import annotations

import numpy as np
import pytest

from posetransfer.errors import ShapeError
from posetransfer.evaluate.keypoints import keypoint_errors
from posetransfer.types import unseen_pose


def wanted(frames: int = 4) -> np.ndarray:
    """A person of a torso of 20 px: [T, 18, 3], all joints seen."""
    joints = np.ones((frames, 18, 3), np.float32)
    joints[..., 0] = np.linspace(10, 50, 18)
    joints[..., 1] = np.linspace(5, 60, 18)
    joints[:, 1, :2], joints[:, 8, :2], joints[:, 11, :2] = (32, 10), (28, 30), (36, 30)
    return joints


def moved(joints: np.ndarray, *by: float) -> np.ndarray:
    """Each frame's joints moved to the right by its own number of px."""
    found = joints.copy()
    found[..., 0] += np.array(by, np.float32)[:, None]
    return found


def test_distances_are_means_in_px_and_torso_lengths() -> None:
    score = keypoint_errors(moved(wanted(), 0, 1, 3, 8), wanted()).score()
    assert score.akd_px == pytest.approx(3)
    assert score.akd_torso == pytest.approx(3 / 20)
    assert (score.pck10, score.pck20, score.mkr) == (0.5, 0.75, 0)
    assert score.asked == 4 * 18


def test_a_missing_joint_counts_in_mkr_and_pck_but_not_in_the_distance() -> None:
    found = moved(wanted(), 1, 1, 1, 1)
    found[0] = unseen_pose()
    score = keypoint_errors(found, wanted()).score()
    assert score.akd_px == pytest.approx(1)
    assert score.mkr == score.pck10 - 0.5 == 0.25


def test_joints_that_are_not_asked_for_count_nowhere() -> None:
    joints = wanted()
    joints[:, 4] = (np.nan, np.nan, 0)
    score = keypoint_errors(moved(wanted(), 0, 0, 0, 0), joints).score()
    assert (score.akd_px, score.mkr, score.asked) == (0, 0, 4 * 17)
    nobody = np.stack([unseen_pose()] * 2)
    nothing = keypoint_errors(wanted(2), nobody).score()
    assert nothing.asked == 0 and np.isnan(nothing.akd_px) and np.isnan(nothing.mkr)


def test_figures_by_joint_have_the_joints_names() -> None:
    found = wanted()
    found[:, 4, 0] += 5
    found[1, 7] = (np.nan, np.nan, 0)
    joints = keypoint_errors(found, wanted()).by_joint()
    assert len(joints) == 18
    assert joints["right_wrist"].akd_px == pytest.approx(5) and joints["right_wrist"].pck10 == 0
    assert joints["left_wrist"].mkr == 0.25 and joints["left_wrist"].akd_px == 0
    assert joints["nose"].pck10 == 1


def test_figures_by_frame_are_there_for_intervals() -> None:
    found = moved(wanted(), 0, 1, 1.5, 9)
    found[1] = unseen_pose()
    errors = keypoint_errors(found, wanted())
    np.testing.assert_allclose(errors.akd_by_frame(), [0, np.nan, 0.075, 0.45], atol=1e-6)
    np.testing.assert_allclose(errors.pck_by_frame(), [1, 0, 1, 0])


def test_the_estimators_floor_is_what_it_misses_on_true_frames() -> None:
    floor = keypoint_errors(moved(wanted(), 1, 1, 1, 1), wanted())
    errors = keypoint_errors(moved(wanted(), 2, 2, 2, 2), wanted())
    assert errors.over(floor) == pytest.approx(2)
    assert floor.over(floor) == 1
    hidden = moved(wanted(), 1, 1, 1, 1)
    hidden[2:] = unseen_pose()  # frames that the floor lacks are not compared
    far = keypoint_errors(moved(wanted(), 3, 3, 90, 90), wanted())
    assert far.over(keypoint_errors(hidden, wanted())) == pytest.approx(3)
    assert np.isnan(errors.over(keypoint_errors(wanted(), wanted())))


def test_without_a_torso_px_are_still_told() -> None:
    joints = wanted()
    joints[:, 8] = joints[:, 11] = (np.nan, np.nan, 0)
    errors = keypoint_errors(moved(joints, 1, 1, 1, 1), joints)
    score = errors.score()
    assert score.akd_px == pytest.approx(1)
    assert np.isnan(score.akd_torso) and np.isnan(score.pck10) and np.isnan(errors.pck_by_frame()).all()
    assert keypoint_errors(joints, joints, torso=20).score().pck10 == 1


def test_other_shapes_are_refused() -> None:
    with pytest.raises(ShapeError):
        keypoint_errors(wanted(3), wanted(4))
    with pytest.raises(ShapeError):
        keypoint_errors(wanted()[:, :17], wanted()[:, :17])
    with pytest.raises(ShapeError):
        keypoint_errors(wanted(3), wanted(3)).over(keypoint_errors(wanted(4), wanted(4)))
