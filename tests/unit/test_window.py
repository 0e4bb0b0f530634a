from __future__ import annotations

import cv2
import numpy as np
import pytest

from posetransfer.conditioning.window import Window, window_around
from posetransfer.errors import NoPersonFound
from posetransfer.types import Box
from tests.performers import INES, frame


def test_crop_inside_is_the_picture_itself() -> None:
    frame = np.arange(20 * 30 * 3, dtype=np.uint8).reshape(20, 30, 3)
    assert np.array_equal(Window(5, 2, 10, 10).crop(frame), frame[2:12, 5:15])


def test_crop_outside_repeats_the_edge() -> None:
    frame = np.zeros((10, 10, 3), np.uint8)
    frame[:, 0] = 200
    cropped = Window(-4, 0, 10, 10).crop(frame)
    assert (cropped[:, :5] == 200).all() and (cropped[:, 5:] == 0).all()


def test_a_window_wholly_outside_still_gives_a_picture() -> None:
    assert Window(-50, 400, 20, 16).crop(np.full((10, 10, 3), 7, np.uint8)).tolist() == [[[7] * 3] * 16] * 16


def test_points_go_there_and_back() -> None:
    window = Window(-7, 31, 100, 256)
    points = np.random.default_rng(0).uniform(0, 500, (4, 18, 3)).astype(np.float32)
    there = window.to_window(points)
    assert np.array_equal(there[..., 2], points[..., 2])
    assert np.allclose(window.from_window(there), points, atol=1e-3)


def test_a_point_lands_on_the_pixel_it_was_on() -> None:
    frame = np.zeros((100, 100, 3), np.uint8)
    frame[40:44, 60:64] = 255  # a spot centred on (62, 42) in edge coordinates
    window = Window(50, 30, 40, 160)
    ys, xs = np.nonzero(window.crop(frame)[..., 0] > 127)
    x, y = window.to_window(np.array([62, 42], np.float32))
    assert abs(xs.mean() + 0.5 - x) < 1 and abs(ys.mean() + 0.5 - y) < 1


@pytest.mark.parametrize("side", [130, 200, 256, 300, 383])
def test_a_smaller_picture_is_the_mean_of_what_it_covers(side: int) -> None:
    """Held against the mean by the share of each pixel that lies in a larger one."""
    start = (384 - side) // 2
    picture = frame(INES)[start : start + side, start : start + side]
    edges, ends = np.arange(side), side / 64 * np.arange(1, 65)[:, None]
    covered = np.clip(np.minimum(edges + 1, ends) - np.maximum(edges, ends - side / 64), 0, 1) * 64 / side
    wanted = np.einsum("ay,yxc,bx->abc", covered, picture.astype(np.float64), covered, optimize=True)
    made = Window(0, 0, side, 64).crop(picture)
    assert np.sqrt(np.mean((made - wanted) ** 2)) < 1.5  # levels
    assert np.sqrt(np.mean((cv2.resize(picture, (64, 64)) - wanted) ** 2)) > 2  # as that leaves pixels out


def test_around_covers_all_boxes_with_a_margin_and_moves_inside() -> None:
    window = window_around([Box(10, 20, 30, 80), Box(0, 30, 20, 120)], 256, picture=(300, 200))
    assert window.side == 115 and window.size == 256
    assert window.left == 0 and window.top == 12


def test_no_box_is_a_sentence() -> None:
    with pytest.raises(NoPersonFound, match="whole body"):
        window_around([], 256)
