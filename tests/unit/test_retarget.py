"""Retargeting against skeletons of known limbs that make the same movements."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from posetransfer.conditioning.window import Window
from posetransfer.errors import CheckpointError, NoPersonFound
from posetransfer.poses.angles import limb_directions, limb_lengths
from posetransfer.poses.body import LEAST, PROPORTIONS, Body, measure_body
from posetransfer.poses.fill import fill_missing
from posetransfer.poses.retarget import limb_ratios, retarget, to_window
from posetransfer.poses.skeleton import (
    L_ANKLE,
    L_KNEE,
    L_WRIST,
    MIRRORED,
    NECK,
    NOSE,
    R_ANKLE,
    R_EAR,
    R_ELBOW,
    R_HIP,
    R_KNEE,
    R_WRIST,
)
from posetransfer.types import PoseSequence, unseen_pose
from tests.moving_skeleton import ADULT, dance, hide

LONG_LEGS = ADULT * np.array([1.1] * 6 + [1.0, 1.3, 1.3] * 2 + [1.0] * 5)
TARGET = {"middle": 128.0, "floor": 230.0, "size": (256, 256)}


def off(made: PoseSequence, truth: PoseSequence) -> np.ndarray:
    """[T, 18] px between places."""
    return np.linalg.norm((made.joints - truth.joints)[..., :2], axis=-1)


def with_faces(seq: PoseSequence) -> PoseSequence:
    """The clip with contours that go along with the nose, in the size of the eyes' distance."""
    shape = np.random.default_rng(3).uniform(-1, 1, (68, 2))
    apart = np.percentile(np.linalg.norm(seq.joints[:, 14, :2] - seq.joints[:, 15, :2], axis=1), 95)
    return replace(seq, faces=(seq.joints[:, NOSE, None, :2] + apart * shape).astype(np.float32))


def test_a_person_retargeted_to_their_own_body_stays():
    seq = with_faces(dance())
    made = retarget(seq, measure_body(seq))
    assert off(made, seq).max() < 0.01
    np.testing.assert_allclose(made.faces, seq.faces, atol=0.01)


@pytest.mark.parametrize("limbs", [1.7 * ADULT, LONG_LEGS, 0.6 * LONG_LEGS])
def test_another_body_gives_what_the_target_would_have_done(limbs):
    short = dance(0.4 * ADULT, **TARGET)
    made = retarget(dance(limbs), measure_body(short))
    torso = 0.4 * 100
    assert np.median(off(made, short)) < 0.03 * torso
    assert np.percentile(off(made, short), 95) < 0.1 * torso
    assert made.size == (256, 256)


def test_directions_and_foreshortening_are_kept():
    seq, target = dance(LONG_LEGS), dance(0.4 * ADULT, seed=5, **TARGET)
    made = retarget(seq, measure_body(target))
    np.testing.assert_allclose(limb_directions(made.joints), limb_directions(seq.joints), atol=1e-3)
    shortening = limb_lengths(made.joints) / limb_lengths(seq.joints)
    np.testing.assert_allclose(shortening, np.broadcast_to(np.median(shortening, axis=0), shortening.shape), rtol=1e-2)


def test_the_drivers_resolution_and_aspect_do_not_matter():
    body = measure_body(dance(0.4 * ADULT, **TARGET))
    seq = dance(LONG_LEGS)
    large = seq.joints.copy()
    large[..., :2] = large[..., :2] * 2.5 + (300, 0)
    wide = replace(seq, joints=large, size=(3000, 1125))
    assert off(retarget(wide, body), retarget(seq, body)).max() < 0.05


def test_a_mirrored_driver_gives_the_mirrored_performance():
    target = dance(0.4 * ADULT, **TARGET)
    body = measure_body(target)
    seq = dance(LONG_LEGS)
    flipped = seq.joints[:, list(MIRRORED)].copy()
    flipped[..., 0] = seq.size[0] - flipped[..., 0]
    made, mirrored = retarget(seq, body).joints, retarget(seq.with_joints(flipped), body).joints[:, list(MIRRORED)]
    middle = 2 * body.joints[NECK, 0]
    np.testing.assert_allclose(middle - mirrored[..., 0], made[..., 0], atol=0.1)
    np.testing.assert_allclose(mirrored[..., 1], made[..., 1], atol=0.1)


