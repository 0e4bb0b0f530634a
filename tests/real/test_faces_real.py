"""Faces of real people, with poses by the default estimator."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from posetransfer.faces.detector import HogDetector
from posetransfer.faces.tracker import FaceTracker
from posetransfer.poses.estimator import Choice, follow_person, make_estimator
from posetransfer.types import unseen_pose
from posetransfer.video.read import read_frames


def track(path: Path, frames: int, seconds: float, **options):
    """Contours [T, 68, 2] with nan where none, the counts, and the last frame with its pose."""
    pictures = list(islice(read_frames(path), frames))
    tracker = FaceTracker(**options)
    faces = np.full((len(pictures), 68, 2), np.nan, np.float32)
    pose = unseen_pose()
    for t, person in enumerate(follow_person(iter(pictures), make_estimator("mediapipe"), Choice())):
        pose = person.pose if person is not None else unseen_pose()
        face = tracker.step(pictures[t], pose, seconds)
        if face is not None:
            faces[t] = face
    return faces, tracker.counts, pictures[-1], pose


@pytest.mark.parametrize("contours", ["dlib68", "facemesh"])
def test_a_signers_face_is_followed_all_the_time(real_data, contours):
    faces, counts, frame, _ = track(real_data / "clips/sign-orange.mkv", 45, 1 / 30, cnn=False, contours=contours)
    assert counts["none"] == 0
    assert counts["hog"] <= 12
    centres = faces.mean(axis=1)
    assert np.linalg.norm(np.diff(centres, axis=0), axis=1).max() < 0.15 * np.ptp(faces[0, :, 1])
    box = HogDetector().detect(frame)[0].box
    np.testing.assert_allclose(box.centre, centres[-1], atol=12)


def test_a_small_face_of_forty_pixels_is_found(real_data):
    faces, counts, *_ = track(real_data / "clips/blue-dancer.avi", 30, 1 / 25, cnn=False)
    assert counts["none"] <= 2
    assert np.nanmedian(np.ptp(faces[..., 1], axis=1)) < 50


def test_a_profile_is_not_given_a_frontal_face(real_data):
    _, counts, *_ = track(real_data / "clips/boxer.mp4", 30, 1 / 30, cnn=False)
    assert counts["none"] >= 28
