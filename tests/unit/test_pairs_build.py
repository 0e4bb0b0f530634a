"""Pairs of A's frames with B's: nearest, the worst left out, the coverage told."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from posetransfer.errors import TrainingError
from posetransfer.pairs.build import build_pairs, paper_pairs
from posetransfer.poses.skeleton import L_WRIST
from posetransfer.types import PoseSequence, unseen_face, unseen_pose
from tests.stick_figure import pose_at


def clip(moments: list[int], size: int = 256) -> PoseSequence:
    joints = np.stack([pose_at(moment, size) for moment in moments])
    return PoseSequence(joints, np.stack([unseen_face()] * len(moments)), (size, size), Fraction(25))


def test_each_frame_is_paired_with_its_own_pose_whatever_the_size() -> None:
    pairs = build_pairs(clip(list(range(10)), 512), clip(list(range(9, -1, -1))), keep=1.0)
    assert pairs.source.tolist() == list(range(10))
    assert pairs.target.tolist() == list(range(9, -1, -1))
    assert pairs.used == 1 and pairs.coverage == 1 and len(pairs) == 10
    np.testing.assert_allclose(pairs.distance, 0, atol=1e-5)


def test_the_worst_fifth_is_left_out_and_order_is_kept() -> None:
    source = clip(list(range(10)))
    source.joints[[2, 5], L_WRIST, 1] += 200  # arms that B never took
    pairs = build_pairs(source, clip(list(range(10))))
    assert pairs.source.tolist() == [0, 1, 3, 4, 6, 7, 8, 9]


def test_coverage_tells_what_of_the_target_is_reached() -> None:
    target = clip([0] * 6 + [5] * 4)
    pairs = build_pairs(clip([0, 0, 0]), target, keep=1.0)
    assert pairs.coverage == pytest.approx(0.6)
    assert pairs.used == pytest.approx(0.1)  # ties go to the first of the six
    assert set(pairs.target) == {0}


def test_frames_that_show_nobody_are_left_out() -> None:
    source = clip([0, 1, 2])
    source.joints[1] = unseen_pose()
    assert build_pairs(source, clip([0, 1, 2]), keep=1.0).source.tolist() == [0, 2]


def test_nothing_comparable_is_an_error() -> None:
    nobody = clip([0, 0])
    nobody.joints[:] = unseen_pose()
    with pytest.raises(TrainingError, match="same part of the body"):
        build_pairs(nobody, clip([0, 1]))


def test_the_papers_pairs_keep_all_and_measure_pixels() -> None:
    source, target = clip([0, 3, 6]), clip([0, 3, 6])
    source.joints[1, L_WRIST] = (np.nan, np.nan, 0)
    pairs = paper_pairs(source, target)
    assert len(pairs) == 3
    expected = np.median(source.joints[[0, 2], L_WRIST, :2], axis=0) - target.joints[pairs.target[1], L_WRIST, :2]
    rest = source.joints[1, :, :2] - target.joints[pairs.target[1], :, :2]
    assert pairs.distance[1] == pytest.approx(np.sqrt(np.nansum(rest**2) + (expected**2).sum()), rel=1e-5)
