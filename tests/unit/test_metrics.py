from __future__ import annotations

import numpy as np
import pytest

from posetransfer.evaluate.metrics import body_box, correct_keypoints, crop, psnr, ssim, torso_length
from posetransfer.types import unseen_pose


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (64, 48, 3), dtype=np.uint8)


def test_equal_pictures_score_highest_and_worse_ones_lower() -> None:
    true = noise(0)
    near = np.clip(true.astype(int) + 5, 0, 255).astype(np.uint8)
    assert ssim(true, true) == pytest.approx(1.0)
    assert psnr(true, true) == 100.0
    assert 1 > ssim(near, true) > ssim(noise(1), true)
    assert psnr(near, true) > 30 > psnr(noise(1), true)


def test_psnr_is_the_formula() -> None:
    true = np.full((16, 16, 3), 100, np.uint8)
    assert psnr(true + np.uint8(10), true) == pytest.approx(10 * np.log10(255**2 / 100))


def test_body_box_has_a_margin_and_stays_inside() -> None:
    pose = unseen_pose()
    assert body_box(pose, (100, 100)) is None
    pose[0], pose[10] = (20, 10, 1), (60, 90, 1)
    box = body_box(pose, (100, 100))
    assert box == (14, 0, 66, 100)
    assert crop(np.zeros((100, 100, 3), np.uint8), box).shape == (100, 52, 3)


def test_body_box_is_never_narrower_than_ssim_can_see() -> None:
    pose = unseen_pose()
    pose[0], pose[10] = (1, 10, 1), (3, 60, 1)
    box = body_box(pose, (64, 64))
    assert box is not None and box.x0 == 0 and box.width == 11 and 0 <= box.y0 < box.y1 <= 64
    pose[0], pose[10] = (62, 10, 1), (70, 60, 1)
    box = body_box(pose, (64, 64))
    assert box is not None and box.x1 == 64 and box.width == 11
    assert body_box(pose, (8, 64)) is None


def test_correct_keypoints_counts_right_found_and_wanted() -> None:
    wanted = np.ones((2, 18, 3), np.float32)
    found = wanted.copy()
    found[0, 0, 0] += 3  # too far at torso 10
    found[1, 1] = (np.nan, np.nan, 0)
    wanted[1, 2] = (np.nan, np.nan, 0)  # not asked for
    assert correct_keypoints(found, wanted, torso=10) == (33, 34, 35)


def test_torso_length_is_neck_to_hips() -> None:
    joints = np.full((3, 18, 3), np.nan, np.float32)
    joints[..., 2] = 0
    assert np.isnan(torso_length(joints))
    joints[:, 1] = (5, 0, 1)
    joints[:, 8], joints[:, 11] = (0, 10, 1), (10, 10, 1)
    assert torso_length(joints) == pytest.approx(10)
