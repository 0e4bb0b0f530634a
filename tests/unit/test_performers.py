"""What tests take for the truth of the rendered performers: picture, joints and mask are of one moment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posetransfer.video.read import read_frames
from tests.performers import INES, KOFI, SIDE, frame, mask, piece, pose


@pytest.mark.parametrize("reel", [INES, KOFI])
@pytest.mark.parametrize(("number", "later"), [(0, 40), (150, 182), (270, 297)])
def test_picture_joints_and_mask_belong_together(reel: str, number: int, later: int) -> None:
    x, y = pose(reel, number)[:, :2].T.astype(int)
    assert mask(reel, number)[y, x].sum() >= 17  # a shoulder may be a pixel beside the cloth
    changed = np.abs(frame(reel, number).astype(int) - frame(reel, later)).max(axis=2) > 60
    performer = mask(reel, number) | mask(reel, later)
    assert changed.any() and performer.shape == (SIDE, SIDE)
    assert (changed & performer).sum() > 0.97 * changed.sum()


def test_a_piece_is_the_reel_from_there(tmp_path: Path) -> None:
    shown = list(read_frames(piece(tmp_path / "piece.mp4", KOFI, 3, first=180)))
    assert len(shown) == 3
    away = [np.abs(shown[2].astype(int) - frame(KOFI, number)).mean() for number in (178, 180, 182, 184)]
    assert int(np.argmin(away)) == 2 and away[2] < 2
