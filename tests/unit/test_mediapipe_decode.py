"""BlazePose's outputs decoded: by hand-made outputs whose meaning is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from posetransfer.poses.crop import Region, tiles, whole
from posetransfer.poses.mediapipe_decode import (
    Detections,
    Landmarks,
    anchors,
    body_region,
    decode_detections,
    decode_landmarks,
    held,
    merge,
    refine,
    to_pose,
)
from posetransfer.poses.skeleton import JOINT_NAMES, NECK


def test_the_anchors_are_where_the_layers_have_their_cells() -> None:
    places = anchors()
    assert places.shape == (2254, 2)
    np.testing.assert_allclose(places[0], 0.5 / 28)
    np.testing.assert_allclose(places[1], places[0])
    np.testing.assert_allclose(places[2], (1.5 / 28, 0.5 / 28))
    np.testing.assert_allclose(places[28 * 28 * 2], 0.5 / 14)
    np.testing.assert_allclose(places[-1], 6.5 / 7)


def test_a_detection_is_moved_to_the_frame() -> None:
    boxes, scores = np.zeros((2254, 12), np.float32), np.full(2254, -100, np.float32)
    scores[0] = 2
    boxes[0] = [112, 112, 56, 28, 0, 0, 0, -56, 112, 0, 112, -56]
    found = decode_detections(boxes, scores, Region(200, 100, 400))
    assert found.scores == pytest.approx([1 / (1 + math.exp(-2))])
    start = np.array((0, -100)) + 400 * 0.5 / 28  # the first anchor in the frame
    expected = [(150, 175), (250, 225), (0, 0), (0, -100), (200, 0), (200, -100)]
    np.testing.assert_allclose(found.points[0], start + expected, atol=1e-3)


def test_faint_detections_are_dropped() -> None:
    boxes, scores = np.zeros((2254, 12), np.float32), np.full(2254, -0.01, np.float32)
    assert len(decode_detections(boxes, scores, Region(0, 0, 1)).scores) == 0


def test_overlapping_detections_are_averaged_by_score() -> None:
    face = np.array([(0, 0), (10, 10), (5, 50), (5, 0), (5, 20), (5, 0)], np.float32)
    points = np.stack([face, np.add(face, (1, 0)), np.add(face, (100, 0))])
    merged = merge(Detections(np.array([0.6, 0.9, 0.7], np.float32), points))
    np.testing.assert_allclose(merged.scores, (0.9, 0.7))
    np.testing.assert_allclose(merged.points[0], np.add(face, (0.6, 0)), atol=1e-5)
    np.testing.assert_allclose(merged.points[1], points[2])
    nobody = merge(Detections(np.zeros(0, np.float32), np.zeros((0, 6, 2), np.float32)))
    assert len(nobody.scores) == 0


@pytest.mark.parametrize(
    ("rim", "angle"), [((100, 60), 0), ((140, 100), math.pi / 2), ((60, 100), -math.pi / 2), ((100, 140), math.pi)]
)
def test_a_body_region_is_upright_along_the_body(rim: tuple[float, float], angle: float) -> None:
    region = body_region(np.array((100, 100), np.float32), np.array(rim, np.float32))
    assert (region.x, region.y) == (100, 100) and region.side == pytest.approx(100)
    assert math.cos(region.angle - angle) == pytest.approx(1)
    # the point on the rim is straight above the middle of the upright picture, at 0.8 of the way to its edge
    above = region.to_frame(np.array([0.5, 0.1], np.float32))
    np.testing.assert_allclose(above, rim, atol=1e-3)


def test_a_held_region_follows_strides_and_damps_trembling() -> None:
    before = Region(100, 100, 200, 0.1)
    still = held(before, Region(101, 100, 200, 0.1))
    assert 100 < still.x < 100.5 and still.side == pytest.approx(200, abs=1)
    stride = held(before, Region(140, 120, 260, 0.8))
    assert (stride.x, stride.y) == pytest.approx((140, 120), abs=1e-3)
    assert (stride.side, stride.angle) == pytest.approx((260, 0.8), abs=1e-3)


def test_a_crop_and_its_points_agree() -> None:
    frame = np.zeros((200, 300, 3), np.uint8)
    frame[80:85, 170:175] = 255
    region = Region(150, 90, 120, 0.6)
    picture = region.crop(frame, 240)
    rows, columns = np.nonzero(picture[:, :, 0] > 128)
    share = np.array([columns.mean(), rows.mean()], np.float32) / 240
    np.testing.assert_allclose(region.to_frame(share), (172, 82), atol=0.5)


def test_outside_the_frame_is_its_border_or_black() -> None:
    frame = np.full((50, 100, 3), 200, np.uint8)
    region = whole(100, 50)
    assert (region.crop(frame, 64) == 200).all()
    barred = region.crop(frame, 64, black_outside=True)
    assert barred[0, 32, 0] == 0 and barred[32, 32, 0] == 200


def test_tiles_cover_the_frame_and_overlap() -> None:
    squares = tiles(1280, 720, 720)
    assert [t.x for t in squares] == [360, 640, 920] and {t.y for t in squares} == {360}
    assert len(tiles(100, 100, 200)) == 1


def test_a_landmark_moves_to_the_heat_maps_centre() -> None:
    shares = np.full((39, 2), 0.5, np.float32)
    heat = np.full((64, 64, 39), -20, np.float32)
    heat[34, 30, 0] = 5
    heat[32, 45, 1] = 5  # too far away
    heat[32, 34, 2] = -1  # too faint
    shares[3] = (1.2, 0.5)  # off the map
    heat[:, 60:, 3] = 5
    moved = refine(shares, heat)
    np.testing.assert_allclose(moved[0], (30 / 64, 34 / 64), atol=1e-4)
    np.testing.assert_array_equal(moved[1:], shares[1:])


def test_a_heat_map_is_used_as_far_as_it_reaches() -> None:
    shares = np.full((39, 2), 0.001, np.float32)
    heat = np.full((64, 64, 39), -20, np.float32)
    heat[0, 0] = heat[0, 2] = 5
    np.testing.assert_allclose(refine(shares, heat), np.tile((1 / 64, 0), (39, 1)), atol=1e-4)


def test_landmarks_are_turned_back_with_their_region() -> None:
    raw = np.zeros((39, 5), np.float32)
    raw[:, :2] = (192, 128)
    raw[:, 3] = 3
    world = np.tile(np.array((1, 0, 0.5), np.float32), (39, 1))
    heat = np.full((1, 64, 64, 39), -20, np.float32)
    outputs = [
        raw.reshape(1, 195),
        np.array([[0.8]], np.float32),
        heat,
        world.reshape(1, 117),
    ]
    marks = decode_landmarks(outputs, 256, Region(50, 60, 200, math.pi / 2))
    np.testing.assert_allclose(marks.points[0], (50, 110), atol=1e-4)  # right in the picture is down in the frame
    np.testing.assert_allclose(marks.world[0], (0, 1, 0.5), atol=1e-6)
    assert marks.presence == pytest.approx(0.8) and marks.visibility[0] == pytest.approx(1 / (1 + math.exp(-3)))


def test_landmarks_become_the_18_joints() -> None:
    names = {0: "nose", 2: "left_eye", 5: "right_eye", 7: "left_ear", 8: "right_ear"}
    for first, part in ((11, "shoulder"), (13, "elbow"), (15, "wrist"), (23, "hip"), (25, "knee"), (27, "ankle")):
        names |= {first: f"left_{part}", first + 1: f"right_{part}"}
    points = np.stack([np.arange(39), np.arange(39) * 10], axis=1).astype(np.float32)
    visibility = np.full(39, 0.9, np.float32)
    visibility[[12, 15]] = 0.6, 0.49
    pose, world = to_pose(Landmarks(1.0, points, visibility, np.ones((39, 3), np.float32)))
    for landmark, name in names.items():
        joint = JOINT_NAMES.index(name)
        expected = (np.nan, np.nan, 0) if name == "left_wrist" else (*points[landmark], visibility[landmark])
        np.testing.assert_allclose(pose[joint], expected)
    np.testing.assert_allclose(pose[NECK], (11.5, 115, 0.6))
    assert np.isnan(world).all(axis=1).sum() == 1 and (world[NECK] == 1).all()


def test_a_neck_needs_both_shoulders() -> None:
    visibility = np.full(39, 0.9, np.float32)
    visibility[11] = 0.1
    pose, world = to_pose(Landmarks(1.0, np.ones((39, 2), np.float32), visibility, np.ones((39, 3), np.float32)))
    assert pose[NECK, 2] == 0 and np.isnan(pose[NECK, :2]).all() and np.isnan(world[NECK]).all()
