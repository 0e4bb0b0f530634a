from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

import numpy as np
import pytest

from posetransfer.evaluate.judge import Judge
from posetransfer.types import Box, Frame, Person, PoseSequence


def wanted() -> PoseSequence:
    joints = np.ones((3, 18, 3), np.float32)
    joints[..., 0] = np.linspace(10, 50, 18)
    joints[..., 1] = np.linspace(5, 60, 18)
    joints[:, 1, :2], joints[:, 8, :2], joints[:, 11, :2] = (32, 10), (28, 30), (36, 30)  # a torso of 20 px
    return PoseSequence(joints, np.full((3, 68, 2), np.nan, np.float32), (64, 64), Fraction(25))


class Shifted:
    """Finds the wanted pose, moved right by as many px as the frame's first pixel is red; nobody at 255."""

    NAME: ClassVar[str] = "shifted"

    def people(self, frame: Frame, *, thorough: bool = True) -> list[Person]:
        shift = int(frame[0, 0, 0])
        if shift == 255:
            return []
        pose = wanted().joints[0].copy()
        pose[:, 0] += shift
        return [Person(Box(0, 0, 64, 64), pose)]

    def follow(self, frame: Frame, last: Person) -> Person | None:
        raise AssertionError("a judge looks at each frame for itself")


def frames(*reds: int) -> list[Frame]:
    return [np.full((64, 64, 3), (red, 90, 90), np.uint8) for red in reds]


def test_pck_counts_joints_within_a_fifth_of_the_torso() -> None:
    score = Judge(wanted(), Shifted()).score(frames(0, 3, 5))
    assert score.frames == 3
    assert score.pck == pytest.approx(2 / 3)
    assert score.missing == 0


def test_a_person_not_found_again_is_missing() -> None:
    score = Judge(wanted(), Shifted()).score(frames(0, 255, 255))
    assert (score.pck, score.missing) == (pytest.approx(1 / 3), pytest.approx(2 / 3))


def test_joints_that_were_only_filled_in_are_not_asked_for() -> None:
    sequence = wanted()
    joints = sequence.joints.copy()
    joints[:, 4:8, 2] = 0.05
    joints[:, 4:8, 0] += 40  # nowhere near, but not asked for
    assert Judge(sequence.with_joints(joints), Shifted()).score(frames(0, 0, 0)).pck == 1


def test_likeness_needs_the_truth_and_is_1_for_it() -> None:
    rng = np.random.default_rng(0)
    true = [rng.integers(0, 256, (64, 64, 3), dtype=np.uint8) for _ in range(3)]
    score = Judge(wanted()).score(iter(true), iter(true))
    assert score.body_ssim == pytest.approx(1) and score.frame_psnr == 100
    assert np.isnan(score.pck)
    without = Judge(wanted()).score(iter(true))
    assert np.isnan(without.body_ssim)
