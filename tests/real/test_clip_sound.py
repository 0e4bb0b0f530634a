"""Sound of a real clip, to its end."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import correlate

from posetransfer.video.write import VideoWriter
from tests.drawn_clips import sound_of

RATE = 44100
FRAME = RATE // 30


@pytest.fixture(scope="module")
def pianist(real_data: Path) -> tuple[Path, NDArray[np.float32]]:
    path = real_data / "clips" / "pianist.avi"
    return path, sound_of(path)


@pytest.mark.parametrize(("start", "seconds"), [(0.0, 6), (35.0, 25)])
def test_in_step_at_both_ends(
    pianist: tuple[Path, NDArray[np.float32]], tmp_path: Path, start: float, seconds: int
) -> None:
    path, there = pianist
    blank = np.zeros((32, 32, 3), np.uint8)
    with VideoWriter(tmp_path / "a.mp4", Fraction(30), (32, 32), sound_from=path, start=start) as video:
        for _ in range(seconds * 30):
            video.write(blank)
    heard = sound_of(tmp_path / "a.mp4")
    assert len(heard) / RATE == pytest.approx(seconds, abs=0.03)
    for second in (0, seconds - 4):
        a = there[round((start + second) * RATE) :][: 3 * RATE]
        b = heard[second * RATE :][: 3 * RATE]
        a, b = a - a.mean(), b - b.mean()
        product = correlate(b, a, "full", "fft")
        late = int(product.argmax()) - (len(a) - 1)
        assert abs(late) < FRAME // 4
        assert product.max() / np.sqrt((a**2).sum() * (b**2).sum()) > 0.95
