"""Pose frames, by the pixels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from posetransfer.conditioning.edges import canny_edges
from posetransfer.conditioning.pose_frames import EDGE_GREY, LIMB_COLOURS, STYLES, draw_pose_frame
from posetransfer.errors import ShapeError, UnknownName
from posetransfer.poses.skeleton import L_ELBOW, L_WRIST, LIMBS, MIRRORED, R_ANKLE, R_ELBOW, R_KNEE, R_WRIST
from posetransfer.types import unseen_face, unseen_pose
from tests.moving_skeleton import ADULT, dance

SIZE = 256


@pytest.fixture
def pose():
    return dance(0.5 * ADULT, frames=1, middle=128, floor=230, size=(SIZE, SIZE)).joints[0]


@pytest.fixture
def face(pose):
    return (pose[0, :2] + np.random.default_rng(0).uniform(-12, 12, (68, 2))).astype(np.float32)


def middle_of(frame, pose, parent, child):
    x, y = np.round((pose[parent, :2] + pose[child, :2]) / 2).astype(int)
    return frame[y, x]


@pytest.mark.parametrize("style", STYLES)
def test_a_frame_is_a_frame_and_nothing_unseen_is_drawn(style, pose):
    frame = draw_pose_frame(pose, None, SIZE, style)
    assert frame.shape == (SIZE, SIZE, 3)
    assert frame.dtype == np.uint8
    assert frame.flags["C_CONTIGUOUS"]
    assert frame.any()
    assert not draw_pose_frame(unseen_pose(), unseen_face(), SIZE, style).any()


def test_the_papers_channels_are_skeleton_face_and_edges(pose, face):
    picture = cv2.circle(np.full((SIZE, SIZE, 3), 60, np.uint8), (40, 40), 20, (250, 250, 250), -1)
    skeleton = draw_pose_frame(pose, None, SIZE, "paper")
    whole = draw_pose_frame(pose, face, SIZE, "paper", picture)
    assert skeleton[..., 0].max() == 255
    assert not skeleton[..., 1:].any()
    np.testing.assert_array_equal(whole[..., 0], skeleton[..., 0])
    assert whole[..., 1].any()
    np.testing.assert_array_equal(whole[..., 2], canny_edges(picture))
    assert not draw_pose_frame(unseen_pose(), face, SIZE, "paper")[..., [0, 2]].any()


def test_left_and_right_have_different_colours(pose):
    frame = draw_pose_frame(pose, None, SIZE)
    right, left = middle_of(frame, pose, R_ELBOW, R_WRIST), middle_of(frame, pose, L_ELBOW, L_WRIST)
    assert np.abs(right.astype(int) - left).max() > 100
    assert len(set(LIMB_COLOURS)) == len(LIMBS)
    mirrored = pose[list(MIRRORED)].copy()
    assert np.abs(frame.astype(int) - draw_pose_frame(mirrored, None, SIZE)).max() > 100


def test_confidence_is_brightness(pose):
    sure, doubted = pose.copy(), pose.copy()
    sure[R_ANKLE, 2], doubted[R_ANKLE, 2] = 1.0, 0.1
    bright = middle_of(draw_pose_frame(sure, None, SIZE), pose, R_KNEE, R_ANKLE).max()
    dim = middle_of(draw_pose_frame(doubted, None, SIZE), pose, R_KNEE, R_ANKLE).max()
    assert 80 < dim < 0.6 * bright
    np.testing.assert_array_equal(
        draw_pose_frame(sure, None, SIZE, "paper"), draw_pose_frame(doubted, None, SIZE, "paper")
    )


@pytest.mark.parametrize("size", [128, 256, 512])
def test_lines_are_a_64th_of_the_size_wide(size):
    pose = unseen_pose()
    pose[R_KNEE], pose[R_ANKLE] = (size / 2, size / 4, 1), (size / 2, 3 * size / 4, 1)
    row = draw_pose_frame(pose, None, size, "paper")[size // 2, :, 0].astype(float) / 255
    assert row.sum() == pytest.approx(size / 64, abs=1.2)


def test_a_move_of_a_fraction_of_a_pixel_is_seen(pose):
    nudged = pose.copy()
    nudged[:, :2] += 0.25
    assert (draw_pose_frame(pose, None, SIZE) != draw_pose_frame(nudged, None, SIZE)).any()


def test_a_limb_with_one_end_unseen_is_left_out_and_its_joint_is_not(pose):
    pose[R_ANKLE] = (np.nan, np.nan, 0)
    frame = draw_pose_frame(pose, None, SIZE, "paper")
    x, y = np.round(pose[R_KNEE, :2]).astype(int)
    assert frame[y, x, 0] == 255
    only = unseen_pose()
    only[R_KNEE] = pose[R_KNEE]
    assert draw_pose_frame(only, None, SIZE, "paper").any()


def test_places_far_outside_are_no_error(pose, face):
    pose[R_WRIST, :2] = (1e7, -1e7)
    face[0] = (-1e6, 5)
    for style in STYLES:
        draw_pose_frame(pose, face, SIZE, style)


def test_the_face_is_white_and_edges_lie_grey_under_the_rest(pose, face):
    picture = cv2.circle(np.full((SIZE, SIZE, 3), 60, np.uint8), (40, 40), 20, (250, 250, 250), -1)
    frame = draw_pose_frame(unseen_pose(), face, SIZE, "limbs", picture)
    edges = canny_edges(picture) > 0
    assert set(frame[edges].ravel()) == {EDGE_GREY}
    assert (frame == 255).all(axis=2).any()


def test_contours_with_an_unseen_place_lose_that_line_only(face):
    face[40] = np.nan
    partial = draw_pose_frame(unseen_pose(), face, SIZE, "paper")[..., 1]
    face[:] = np.nan
    assert partial.any()
    assert not draw_pose_frame(unseen_pose(), face, SIZE, "paper").any()


def test_other_styles_and_shapes_are_refused(pose):
    with pytest.raises(UnknownName, match="limbs, paper"):
        draw_pose_frame(pose, None, SIZE, "stick")
    with pytest.raises(ShapeError):
        draw_pose_frame(pose[:17], None, SIZE)
    with pytest.raises(ShapeError):
        draw_pose_frame(pose, None, SIZE, "limbs", np.zeros((10, 10, 3), np.uint8))


def test_edge_thresholds_follow_the_median():
    ramp = np.tile(np.arange(256, dtype=np.uint8), (256, 1))
    ramp[:, 128:] = np.clip(ramp[:, 128:].astype(int) + 30, 0, 255)
    grey = np.repeat(ramp[..., None], 3, axis=2)
    median = float(np.median(ramp))
    np.testing.assert_array_equal(canny_edges(grey), cv2.Canny(ramp, median * 2 / 3, min(median * 4 / 3, 255)))
    bright = np.full((64, 64, 3), 240, np.uint8)
    bright[:, 32:] = 0
    assert canny_edges(bright)[:, 30:34].any()
    with pytest.raises(ShapeError):
        canny_edges(ramp)
