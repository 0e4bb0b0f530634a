from __future__ import annotations

import numpy as np
import pytest

from posetransfer.errors import ShapeError
from posetransfer.evaluate.joint_motion import joint_jitter, joint_lag
from posetransfer.types import unseen_pose
from tests.moving_skeleton import dance


def noisy(joints: np.ndarray, px: float, seed: int = 0) -> np.ndarray:
    found = joints.copy()
    found[..., :2] += np.random.default_rng(seed).normal(0, px, found[..., :2].shape)
    return found


def late(joints: np.ndarray, frames: float) -> np.ndarray:
    """The joints as they were `frames` before, in a straight line between frames."""
    times = np.clip(np.arange(len(joints)) - frames, 0, len(joints) - 1)
    before = np.floor(times).astype(int)
    share = (times - before)[:, None, None]
    after = np.minimum(before + 1, len(joints) - 1)
    return ((1 - share) * joints[before] + share * joints[after]).astype(np.float32)


def test_jitter_is_the_second_difference_in_torso_lengths() -> None:
    joints = np.ones((6, 18, 3), np.float32)
    joints[..., 0] = 1.5 * np.arange(6)[:, None] ** 2  # speeds up by 3 px a frame
    joints[:, 4, 0] = 7 * np.arange(6)  # the right wrist goes evenly
    jitter = joint_jitter(joints, torso=30)
    assert jitter.by_joint["nose"] == pytest.approx(0.1)
    assert jitter.by_joint["right_wrist"] == pytest.approx(0)
    assert np.isnan(jitter.by_frame[[0, -1]]).all()
    np.testing.assert_allclose(jitter.by_frame[1:-1], 0.1 * 17 / 18)
    assert jitter.mean == pytest.approx(0.1 * 17 / 18)


def test_noise_on_joints_is_jitter_far_above_a_dance() -> None:
    joints = dance().joints
    assert joint_jitter(noisy(joints, 2)).mean > 3 * joint_jitter(joints).mean


def test_unseen_joints_make_no_jitter() -> None:
    joints = dance(frames=40).joints.copy()
    whole = joint_jitter(joints, 100)
    joints[10] = unseen_pose()
    holed = joint_jitter(joints, 100)
    assert np.isnan(holed.by_frame[9:12]).all()
    np.testing.assert_array_equal(holed.by_frame[12:], whole.by_frame[12:])
    assert np.isnan(joint_jitter(joints[:2], 100).mean)
    assert np.isnan(joint_jitter(np.stack([unseen_pose()] * 9)).mean)


@pytest.mark.parametrize("frames", [-3.0, 0.0, 1.5, 2.0, 4.3])
def test_the_lag_is_found_to_a_fraction_of_a_frame(frames: float) -> None:
    joints = dance(frames=200).joints
    lag = joint_lag(noisy(late(joints, frames), 0.3), joints)
    assert lag.frames == pytest.approx(frames, abs=0.15)
    assert lag.correlation > 0.7


def test_the_lag_holds_where_joints_are_missing_and_the_body_is_larger() -> None:
    joints = dance(frames=200).joints
    found = late(joints, 2)
    found[..., :2] = 1.3 * found[..., :2] + 40
    found[np.random.default_rng(0).random((200, 18)) < 0.2] = (np.nan, np.nan, 0)
    assert joint_lag(found, joints).frames == pytest.approx(2, abs=0.15)


def test_no_lag_is_told_where_there_is_none_to_tell() -> None:
    joints = dance(frames=120).joints
    still = np.repeat(joints[:1], 120, axis=0)
    assert np.isnan(joint_lag(joints, still).frames)
    assert np.isnan(joint_lag(np.stack([unseen_pose()] * 120), joints).frames)
    assert np.isnan(joint_lag(joints[:2], joints[:2]).frames)
    assert np.isnan(joint_lag(late(joints, 25), joints, most=5).frames)


def test_other_shapes_are_refused() -> None:
    joints = dance(frames=20).joints
    with pytest.raises(ShapeError):
        joint_lag(joints, joints[:19])
    with pytest.raises(ShapeError):
        joint_jitter(joints[:, :17])
