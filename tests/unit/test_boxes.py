from __future__ import annotations

from fractions import Fraction

import numpy as np

from posetransfer.poses.boxes import boxes_of
from posetransfer.types import PoseSequence


def standing(frames: int = 9) -> PoseSequence:
    pose = np.ones((18, 3), np.float32)
    pose[:, 0] = np.linspace(40, 60, 18)
    pose[:, 1] = np.linspace(50, 150, 18)
    faces = np.full((frames, 68, 2), np.nan, np.float32)
    return PoseSequence(np.repeat(pose[None], frames, axis=0), faces, (200, 200), Fraction(25))


def test_a_box_holds_all_joints_with_room_for_head_and_feet() -> None:
    boxes = boxes_of(standing())
    assert len(boxes) == 9
    assert boxes[0].x0 < 40 and boxes[0].x1 > 60
    assert boxes[0].y0 <= 40 and boxes[0].y1 >= 155


def test_a_joint_that_jumps_for_one_frame_does_not_widen_the_boxes() -> None:
    sequence = standing()
    joints = sequence.joints.copy()
    joints[4, 4, :2] = (199, 0)
    assert np.allclose(boxes_of(sequence.with_joints(joints)), boxes_of(sequence), atol=1)


def test_frames_without_a_person_have_no_box() -> None:
    sequence = standing()
    joints = sequence.joints.copy()
    joints[3:6] = (np.nan, np.nan, 0)
    assert len(boxes_of(sequence.with_joints(joints))) == 6
    joints[:] = (np.nan, np.nan, 0)
    assert boxes_of(sequence.with_joints(joints)) == []
