"""Estimators on real footage: against the library that the networks come from, and against each other."""

from __future__ import annotations

import subprocess
import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from posetransfer.poses.crop import whole
from posetransfer.poses.estimator import PoseEstimator, estimate_poses, follow_person, make_estimator
from posetransfer.poses.mediapipe import DETECTOR_LEVELS, LANDMARK_LEVELS, SEGMENTATION, MediaPipe, weights_folder
from posetransfer.poses.mediapipe_decode import (
    BODY,
    Landmarks,
    body_region,
    decode_detections,
    decode_landmarks,
    merge,
)
from posetransfer.poses.skeleton import L_HIP, NECK, R_HIP
from posetransfer.runtime.openvino import OpenVINORuntime
from posetransfer.types import Frame, Person
from posetransfer.video.read import read_frames

# the library's own solution, in a process of its own: its warnings and its protobuf stay there
SOLUTION = """
import sys
import numpy as np
import mediapipe

frames = np.load(sys.argv[1])
results = {}
for name, static in (("static", True), ("tracking", False)):
    solution = mediapipe.solutions.pose.Pose(static_image_mode=static, model_complexity=1, smooth_landmarks=False)
    marks = []
    for frame in frames:
        found = solution.process(frame)
        height, width = frame.shape[:2]
        marks.append([
            (mark.x * width, mark.y * height, mark.visibility, at.x, at.y, at.z)
            for mark, at in zip(found.pose_landmarks.landmark, found.pose_world_landmarks.landmark)
        ])
    results[name] = np.array(marks)
np.savez(sys.argv[2], **results)
"""


def first_frames(path: Path, count: int) -> list[Frame]:
    return list(islice(read_frames(path), count))


@pytest.fixture(scope="module", params=["blue-dancer.avi", "juggler.mp4", "sign-orange.mkv"])
def clip(request: pytest.FixtureRequest, real_data: Path) -> list[Frame]:
    return first_frames(real_data / "clips" / request.param, 24)


@pytest.fixture(scope="module")
def solution(clip: list[Frame], tmp_path_factory: pytest.TempPathFactory) -> dict[str, NDArray[np.float64]]:
    """[T, 33, 6] for each way the solution runs: x, y px, visibility, x, y, z metres."""
    folder = tmp_path_factory.mktemp("solution")
    np.save(folder / "frames.npy", np.stack(clip))
    arguments = [sys.executable, "-c", SOLUTION, str(folder / "frames.npy"), str(folder / "marks.npz")]
    subprocess.run(arguments, check=True, capture_output=True, timeout=300)
    with np.load(folder / "marks.npz") as marks:
        return dict(marks)


@pytest.fixture(scope="module")
def blazepose() -> MediaPipe:
    return MediaPipe(threads=2)


@pytest.fixture(scope="module")
def openpose(real_data: Path) -> PoseEstimator:
    return make_estimator("openpose", weights=real_data / "weights" / "human-pose-estimation-0001.xml", threads=2)


def torso_of(marks: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(marks[[11, 12], :2].mean(axis=0) - marks[[23, 24], :2].mean(axis=0)))


def test_one_look_is_decoded_as_the_library_does(clip: list[Frame], solution: dict[str, NDArray[np.float64]]) -> None:
    """Detector, region, landmarks and their refinement: the same to a tenth of a percent of the torso."""
    runtime = OpenVINORuntime(2)
    detector = runtime.open_model(
        weights_folder() / "pose_detection" / "pose_detection.tflite", levels=DETECTOR_LEVELS
    )
    network = runtime.open_model(
        weights_folder() / "pose_landmark" / "pose_landmark_full.tflite",
        without=[SEGMENTATION],
        levels=LANDMARK_LEVELS,
    )

    def look(frame: Frame) -> Landmarks:
        region = whole(frame.shape[1], frame.shape[0])
        boxes, scores = detector(region.crop(frame, 224, black_outside=True)[None])
        found = merge(decode_detections(boxes[0], scores[0, :, 0], region))
        body = body_region(found.points[0, 2], found.points[0, 3])
        return decode_landmarks(network(body.crop(frame, 256)[None]), 256, body)

    for frame, wanted in zip(clip[::4], solution["static"][::4], strict=True):
        marks = look(frame)
        seen = wanted[:, 2] > 0.5
        off = np.linalg.norm(marks.points[:33] - wanted[:, :2], axis=1)[seen] / torso_of(wanted)
        assert np.median(off) < 0.001 and np.percentile(off, 95) < 0.01
        np.testing.assert_allclose(marks.visibility[:33], wanted[:, 2], atol=0.02)
        assert np.abs(marks.world[:33] - wanted[:, 3:])[seen].mean() < 0.002


