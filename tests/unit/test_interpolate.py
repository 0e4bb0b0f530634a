"""What sets the interpolators apart: how near they come to the frame that was left out, and what a cut does."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from posetransfer.errors import PoseTransferError, ShapeError, UnknownName
from posetransfer.interpolate.dis import Dis
from posetransfer.interpolate.interpolator import INTERPOLATORS, interpolate
from posetransfer.types import Frame
from tests.stick_figure import picture, pose_at

SIZE = 256


def textured(seed: int) -> Frame:
    noise = np.random.default_rng(seed).integers(0, 255, (SIZE, SIZE, 3), dtype=np.uint8)
    return np.asarray(cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 4), None, 0, 255, cv2.NORM_MINMAX), np.uint8)


def error(by: str) -> float:
    """Mean squared error over what moves, of the middle frames of a performer at half the rate."""
    errors = []
    for moment in range(0, 12, 2):
        a, truth, b = (picture(pose_at(moment + step, SIZE), SIZE).astype(np.float64) for step in range(3))
        (made,) = INTERPOLATORS.resolve(by)().between(a.astype(np.uint8), b.astype(np.uint8), [0.5])
        moves = np.abs(a - b).max(axis=-1) > 20
        errors.append(((made - truth)[moves] ** 2).mean())
    return float(np.mean(errors))


def test_flow_beats_a_dissolve_and_a_dissolve_beats_nothing() -> None:
    errors = {by: error(by) for by in INTERPOLATORS}
    assert errors["dis"] < 0.7 * errors["blend"] < errors["double"]
    assert errors["farneback"] < errors["blend"]
    assert errors["dis"] < errors["farneback"]


@pytest.mark.parametrize("by", ["dis", "farneback"])
def test_flow_moves_a_picture_by_its_share_of_the_way(by: str) -> None:
    scene = textured(0)
    a, b = scene[:, :-12], scene[:, 8:-4]
    quarter, half = INTERPOLATORS.resolve(by)().between(a.copy(), b.copy(), [0.25, 0.5])
    inside = np.s_[20:-20, 20:-20]
    for made, step in ((quarter, 2), (half, 4)):
        truth = scene[:, step : step + SIZE - 12].astype(float)
        assert np.abs(made - truth)[inside].mean() < 3


def test_a_cut_shows_the_nearer_frame_not_a_mixture() -> None:
    a, b = textured(1), textured(2)
    made = Dis().between(a, b, [0.25, 0.5, 0.75])
    for frame, near in zip(made, (a, a, b), strict=True):
        np.testing.assert_array_equal(frame, near)


def test_noise_on_a_still_scene_is_no_cut() -> None:
    scene, rng = textured(3).astype(float), np.random.default_rng(4)
    a, b = (np.clip(scene + rng.normal(0, 3, scene.shape), 0, 255).astype(np.uint8) for _ in range(2))
    (made,) = Dis().between(a, b, [0.5])
    assert not np.array_equal(made, a) and np.abs(made - scene).mean() < np.abs(a - scene).mean()


def test_wrong_input_is_named() -> None:
    with pytest.raises(PoseTransferError, match="1 or more"):
        interpolate([], "dis", 0)
    with pytest.raises(UnknownName, match="dis, farneback, blend, double"):
        interpolate([], "magic", 2)
    with pytest.raises(ShapeError):
        list(interpolate([textured(0), textured(0)[:-2]], "blend", 2))


def test_factor_1_computes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self: object, *arguments: object) -> list[np.ndarray]:
        raise AssertionError("flow for nothing")

    monkeypatch.setattr("posetransfer.interpolate.dis.Dis.between", never)
    frames = [np.full((32, 32, 3), level, np.uint8) for level in (0, 90, 200)]
    assert [int(frame[0, 0, 0]) for frame in interpolate(frames, "dis", 1)] == [0, 90, 200]