def test_feet_stand_on_the_targets_floor_and_hops_stay_hops():
    target = dance(0.4 * ADULT, **TARGET)
    seq = dance(LONG_LEGS)
    made = retarget(seq, measure_body(target))
    heights = 230 - made.joints[:, [R_ANKLE, L_ANKLE], 1].max(axis=1)
    truth = 230 - target.joints[:, [R_ANKLE, L_ANKLE], 1].max(axis=1)
    np.testing.assert_allclose(heights, truth, atol=1.5)
    assert heights.max() > 2
    assert np.abs(heights[truth == 0]).max() < 0.01


def test_without_feet_the_hips_stand_where_the_targets_do():
    seq = dance(LONG_LEGS)
    for joint in (R_KNEE, R_ANKLE, L_KNEE, L_ANKLE):
        seq = hide(seq, joint, 0, len(seq))
    target = dance(0.4 * ADULT, **TARGET)
    body = measure_body(target)
    made = retarget(seq, body)
    assert (made.joints[:, [R_KNEE, R_ANKLE, L_KNEE, L_ANKLE], 2] == 0).all()
    assert np.median(made.joints[:, R_HIP, 1]) == pytest.approx(body.joints[R_HIP, 1], abs=2)
    assert np.median(off(made, target)[:, :8]) < 4


def test_feet_hidden_for_a_while_do_not_make_the_person_jump():
    seq = dance(LONG_LEGS)
    hidden = hide(hide(seq, R_ANKLE, 100, 130), L_ANKLE, 100, 130)
    body = measure_body(dance(0.4 * ADULT, **TARGET))
    made, whole = retarget(hidden, body), retarget(seq, body)
    assert np.nanmax(off(made, whole)) < 5
    steps = np.abs(np.diff(made.joints[:, NECK, 1]))
    assert steps[95:135].max() < 1.5 * np.abs(np.diff(whole.joints[:, NECK, 1])).max() + 0.5


def test_unseen_joints_stay_unseen_and_what_hangs_on_them_stays_near():
    seq = hide(dance(LONG_LEGS), R_ELBOW, 50, 60)
    body = measure_body(dance(0.4 * ADULT, **TARGET))
    made, whole = retarget(seq, body), retarget(dance(LONG_LEGS), body)
    assert np.isnan(made.joints[50:60, R_ELBOW, :2]).all()
    assert off(made, whole)[50:60, R_WRIST].max() < 5
    blank = seq.joints.copy()
    blank[70] = unseen_pose()
    np.testing.assert_array_equal(retarget(seq.with_joints(blank), body).joints[70], unseen_pose())


def test_a_hidden_neck_does_not_lose_the_body():
    body = measure_body(dance(0.4 * ADULT, **TARGET))
    made, whole = retarget(hide(dance(LONG_LEGS), NECK, 50, 60), body), retarget(dance(LONG_LEGS), body)
    assert np.nanmax(off(made, whole)[50:60]) < 5


def test_the_face_goes_with_the_head_and_has_the_targets_size():
    target = with_faces(dance(0.4 * ADULT, **TARGET))
    made = retarget(with_faces(dance(1.7 * ADULT)), measure_body(target))
    np.testing.assert_allclose(made.faces, target.faces, atol=1.5)
    large_head = replace(
        target, faces=target.joints[:, NOSE, None, :2] + 1.5 * (target.faces - target.joints[:, NOSE, None, :2])
    )
    larger = retarget(with_faces(dance(1.7 * ADULT)), measure_body(large_head))
    assert np.ptp(larger.faces[0, :, 0]) == pytest.approx(1.5 * np.ptp(made.faces[0, :, 0]), rel=0.01)
    ears = np.linalg.norm(larger.joints[:, R_EAR, :2] - larger.joints[:, NOSE, :2], axis=1)
    small_ears = np.linalg.norm(made.joints[:, R_EAR, :2] - made.joints[:, NOSE, :2], axis=1)
    np.testing.assert_allclose(ears, 1.5 * small_ears, rtol=0.01)