def test_following_stays_with_the_library(
    clip: list[Frame], solution: dict[str, NDArray[np.float64]], blazepose: MediaPipe
) -> None:
    """Tracking differs by how the region is held still: under 2 % of the torso on seen joints, by the median."""
    off = []
    for pose, wanted in zip(estimate_poses(clip, blazepose), solution["tracking"], strict=True):
        joints = [joint for joint in range(18) if BODY[joint] >= 0 and pose[joint, 2] > 0]
        away = np.linalg.norm(pose[joints, :2] - wanted[BODY[joints], :2], axis=1)
        off.append(np.median(away) / torso_of(wanted))
    assert np.median(off) < 0.02 and max(off) < 0.06


def test_openpose_and_blazepose_agree(clip: list[Frame], blazepose: MediaPipe, openpose: PoseEstimator) -> None:
    """Two networks from different data name the same joints, left and right: 0.1 torsos apart, by the median."""
    for frame in clip[::8]:
        [one], [other] = blazepose.people(frame), openpose.people(frame)
        both = (one.pose[:, 2] > 0) & (other.pose[:, 2] > 0)
        assert both.sum() >= 12
        torso = np.linalg.norm(one.pose[[R_HIP, L_HIP], :2].mean(axis=0) - one.pose[NECK, :2])
        away = np.linalg.norm(one.pose[both, :2] - other.pose[both, :2], axis=1) / torso
        assert np.median(away) < 0.1 and np.percentile(away, 90) < 0.25


def test_tf_poses_frozen_graph_finds_the_dancer(real_data: Path) -> None:
    """The paper's compressed OpenPose, run from its TensorFlow file, with its maps in one output."""
    weights = real_data / "weights" / "openpose18_mobilenet_v2_small_graph_opt.pb"
    frame = first_frames(real_data / "clips" / "blue-dancer.avi", 1)[0]
    found = make_estimator("openpose", weights=weights, threads=2).people(frame)
    best = max(found, key=lambda person: (person.pose[:, 2] > 0).sum())
    [wanted] = MediaPipe(threads=2).people(frame)
    both = (best.pose[:, 2] > 0) & (wanted.pose[:, 2] > 0)
    assert both.sum() >= 10
    away = np.linalg.norm(best.pose[both, :2] - wanted.pose[both, :2], axis=1)
    assert np.median(away) < 15


def test_both_people_are_seen_and_small_ones_only_by_a_thorough_look(real_data: Path, blazepose: MediaPipe) -> None:
    frame = list(islice(read_frames(real_data / "clips" / "two-people.mp4"), 101))[-1]
    assert len(blazepose.people(frame)) == 2
    assert len(blazepose.people(frame, thorough=False)) == 1


def test_the_man_is_followed_although_a_woman_walks_past(real_data: Path, blazepose: MediaPipe) -> None:
    people = list(follow_person(first_frames(real_data / "clips" / "two-people.mp4", 150), blazepose))
    assert all(person is not None and person.box.centre[1] < 450 for person in people)


def test_furniture_is_nobody(real_data: Path, blazepose: MediaPipe) -> None:
    """An empty room with a table, then a woman walks in."""
    frames = first_frames(real_data / "clips" / "one-by-one.mp4", 80)
    seen = [person is not None for person in follow_person(frames, blazepose, fps=10)]
    assert not any(seen[:60]) and all(seen[72:])


def test_a_person_without_a_region_is_followed_as_well(real_data: Path, blazepose: MediaPipe) -> None:
    frame = first_frames(real_data / "clips" / "juggler.mp4", 1)[0]
    [found] = blazepose.people(frame)
    followed = blazepose.follow(frame, Person(found.box, found.pose))
    assert followed is not None
    both = (followed.pose[:, 2] > 0) & (found.pose[:, 2] > 0)
    away = np.linalg.norm(followed.pose[both, :2] - found.pose[both, :2], axis=1)
    assert both.sum() >= 14 and np.median(away) < 0.02 * found.box.height
