from __future__ import annotations

import cv2
import numpy as np
import pytest

from posetransfer.errors import ShapeError
from posetransfer.evaluate.steadiness import Flicker, TrueMotion, WarpError, was_visible
from posetransfer.types import Frame

SIDE = 96


def texture(seed: int = 0, side: int = SIDE + 40) -> Frame:
    """Smooth colours that flow can be found on: [side, side, 3]."""
    noise = np.random.default_rng(seed).integers(0, 255, (side, side, 3), dtype=np.uint8)
    return np.asarray(cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 4), None, 30, 225, cv2.NORM_MINMAX), np.uint8)


def panned(step: int, frames: int = 6) -> list[Frame]:
    """A camera that goes `step` px to the right a frame."""
    wide = texture()
    return [np.ascontiguousarray(wide[:SIDE, t * step : t * step + SIDE]) for t in range(frames)]


def brighter(frames: list[Frame], by: int) -> list[Frame]:
    """Every second frame brighter by so many levels."""
    return [frame + np.uint8(by * (t % 2)) for t, frame in enumerate(frames)]


def warp_error(made: list[Frame], true: list[Frame]):
    error, motion = WarpError(), TrueMotion()
    for one, other in zip(made, true, strict=True):
        error.add(one, other, motion.add(other))
    return error.result()


def test_true_motion_is_no_error() -> None:
    true = panned(3)
    steps = warp_error(true, true)
    assert steps.made.shape == (5,)
    np.testing.assert_array_equal(steps.made, steps.floor)
    assert steps.floor.max() < 1e-4


def test_flicker_over_true_motion_is_its_square() -> None:
    steps = warp_error(brighter(panned(3), 20), panned(3))
    np.testing.assert_allclose(steps.made, (20 / 255) ** 2, rtol=0.1)
    assert steps.floor.max() < 1e-4


def test_a_made_clip_that_stands_still_while_the_truth_moves_is_wrong() -> None:
    true = panned(3)
    still = warp_error([true[0]] * len(true), true)
    assert still.made.min() > 10 * still.floor.max()


def test_what_was_outside_or_hidden_before_is_not_judged() -> None:
    back = np.zeros((20, 30, 2), np.float32)
    back[..., 0] = 4  # came in from the right
    visible = was_visible(back, -back)
    assert visible[:, :25].all() and not visible[:, 26:].any()
    assert not was_visible(back, back)[:, :20].any()  # does not lead back
    torn = np.zeros((20, 30, 2), np.float32)
    torn[:, 15:, 1] = 3  # two things that move apart
    assert not was_visible(torn, -torn)[5:15, 14:16].any()


def test_a_cut_leaves_little_to_judge_and_no_error() -> None:
    steps = warp_error([texture(1, SIDE), texture(2, SIDE)], [texture(1, SIDE), texture(2, SIDE)])
    assert np.isnan(steps.made[0]) or steps.made[0] < 0.1


def test_background_flicker_is_the_deviation_where_the_truth_is_still() -> None:
    rng = np.random.default_rng(0)
    wall, flicker, all_made, all_true = texture(0, SIDE), Flicker(), [], []
    for t in range(60):
        true = np.clip(wall + rng.normal(0, 1, wall.shape), 0, 255).astype(np.uint8)
        true[:, :24] = 100 + 80 * (t % 2)  # somebody moves: a quarter of the picture
        made = np.clip(wall + rng.normal(0, 6, wall.shape), 0, 255).astype(np.uint8)
        made[:, :24] = 200 * (t % 2)
        flicker.add(made, true)
        all_made.append(made)
        all_true.append(true)
    score = flicker.result()
    assert score.static == pytest.approx(0.75)
    assert score.made == pytest.approx(np.std(all_made, axis=0)[:, 24:].mean(), rel=1e-9)
    assert score.floor == pytest.approx(np.std(all_true, axis=0)[:, 24:].mean(), rel=1e-9)
    assert 5.5 < score.made < 6.5


def test_flicker_of_nothing_is_nan() -> None:
    flicker = Flicker()
    assert np.isnan(flicker.result().made)
    for level in (0, 200):
        flicker.add(np.full((8, 8, 3), level, np.uint8), np.full((8, 8, 3), level, np.uint8))
    assert np.isnan(flicker.result().made) and flicker.result().static == 0


def test_frames_of_other_sizes_are_refused() -> None:
    small, large = np.zeros((32, 32, 3), np.uint8), np.zeros((32, 40, 3), np.uint8)
    for first, second in (((small, large), None), ((small, small), (large, large))):
        flicker, error, motion = Flicker(), WarpError(), TrueMotion()
        pairs = [first] if second is None else [first, second]
        with pytest.raises(ShapeError):
            for pair in pairs:
                flicker.add(*pair)
        with pytest.raises(ShapeError):
            for pair in pairs:
                error.add(*pair, motion.add(pair[1]))
