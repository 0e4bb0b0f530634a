"""What is lost for a moment is held, and no longer."""

from __future__ import annotations

import numpy as np

from posetransfer.poses.fill import FILLED_CONFIDENCE
from posetransfer.poses.hold import HELD_FACE, HELD_JOINT, HoldFilter
from posetransfer.poses.skeleton import NOSE, R_WRIST
from posetransfer.types import Face, unseen_face, unseen_pose
from tests.moving_skeleton import dance

STEP = 0.04  # s


def face_at(x: float, y: float) -> Face:
    return np.full((68, 2), (x, y), np.float32)


def test_what_is_seen_passes_unchanged() -> None:
    hold = HoldFilter()
    for pose in dance(frames=5).joints:
        held, face = hold.step(pose, face_at(3, 4), STEP)
        np.testing.assert_array_equal(held, pose)
        np.testing.assert_array_equal(face, face_at(3, 4))


def test_a_lost_joint_stays_for_a_while_and_is_trusted_less_and_less() -> None:
    hold, poses = HoldFilter(), dance(frames=40).joints
    hold.step(poses[0], unseen_face(), STEP)
    confidences = []
    for number, pose in enumerate(poses[1:], 1):
        lost = pose.copy()
        lost[R_WRIST] = (np.nan, np.nan, 0)
        held, _ = hold.step(lost, unseen_face(), STEP)
        if number * STEP <= HELD_JOINT:
            np.testing.assert_array_equal(held[R_WRIST, :2], poses[0, R_WRIST, :2])
            confidences.append(float(held[R_WRIST, 2]))
        else:
            np.testing.assert_array_equal(held[R_WRIST], (np.nan, np.nan, 0))
        others = np.arange(18) != R_WRIST
        np.testing.assert_array_equal(held[others], pose[others])
    assert len(confidences) > 5
    assert confidences == sorted(confidences, reverse=True) and min(confidences) >= FILLED_CONFIDENCE


def test_contours_go_along_with_the_nose_and_then_go() -> None:
    hold, poses = HoldFilter(), dance(frames=20).joints
    offset = np.float32(7)
    hold.step(poses[0], face_at(*(poses[0, NOSE, :2] + offset)), STEP)
    for number, pose in enumerate(poses[1:], 1):
        _, face = hold.step(pose, unseen_face(), STEP)
        if number * STEP <= HELD_FACE:
            np.testing.assert_allclose(face, face_at(*(pose[NOSE, :2] + offset)), rtol=1e-5)
        else:
            assert np.isnan(face).all()


def test_nothing_is_invented_for_who_was_never_seen() -> None:
    pose, face = HoldFilter().step(unseen_pose(), unseen_face(), STEP)
    np.testing.assert_array_equal(pose, unseen_pose())
    assert np.isnan(face).all()
