from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from posetransfer.errors import PoseTransferError
from posetransfer.evaluate.duo import REELS
from posetransfer.evaluate.truth import load_truth
from posetransfer.poses.skeleton import L_HIP, NECK, NOSE, R_HIP

RATE = Fraction(25)
KOFI = REELS / "test-kofi" / "joints.npz"


def write(path: Path, pixels: np.ndarray, /, **changed: object) -> Path:
    arrays = {
        "pixels": pixels,
        "metres": np.zeros((len(pixels), 18, 3), np.float32),
        "camera_place": np.array([0, -3.5, 1]),
        "size": 100,
    } | changed
    np.savez_compressed(path, **{name: np.asarray(value) for name, value in arrays.items()})
    return path


def test_a_corner_of_the_rendering_is_half_a_pixel_before_the_first_centre(tmp_path: Path) -> None:
    pixels = np.full((2, 18, 2), 50.0, np.float32)
    pixels[0, NOSE] = (0.5, 99.5)  # the middle of a corner's pixel
    truth = load_truth(write(tmp_path / "joints.npz", pixels))
    poses = truth.poses((100, 100), RATE)
    np.testing.assert_allclose(poses.joints[0, NOSE], (0, 99, 1))
    half = truth.poses((50, 50), RATE)
    np.testing.assert_allclose(half.joints[0, NOSE, :2], (-0.25, 49.25))
    assert half.size == (50, 50) and half.fps == RATE and len(half) == len(truth) == 2


def test_joints_outside_the_picture_are_unseen(tmp_path: Path) -> None:
    pixels = np.full((1, 18, 2), 50.0, np.float32)
    pixels[0, NOSE] = (101, 50)
    pixels[0, NECK] = (50, -1)
    joints = load_truth(write(tmp_path / "joints.npz", pixels)).poses((100, 100), RATE).joints[0]
    assert np.isnan(joints[[NOSE, NECK], :2]).all() and (joints[[NOSE, NECK], 2] == 0).all()
    assert (joints[2:, 2] == 1).all()


def test_a_rendered_reel_is_read_whole() -> None:
    truth = load_truth(KOFI)
    joints = truth.poses((384, 384), RATE).joints
    assert joints.shape == (350, 18, 3) and (joints[..., 2] == 1).mean() > 0.99
    hips = (joints[:, R_HIP, 1] + joints[:, L_HIP, 1]) / 2
    assert (joints[:, NECK, 1] < hips).mean() > 0.9, "y points down"
    depth = truth.metres[..., 1] - truth.camera[1]
    seen = 192 + truth.metres[..., 0] * 540.69 / depth
    np.testing.assert_allclose(truth.pixels[..., 0], seen, atol=0.05)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"metres": np.zeros((3, 18, 3), np.float32)}, "metres should have shape"),
        ({"pixels": np.zeros((2, 17, 2), np.float32)}, "pixels should have shape"),
        ({"size": np.array([1, 2])}, "damaged or holds no joints"),
        ({"size": "large"}, "damaged or holds no joints"),
    ],
)
def test_other_shapes_are_refused_in_a_sentence(tmp_path: Path, changed: dict[str, object], says: str) -> None:
    path = write(tmp_path / "joints.npz", np.zeros((2, 18, 2), np.float32), **changed)
    with pytest.raises(PoseTransferError, match=says):
        load_truth(path)


def test_a_missing_or_damaged_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PoseTransferError, match="no joints at"):
        load_truth(tmp_path / "joints.npz")
    (tmp_path / "words.npz").write_text("words")
    with pytest.raises(PoseTransferError, match=r"words\.npz is damaged"):
        load_truth(tmp_path / "words.npz")
    np.savez(tmp_path / "other.npz", other=np.zeros(3))
    with pytest.raises(PoseTransferError, match=r"other\.npz is damaged or holds no joints"):
        load_truth(tmp_path / "other.npz")
