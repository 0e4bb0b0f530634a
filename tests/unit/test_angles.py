"""Limbs as vectors."""

from __future__ import annotations

import numpy as np
import pytest

from posetransfer.poses.angles import (
    limb_directions,
    limb_lengths,
    limb_vectors,
    mid_hips,
    person_sizes,
    torso_lengths,
)
from posetransfer.poses.skeleton import L_ANKLE, L_KNEE, LIMBS, NECK, R_HIP, R_WRIST
from posetransfer.types import unseen_pose
from tests.moving_skeleton import ADULT, dance, hide


def test_vectors_go_from_parent_to_child_over_any_leading_axes():
    joints = dance(frames=4).joints
    shin = LIMBS.index((L_KNEE, L_ANKLE))
    np.testing.assert_array_equal(limb_vectors(joints)[:, shin], joints[:, L_ANKLE, :2] - joints[:, L_KNEE, :2])
    np.testing.assert_array_equal(limb_vectors(joints[2]), limb_vectors(joints)[2])
    np.testing.assert_array_equal(limb_vectors(joints[None])[0], limb_vectors(joints))


def test_directions_are_unit_vectors_that_do_not_know_the_size():
    joints = dance().joints
    directions = limb_directions(joints)
    np.testing.assert_allclose(np.linalg.norm(directions, axis=-1), 1, atol=1e-5)
    larger = joints.copy()
    larger[..., :2] = larger[..., :2] * 3 + 17
    np.testing.assert_allclose(limb_directions(larger), directions, atol=1e-3)


def test_no_limb_is_longer_in_the_image_than_it_is():
    lengths = limb_lengths(dance().joints)
    assert (lengths <= ADULT + 1e-3).all()
    np.testing.assert_allclose(lengths.max(axis=0)[[0, 1, 2, 6, 7, 8]], ADULT[[0, 1, 2, 6, 7, 8]], rtol=0.1)


def test_what_is_unseen_is_nan_and_a_point_has_no_direction():
    joints = hide(dance(frames=2), R_WRIST, 0, 1).joints.copy()
    assert np.isnan(limb_lengths(joints)[0]).tolist() == [R_WRIST in limb for limb in LIMBS]
    joints[1, R_HIP] = joints[1, NECK]
    assert np.isnan(limb_directions(joints)[1, LIMBS.index((NECK, R_HIP))]).all()


def test_the_torso_goes_to_the_middle_of_the_hips():
    joints = dance(frames=3).joints
    expected = np.linalg.norm(joints[:, NECK, :2] - mid_hips(joints), axis=1)
    np.testing.assert_allclose(torso_lengths(joints), expected)
    assert np.isnan(torso_lengths(hide(dance(frames=1), R_HIP, 0, 1).joints)).all()


def test_a_persons_size_survives_hidden_hips_and_bowing():
    joints = dance().joints
    sizes = person_sizes(joints)
    hidden = joints.copy()
    hidden[:, [8, 11]] = (np.nan, np.nan, 0)
    np.testing.assert_allclose(np.median(person_sizes(hidden)), np.median(sizes), rtol=0.15)
    only_legs = hidden.copy()
    only_legs[:, :8] = (np.nan, np.nan, 0)
    assert (person_sizes(only_legs) > 10).all()


@pytest.mark.parametrize("shape", [(18, 3), (5, 18, 3)])
def test_an_unseen_person_has_no_size(shape):
    assert np.isnan(person_sizes(np.broadcast_to(unseen_pose(), shape))).all()
