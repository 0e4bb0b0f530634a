from __future__ import annotations

import numpy as np

from posetransfer.conditioning.window import Window
from posetransfer.pipeline.canvas import Canvas


def test_the_square_canvas_changes_nothing() -> None:
    frame = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    canvas = Canvas(Window(0, 0, 100, 64), None)
    assert canvas.size == (64, 64)
    assert next(canvas.paste([frame])) is frame


def test_the_full_canvas_puts_the_square_where_the_window_was() -> None:
    plate = np.full((100, 160, 3), 50, np.uint8)
    canvas = Canvas(Window(40, 20, 64, 32), plate)
    made = next(canvas.paste([np.full((32, 32, 3), 250, np.uint8)]))
    assert canvas.size == (160, 100)
    assert (made[30:74, 50:94] == 250).all()
    assert (made[:20] == 50).all() and (made[:, :40] == 50).all() and (made[84:] == 50).all()
    edge = made[52, 40:44, 0].astype(int)
    assert (np.diff(edge) > 0).all(), "the border fades instead of cutting"
    assert (plate == 50).all()


def test_a_window_that_leaves_the_picture_is_cut_and_not_faded_there() -> None:
    plate = np.zeros((60, 60, 3), np.uint8)
    made = next(Canvas(Window(-20, -20, 100, 50), plate).paste([np.full((50, 50, 3), 200, np.uint8)]))
    assert (made == 200).all()
