from __future__ import annotations

import numpy as np
import pytest

from posetransfer.provenance.label import label, labelled


@pytest.mark.parametrize("size", [(96, 96), (256, 256), (720, 1280)])
@pytest.mark.parametrize("grey", [0, 128, 255])
def test_the_badge_is_readable_on_any_background_and_only_in_the_corner(size: tuple[int, int], grey: int) -> None:
    frame = np.full((*size, 3), grey, np.uint8)
    marked = labelled(frame)
    badge = (marked != frame).any(axis=-1) | (marked == 255).all(axis=-1) & (grey < 255)
    rows, columns = np.nonzero(badge)
    corner = marked[rows.min() :, : columns.max() + 1]
    assert int(corner.max()) - int(corner.min()) >= 120
    assert (marked[: size[0] // 2] == grey).all()
    assert (frame == grey).all()


def test_label_is_lazy_and_keeps_count() -> None:
    frames = iter([np.zeros((64, 64, 3), np.uint8)] * 3)
    stream = label(frames)
    next(stream)
    assert len(list(frames)) == 2


def test_a_picture_smaller_than_the_badge_keeps_its_shape() -> None:
    assert labelled(np.zeros((16, 16, 3), np.uint8)).shape == (16, 16, 3)


def test_in_a_small_picture_the_badge_is_smaller_but_whole() -> None:
    marked = labelled(np.zeros((64, 64, 3), np.uint8))
    columns = np.nonzero(marked.any(axis=(0, 2)))[0]
    assert 40 < columns.max() < 63, "its last letter is not cut off"
