"""A live performance as a file: of the right length however frames came, labelled, signed, whole or not there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posetransfer.pipeline.live_recording import LONGEST_PAUSE, RATE, LiveRecording
from posetransfer.provenance.credentials import verify
from posetransfer.types import Frame
from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames
from tests.performers import INES, panned


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSETRANSFER_HOME", str(tmp_path / "home"))


def picture(moment: int, size: int = 64) -> Frame:
    return panned(INES, moment, size)[1]


def test_uneven_frames_become_an_even_video_of_their_length(tmp_path: Path) -> None:
    recording = LiveRecording(tmp_path / "live.mp4")
    times = [0.0, 0.033, 0.1, 0.35, 0.4, 0.96]
    for number, seconds in enumerate(times):
        recording.write(picture(number), 100 + seconds, "knn")
    assert recording.finish() == tmp_path / "live.mp4"
    info = video_info(tmp_path / "live.mp4")
    assert info.fps == RATE and info.frames == 25  # the last frame stands for one frame's time
    shown = list(read_frames(tmp_path / "live.mp4"))
    nearest = [int(np.argmin([np.abs(frame - picture(n).astype(float)).mean() for n in range(6)])) for frame in shown]
    assert nearest == sorted(nearest) and {0, 2, 3, 4, 5} <= set(nearest)
    assert nearest.count(4) == 14, "it stood from 0.4 to 0.96 s"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["live.mp4"]


def test_it_is_signed_with_the_methods_that_made_it(tmp_path: Path) -> None:
    recording = LiveRecording(tmp_path / "live.mp4")
    recording.write(picture(0), 0.0, "knn")
    recording.write(picture(1, 96), 0.2, "pose2pics")  # another target's size
    recording.finish()
    verdict = verify(tmp_path / "live.mp4")
    assert verdict.here and verdict.unchanged and verdict.method == "knn, pose2pics"
    assert video_info(tmp_path / "live.mp4").width == 64


def test_a_long_pause_is_shortened(tmp_path: Path) -> None:
    recording = LiveRecording(tmp_path / "live.mp4")
    recording.write(picture(0), 0.0, "knn")
    recording.write(picture(1), 3600.0, "knn")
    recording.finish()
    assert video_info(tmp_path / "live.mp4").duration == pytest.approx(LONGEST_PAUSE + 1 / RATE, abs=0.05)


def test_nothing_shown_or_thrown_away_leaves_no_file(tmp_path: Path) -> None:
    assert LiveRecording(tmp_path / "live.mp4").finish() is None
    recording = LiveRecording(tmp_path / "live.mp4")
    recording.write(picture(0), 0.0, "knn")
    recording.discard()
    assert not [path for path in tmp_path.iterdir() if path.is_file()]