def test_a_face_without_a_head_is_dropped():
    seq = with_faces(dance())
    for joint in (NOSE, 14, 15):
        seq = hide(seq, joint, 10, 12)
    made = retarget(seq, measure_body(seq))
    assert np.isnan(made.faces[10:12]).all()
    assert not np.isnan(made.faces[12]).any()


def test_limbs_never_seen_at_length_are_not_believed():
    seq = dance()
    joints = seq.joints.copy()
    joints[:, R_WRIST, :2] = joints[:, R_ELBOW, :2] + 2  # both forearms point at the camera all the time
    joints[:, L_WRIST, :2] = joints[:, 6, :2] + 2
    body = measure_body(seq.with_joints(joints))
    assert body.limbs[2] == pytest.approx(LEAST * PROPORTIONS[2] * 100, rel=0.2)
    assert limb_ratios(body, body)[2] == 1


def test_limbs_hardly_seen_are_taken_from_the_others():
    body = measure_body(hide(hide(hide(dance(), L_ANKLE, 0, 240), R_ANKLE, 4, 240), R_KNEE, 0, 2))
    assert body.limbs[8] == pytest.approx(ADULT[8], rel=0.2)


def test_filled_joints_do_not_count_as_measures():
    whole = measure_body(dance())
    joints = hide(hide(dance(), R_WRIST, 40, 240), L_WRIST, 40, 240)
    filled = measure_body(fill_missing(joints))
    assert filled.limbs[2] == pytest.approx(measure_body(joints).limbs[2], rel=0.1)
    assert filled.limbs[2] == pytest.approx(whole.limbs[2], rel=0.25)


def test_left_and_right_have_one_length():
    limbs = measure_body(dance()).limbs
    np.testing.assert_array_equal(limbs[[0, 1, 2, 6, 7, 8, 13, 14]], limbs[[3, 4, 5, 9, 10, 11, 15, 16]])


def test_a_body_survives_json():
    seq = with_faces(hide(hide(dance(), L_ANKLE, 0, 240), R_ANKLE, 0, 240))
    body = measure_body(seq)
    again = Body.from_json(json.loads(json.dumps(body.to_json())))
    assert np.isnan(again.floor)
    np.testing.assert_allclose(again.limbs, body.limbs, atol=1e-3)
    np.testing.assert_allclose(again.joints, body.joints, atol=1e-3)
    assert off(retarget(seq, again, body), retarget(seq, body, body))[:, :10].max() < 0.05


@pytest.mark.parametrize("damage", [{"limbs": [1, 2]}, {"height": "tall"}, {"size": 3}, {"extra": 1}])
def test_a_damaged_body_is_refused(damage):
    with pytest.raises(CheckpointError, match="measures"):
        Body.from_json(measure_body(dance(frames=5)).to_json() | damage)
    with pytest.raises(CheckpointError, match="measures"):
        Body.from_json({})


def test_a_clip_without_shoulders_is_refused():
    with pytest.raises(NoPersonFound, match="shoulders"):
        measure_body(hide(dance(), NECK, 0, 240))
    blank = replace(dance(frames=3), joints=np.array([unseen_pose()] * 3))
    with pytest.raises(NoPersonFound):
        measure_body(blank)


def test_to_window_moves_everything_and_keeps_the_shape():
    seq = with_faces(dance())
    made = to_window(seq, Window(100, -20, 500, 250))
    np.testing.assert_allclose(made.joints[..., :2], (seq.joints[..., :2] - (100, -20)) / 2, atol=1e-3)
    np.testing.assert_allclose(made.faces, (seq.faces - (100, -20)) / 2, atol=1e-3)
    np.testing.assert_array_equal(made.joints[..., 2], seq.joints[..., 2])
    assert made.size == (250, 250)
