"""Measures taken while somebody still performs, against those of the whole clip."""

from __future__ import annotations

import numpy as np
import pytest

from posetransfer.poses.body import measure_body
from posetransfer.poses.retarget import retarget
from posetransfer.poses.running import SETTLING, RunningBody
from posetransfer.poses.skeleton import NECK
from posetransfer.types import PoseSequence, unseen_face, unseen_pose
from tests.moving_skeleton import ADULT, FPS, dance

STEP = float(1 / FPS)


def followed(clip: PoseSequence) -> RunningBody:
    running = RunningBody(clip.size)
    for pose, face in zip(clip.joints, clip.faces, strict=True):
        running.step(pose, face, STEP)
    return running


def test_they_come_to_what_the_whole_clip_says() -> None:
    clip = dance(frames=600)
    running, whole = followed(clip), measure_body(clip)
    assert running.body is not None
    np.testing.assert_allclose(running.body.limbs, whole.limbs, rtol=0.1)
    assert running.body.height == pytest.approx(whole.height, rel=0.05)
    assert running.body.floor == pytest.approx(whole.floor, abs=0.05 * whole.height)


def test_the_first_pose_gives_measures_and_two_seconds_settle_them() -> None:
    clip, running = dance(frames=90), RunningBody((600, 450))
    running.step(clip.joints[0], clip.faces[0], STEP)
    assert running.body is not None and running.window is not None and not running.settled
    for number in range(1, 90):
        running.step(clip.joints[number], clip.faces[number], STEP)
        assert running.settled is ((number + 1) * STEP >= SETTLING - 1e-9)


def test_who_is_not_seen_is_not_measured() -> None:
    running = RunningBody((600, 450))
    for _ in range(90):
        running.step(unseen_pose(), unseen_face(), STEP)
    assert running.body is None and running.window is None and not running.settled


def test_nothing_jumps_when_measures_change() -> None:
    """Somebody comes nearer for good: the measures follow, in small steps."""
    far, near = dance(0.7 * ADULT, frames=150), dance(1.3 * ADULT, frames=150)
    running, heights = followed(far), []
    for pose, face in zip(near.joints, near.faces, strict=True):
        running.step(pose, face, STEP)
        assert running.body is not None
        heights.append(running.body.height)
    steps = np.diff(heights)
    assert heights[-1] > 1.3 * heights[0]
    assert np.abs(steps).max() < 0.05 * heights[0]


def test_a_performance_by_running_measures_is_close_to_the_files() -> None:
    clip = dance(ADULT, frames=300)
    target = measure_body(dance(0.4 * ADULT, middle=128.0, floor=230.0, size=(256, 256)))
    by_file = retarget(clip, target)
    running, off = RunningBody(clip.size), []
    for number in range(len(clip)):
        running.step(clip.joints[number], clip.faces[number], STEP)
        made = retarget(clip.slice(number, number + 1), target, running.body)
        apart = made.joints[0, :, :2] - by_file.joints[number, :, :2]
        off.append(np.abs(apart - apart[NECK]).mean())  # where the middle is, is known at the end alone
    assert np.mean(off[60:]) < 0.05 * target.torso
