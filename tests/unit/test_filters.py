"""Filters against a movement whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posetransfer.errors import UnknownName
from posetransfer.poses.fill import FILLED_CONFIDENCE, HALF_LIFE
from posetransfer.poses.filters import (
    FILTERS,
    FaceFilter,
    KalmanFilter,
    OneEuroFilter,
    drop_jumps,
    fill_missing,
    repair_swaps,
    smooth,
)
from posetransfer.poses.kalman import PREDICTED_FRAMES
from posetransfer.poses.skeleton import L_WRIST, MIRRORED, R_WRIST
from posetransfer.types import unseen_face, unseen_pose
from tests.moving_skeleton import FPS, dance, hide, with_noise

TORSO = 100.0
SECONDS = float(1 / FPS)


def jitter(joints: np.ndarray) -> float:
    """Mean length of the second difference of the places, px."""
    places = joints[..., :2].astype(np.float64)
    return float(np.linalg.norm(places[2:] - 2 * places[1:-1] + places[:-2], axis=-1).mean())


def error(joints: np.ndarray, truth: np.ndarray) -> float:
    return float(np.linalg.norm((joints - truth)[..., :2], axis=-1).mean())


def median_lag(joints: np.ndarray, truth: np.ndarray) -> float:
    """Frames by which the truth has to be held back to fit best: the median over the joints."""
    frames, shifts = np.arange(10, len(truth) - 10), np.arange(-2, 5.01, 0.1)
    times = np.arange(len(truth))
    lags = []
    for joint in range(truth.shape[1]):
        held = [
            np.stack([np.interp(frames - shift, times, truth[:, joint, axis]) for axis in (0, 1)], axis=1)
            for shift in shifts
        ]
        misfits = [((joints[frames, joint, :2] - places) ** 2).sum() for places in held]
        lags.append(shifts[int(np.argmin(misfits))])
    return float(np.median(lags))


@pytest.fixture(scope="module")
def truth():
    return dance()


@pytest.fixture(scope="module")
def noisy(truth):
    return with_noise(truth, 0.01 * TORSO)


@pytest.mark.parametrize("by", list(FILTERS))
def test_files_are_five_times_calmer_without_lag_and_nearer_to_the_truth(truth, noisy, by):
    calm = smooth(noisy, by).joints
    assert jitter(noisy.joints) / jitter(calm) > 5
    assert abs(median_lag(calm, truth.joints)) <= 0.2
    assert error(calm, truth.joints) < 0.7 * error(noisy.joints, truth.joints)


@pytest.mark.parametrize(("by", "calmer", "further"), [("one-euro", 1.7, 1.15), ("kalman", 2.0, 1.0)])
def test_live_is_calmer_within_a_frame_of_lag(truth, noisy, by, calmer, further):
    live = smooth(noisy, by, backward=False).joints
    assert jitter(noisy.joints) / jitter(live) > calmer
    assert median_lag(live, truth.joints) <= 0.7
    assert error(live, truth.joints) < further * error(noisy.joints, truth.joints)


def test_one_euro_is_calmest_live_where_the_person_stands_still():
    still = dance(frames=1).joints.repeat(240, axis=0)
    noisy = with_noise(dance().with_joints(still), 0.01 * TORSO)
    live = smooth(noisy, backward=False).joints
    assert jitter(noisy.joints) / jitter(live) > 3
    assert error(live[30:], still[30:]) < 0.6 * error(noisy.joints, still)


@pytest.mark.parametrize("by", list(FILTERS))
def test_the_form_for_clips_is_the_causal_step(noisy, by):
    step = FILTERS.resolve(by)()
    stepped = [step.step(pose, SECONDS) for pose in noisy.joints]
    np.testing.assert_array_equal(smooth(noisy, by, backward=False).joints, stepped)


@pytest.mark.parametrize("by", list(FILTERS))
@pytest.mark.parametrize("backward", [True, False])
def test_filters_do_not_depend_on_the_resolution(noisy, by, backward):
    large = noisy.joints.copy()
    large[..., :2] *= 3
    ours = smooth(noisy.with_joints(large), by, backward=backward).joints[..., :2] / 3
    np.testing.assert_allclose(ours, smooth(noisy, by, backward=backward).joints[..., :2], atol=0.05)


@pytest.mark.parametrize("by", list(FILTERS))
def test_a_person_who_stands_still_stays(by):
    still = dance(frames=1).joints.repeat(50, axis=0)
    seq = replace(dance(frames=50), joints=still)
    np.testing.assert_allclose(smooth(seq, by).joints, still, atol=1e-3)


def test_off_is_the_clip_and_unknown_names_are_refused(noisy):
    assert smooth(noisy, "off") is noisy
    with pytest.raises(UnknownName, match="one-euro, kalman"):
        smooth(noisy, "median")


@pytest.mark.parametrize("by", list(FILTERS))
def test_an_empty_clip_and_a_clip_without_a_person_pass(by):
    empty = dance(frames=0)
    assert len(smooth(empty, by)) == 0
    blank = replace(dance(frames=5), joints=np.array([unseen_pose()] * 5))
    assert smooth(blank, by).coverage == 0


def test_one_euro_leaves_unseen_joints_unseen_and_starts_anew_after_a_gap():
    seq = hide(dance(), R_WRIST, 30, 90)
    joints = seq.joints.copy()
    joints[90:, R_WRIST, :2] += 200
    by = OneEuroFilter()
    out = np.array([by.step(pose, SECONDS) for pose in joints])
    assert np.isnan(out[30:90, R_WRIST, :2]).all()
    assert (out[30:90, R_WRIST, 2] == 0).all()
    np.testing.assert_allclose(out[90, R_WRIST], joints[90, R_WRIST])


def test_a_doubted_joint_is_smoothed_more():
    sure = with_noise(dance(), 2.0)
    doubted = sure.joints.copy()
    doubted[..., 2] = 0.2
    assert jitter(smooth(sure.with_joints(doubted)).joints) < 0.8 * jitter(smooth(sure).joints)
    unsure = smooth(sure.with_joints(doubted), "kalman").joints
    assert jitter(unsure) < 0.9 * jitter(smooth(sure, "kalman").joints)


def test_kalman_predicts_a_short_gap_and_gives_up_on_a_long_one():
    truth = dance()
    by = KalmanFilter()
    out = np.array([by.step(pose, SECONDS) for pose in hide(truth, R_WRIST, 60, 80).joints])
    predicted = out[60 : 60 + PREDICTED_FRAMES, R_WRIST]
    assert np.linalg.norm(predicted - truth.joints[60 : 60 + PREDICTED_FRAMES, R_WRIST], axis=1).max() < 0.2 * TORSO
    assert (np.diff(predicted[:, 2]) < 0).all()
    assert np.isnan(out[60 + PREDICTED_FRAMES : 80, R_WRIST, 0]).all()
    np.testing.assert_allclose(out[80, R_WRIST], truth.joints[80, R_WRIST], atol=1e-3)


def test_kalman_bridges_a_short_gap_of_a_file_to_its_end():
    truth = dance()
    out = smooth(hide(truth, R_WRIST, 60, 65), "kalman").joints
    assert np.linalg.norm((out - truth.joints)[60:65, R_WRIST, :2], axis=1).max() < 0.03 * TORSO


def test_faces_are_smoothed_and_unseen_ones_stay_unseen():
    rng = np.random.default_rng(0)
    face = rng.uniform(0, 40, (68, 2)).astype(np.float32)
    faces = (face + rng.normal(0, 0.6, (60, 68, 2))).astype(np.float32)
    faces[20:25] = unseen_face()
    calm = smooth(replace(dance(frames=60), faces=faces)).faces
    assert np.isnan(calm[20:25]).all()
    assert jitter(calm[25:]) < jitter(faces[25:]) / 5
    by = FaceFilter()
    assert jitter(np.array([by.step(face, SECONDS) for face in faces[25:]])) < jitter(faces[25:]) / 2.5


def test_median_fill_is_the_papers():
    seq = hide(dance(), R_WRIST, 100, 150)
    filled = fill_missing(seq, "median").joints
    seen = np.r_[0:100, 150 : len(seq)]
    np.testing.assert_allclose(filled[120, R_WRIST, :2], np.median(seq.joints[seen, R_WRIST, :2], axis=0))
    assert (filled[100:150, R_WRIST, 2] == np.float32(FILLED_CONFIDENCE)).all()
    np.testing.assert_array_equal(filled[seen], seq.joints[seen])


def test_fill_in_time_follows_the_movement_and_holds_at_the_ends():
    truth = dance()
    seq = hide(hide(hide(truth, R_WRIST, 100, 106), L_WRIST, 0, 10), L_WRIST, 230, 240)
    filled = fill_missing(seq).joints
    assert np.linalg.norm((filled - truth.joints)[100:106, R_WRIST, :2], axis=1).max() < 0.05 * TORSO
    np.testing.assert_array_equal(filled[:10, L_WRIST, :2], np.tile(truth.joints[10, L_WRIST, :2], (10, 1)))
    np.testing.assert_array_equal(filled[230:, L_WRIST, :2], np.tile(truth.joints[229, L_WRIST, :2], (10, 1)))
    assert fill_missing(seq).coverage == 1


def test_the_confidence_of_a_fill_in_time_falls_with_the_distance():
    filled = fill_missing(hide(dance(), R_WRIST, 60, 180)).joints[60:180, R_WRIST, 2]
    half = round(HALF_LIFE * float(FPS))
    assert filled[half - 1] == pytest.approx(0.45, abs=0.01)
    assert filled[60] == np.float32(FILLED_CONFIDENCE)
    np.testing.assert_allclose(filled, filled[::-1], rtol=1e-5)


@pytest.mark.parametrize("how", ["median", "time"])
def test_a_joint_never_seen_stays_unseen(how):
    filled = fill_missing(hide(dance(), R_WRIST, 0, 240), how)
    assert (filled.joints[:, R_WRIST, 2] == 0).all()
    with pytest.raises(UnknownName):
        fill_missing(dance(), "nearest")


def test_a_joint_seen_once_is_filled_with_that_place():
    seq = hide(hide(dance(), R_WRIST, 0, 50), R_WRIST, 51, 240)
    filled = fill_missing(seq).joints[:, R_WRIST, :2]
    np.testing.assert_array_equal(filled, np.tile(seq.joints[50, R_WRIST, :2], (240, 1)))


def test_a_joint_that_jumps_for_one_frame_is_dropped_and_the_movement_is_not():
    truth = dance()
    joints = truth.joints.copy()
    joints[77, R_WRIST, :2] += 60
    repaired = drop_jumps(truth.with_joints(joints)).joints
    assert np.argwhere(repaired[..., 2] == 0).tolist() == [[77, R_WRIST]]
    np.testing.assert_array_equal(drop_jumps(truth).joints, truth.joints)


@pytest.mark.parametrize("group", [(2, 3, 4, 5, 6, 7), (8, 9, 10, 11, 12, 13), tuple(range(18))])
def test_left_and_right_that_trade_places_are_put_back(group):
    truth = dance()
    joints = truth.joints.copy()
    for start, stop in ((40, 41), (100, 108)):
        joints[start:stop, list(group)] = truth.joints[start:stop][:, [MIRRORED[joint] for joint in group]]
    np.testing.assert_array_equal(repair_swaps(truth.with_joints(joints)).joints[:, :14], truth.joints[:, :14])


def test_a_person_who_turns_round_is_left_alone():
    truth = dance()
    np.testing.assert_array_equal(repair_swaps(truth).joints, truth.joints)
    joints = truth.joints.copy()
    joints[120:] = truth.joints[120:, list(MIRRORED)]
    np.testing.assert_array_equal(repair_swaps(truth.with_joints(joints)).joints, joints)
