"""Pairs in groups that a person can look through."""

from __future__ import annotations

import numpy as np

from posetransfer.pairs.build import build_pairs
from posetransfer.pairs.groups import group_pairs
from posetransfer.poses.skeleton import L_WRIST
from tests.unit.test_pairs_build import clip


def test_every_pair_is_in_one_group_and_the_worst_come_first() -> None:
    source, target = clip([0, 5, 9] * 20), clip([0, 5, 9])
    source.joints[5::6, L_WRIST, 1] += 30  # every second of the last pose, its wrist seen wrongly
    pairs = build_pairs(source, target, keep=1.0)
    groups = group_pairs(pairs, source.joints, target.joints, most=12)
    assert len(groups) == 4, "a pose seen wrongly is not among right ones that found the same picture"
    assert groups[0].source.tolist() == list(range(5, 60, 6)) and groups[0].distance > 0.01
    assert sorted(np.concatenate([group.source for group in groups]).tolist()) == list(range(60))
    for group in groups:
        at = pairs.source.tolist().index(group.example[0])
        assert group.example[0] in group.source and group.example[1] == pairs.target[at]
    assert max(group.distance for group in groups[1:]) < 1e-5


def test_few_pairs_are_a_group_each() -> None:
    two = clip([0, 6])
    groups = group_pairs(build_pairs(two, two, keep=1.0), two.joints, two.joints)
    assert [group.source.tolist() for group in groups] == [[0], [1]]


def test_pairs_without_some_frames() -> None:
    pairs = build_pairs(clip([0, 3, 6, 9]), clip([0, 3, 6, 9]), keep=1.0)
    kept = pairs.without((1, 3, 77))
    assert kept.source.tolist() == [0, 2] and kept.target.tolist() == [0, 2]
    assert kept.used == 0.5 and pairs.used == 1 and len(kept.distance) == 2
