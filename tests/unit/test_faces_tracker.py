"""Faces along a made-up video: a photograph that moves, with the pose that goes with it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage.data import astronaut

from posetransfer.errors import WeightsMissing
from posetransfer.faces.detector import HogDetector
from posetransfer.faces.head import find_head
from posetransfer.faces.tracker import CNN_EVERY, FaceTracker, PaperFaces, bridge_gaps
from posetransfer.places import package_file
from posetransfer.poses.skeleton import L_EYE, L_SHOULDER, NECK, NOSE, R_EYE, R_SHOULDER
from posetransfer.types import unseen_pose

SECONDS = 1 / 30
GREY = np.full((512, 512, 3), 90, np.uint8)


def sitter():
    """The pose of the woman in the photograph."""
    pose = unseen_pose()
    for joint, place in {
        NOSE: (225, 127), R_EYE: (203, 102), L_EYE: (247, 104), NECK: (238, 235), R_SHOULDER: (145, 240),
        L_SHOULDER: (330, 230),
    }.items():  # fmt: skip
        pose[joint] = (*place, 0.9)
    return pose


def moved(dx: float, dy: float):
    """The photograph and the pose, moved by so many px."""
    matrix = np.float32([[1, 0, dx], [0, 1, dy]])
    frame = cv2.warpAffine(astronaut(), matrix, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    pose = sitter()
    pose[:, :2] += (dx, dy)
    return frame, pose


@pytest.fixture(scope="module")
def hog():
    return HogDetector()


@pytest.fixture
def tracker():
    return FaceTracker(cnn=False, contours="facemesh")


def test_the_head_is_where_nose_and_eyes_are():
    head = find_head(sitter())
    np.testing.assert_allclose(head.centre, (225, 111), atol=1)
    assert 70 < head.side < 130
    assert head.frontal
    assert abs(head.roll) < 0.1
    assert find_head(unseen_pose()) is None


def test_a_profile_is_not_frontal_and_has_no_roll():
    pose = sitter()
    pose[L_EYE, :2] = pose[R_EYE, :2] + (3, 3)
    head = find_head(pose)
    assert not head.frontal
    assert head.roll == 0
    pose[L_EYE] = (np.nan, np.nan, 0)
    assert not find_head(pose).frontal


def test_a_moving_face_is_found_now_and_then_and_followed_between(tracker):
    first = None
    for t in range(12):
        dx, dy = 4.0 * t, 2.0 * t
        face = tracker.step(*moved(dx, dy), SECONDS)
        assert face is not None
        first = face if first is None else first
        assert np.linalg.norm(face - first - (dx, dy), axis=1).mean() < 2
    assert tracker.counts == {"hog": 2, "cnn": 0, "tracked": 10, "none": 0}


def test_a_face_that_disagrees_with_the_pose_is_none_of_this_persons(tracker):
    frame, pose = moved(0, 0)
    pose[:, 0] += 60
    assert tracker.step(frame, pose, SECONDS) is None
    profile = sitter()
    profile[L_EYE, :2] = profile[R_EYE, :2] + (5, 0)
    assert tracker.step(frame, profile, SECONDS) is None
    assert tracker.counts["none"] == 2


def test_without_a_head_there_is_no_face(tracker):
    frame, pose = moved(0, 0)
    assert tracker.step(frame, pose, SECONDS) is not None
    assert tracker.step(frame, unseen_pose(), SECONDS) is None
    assert tracker.counts == {"hog": 1, "cnn": 0, "tracked": 0, "none": 1}


def test_a_face_that_is_covered_is_not_followed_on(tracker):
    assert tracker.step(*moved(0, 0), SECONDS) is not None
    assert tracker.step(GREY, sitter(), SECONDS) is None


def test_in_a_frame_that_is_held_the_face_stays_and_the_pose_may_move(tracker):
    """A copy of a frame counts as the frame; who moves on without it is not given its face for long."""
    picture, pose = moved(0, 0)
    face = tracker.step(picture, pose, SECONDS)
    for dx in (4, 8, 12):
        again = tracker.step(picture.copy(), moved(dx, 0)[1], SECONDS)
        np.testing.assert_array_equal(again, face)
    assert tracker.counts == {"hog": 1, "cnn": 0, "tracked": 3, "none": 0}
    assert tracker.step(picture.copy(), moved(150, 0)[1], SECONDS) is None


def test_a_held_frame_without_a_face_is_looked_at_less_often(tracker, monkeypatch):
    looks = []
    detect = HogDetector.detect
    monkeypatch.setattr(HogDetector, "detect", lambda hog, square: looks.append(1) or detect(hog, square))
    for _ in range(15):
        assert tracker.step(GREY, sitter(), SECONDS) is None
    assert len(looks) == 1
    for t in range(15):
        assert tracker.step(GREY + np.uint8(t % 2 + 1), sitter(), SECONDS) is None
    assert 5 <= len(looks) <= 7


def test_the_cnn_is_asked_at_most_once_a_second_and_only_for_frontal_heads():
    tracker = FaceTracker()
    asked = []

    class Recorded:
        NAME = "cnn"

        def __init__(self, detector):
            self.detector = detector

        def detect(self, frame):
            asked.append(t)
            return self.detector.detect(frame)

    tracker._cnn = Recorded(tracker._cnn)
    profile = sitter()
    profile[L_EYE] = (np.nan, np.nan, 0)
    for t in range(35):
        assert tracker.step(GREY, profile if t < 3 else sitter(), SECONDS) is None
    assert asked == [3, 3 + round(CNN_EVERY / SECONDS)]
    assert tracker.counts["none"] == 35


def test_the_papers_form_takes_every_frame_alone_and_needs_no_pose():
    paper = PaperFaces(cnn=False)
    frame, _ = moved(0, 0)
    for _ in range(3):
        face = paper.step(frame, unseen_pose(), SECONDS)
        np.testing.assert_allclose(face[30], (225, 127), atol=6)
    assert paper.step(GREY, unseen_pose(), SECONDS) is None
    assert paper.counts == {"hog": 3, "cnn": 0, "tracked": 0, "none": 1}


def test_the_papers_form_takes_the_face_of_the_pose_where_there_are_two():
    paper = PaperFaces(cnn=False, contours="facemesh")
    half = astronaut()[:256, 96:352]
    both = np.ascontiguousarray(np.hstack([half, half]))
    pose = sitter()
    pose[:, 0] += 256 - 96
    assert paper.step(both, pose, SECONDS)[30, 0] > 256
    pose[:, 0] -= 256
    assert paper.step(both, pose, SECONDS)[30, 0] < 256


def test_short_gaps_are_bridged_in_a_straight_line_and_long_ones_are_not():
    faces = np.full((20, 68, 2), np.nan, np.float32)
    faces[2:4], faces[9], faces[16:] = 10, 22, 0
    bridged = bridge_gaps(faces)
    np.testing.assert_allclose(bridged[4:9, 0, 0], [12, 14, 16, 18, 20])
    assert np.isnan(bridged[:2]).all()
    assert np.isnan(bridged[10:16]).all()
    np.testing.assert_array_equal(bridge_gaps(faces[:0]), faces[:0])


def test_a_missing_model_says_what_to_install():
    with pytest.raises(WeightsMissing, match="pip install nothing-such"):
        package_file("no_such_package", "models/x.dat", "nothing-such")
    with pytest.raises(WeightsMissing, match=r"x\.dat"):
        package_file("dlib", "models/x.dat", "dlib-bin")
