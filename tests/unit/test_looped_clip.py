"""Clips for benchmarks, made longer by playing them again."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from benchmarks.clip import at_rate, looped
from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames
from posetransfer.video.write import VideoWriter
from tests.performers import KOFI, piece


def test_a_clip_is_as_long_and_as_large_as_asked_with_sound_to_its_end(tmp_path: Path) -> None:
    source = piece(tmp_path / "kofi.mp4", KOFI, 20)
    clip = looped(source, tmp_path / "made", 2.5, 96)
    info = video_info(clip)
    assert (info.width, info.height, info.fps, info.frames, info.has_audio) == (96, 96, 30, 75, True)
    with av.open(str(clip)) as container:
        heard = sum(frame.samples for frame in container.decode(audio=0)) / 48_000
    assert abs(heard - 2.5) < 0.05
    frames = np.array(list(read_frames(clip)), int)
    assert np.array_equal(frames[0], frames[24]) and np.array_equal(frames[10], frames[58]), "24 frames are a round"
    assert np.abs(frames[0] - frames[23]).mean() > 0.1, "and within a round there is movement"
    before = clip.stat().st_mtime_ns
    assert looped(source, tmp_path / "made", 2.5, 96) == clip and clip.stat().st_mtime_ns == before


def test_a_square_is_cut_from_the_middle(tmp_path: Path) -> None:
    wide = tmp_path / "wide.mp4"
    pictures = np.full((6, 90, 160, 3), 40, np.uint8)
    pictures[:, :, 40:120] = 200
    with VideoWriter(wide, Fraction(30), (160, 90)) as writer:
        for picture in pictures:
            writer.write(picture)
    square = next(read_frames(looped(wide, tmp_path, 0.2, 90, square=True)))
    assert square.shape == (90, 90, 3)
    assert square[:, 10:80].mean() > 190 and square[:, :3].mean() < 60


def test_another_rate_shows_at_each_moment_what_is_shown_then(tmp_path: Path) -> None:
    source = piece(tmp_path / "kofi.mp4", KOFI, 10)  # 25 frames a second
    own, other = list(read_frames(source)), list(at_rate(source, Fraction(50)))
    assert len(other) == 20
    assert all(np.array_equal(other[2 * n], own[n]) and np.array_equal(other[2 * n + 1], own[n]) for n in range(10))
