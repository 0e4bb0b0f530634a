"""Every broken or unusual file ends in frames or in a sentence, soon and in little memory."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posetransfer.errors import NoPictures, NotAVideo
from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames

ROOT = Path(__file__).resolve().parents[2]
READ_ALL = """
import json, sys
from pathlib import Path
from time import monotonic
from posetransfer.errors import PoseTransferError
from posetransfer.pipeline.report import peak_rss_mb
from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames
for path in sorted(Path(sys.argv[1]).iterdir()):
    begun, said, info = monotonic(), {}, None
    try:
        info = video_info(path)
        said["info"] = [info.width, info.height, str(info.fps), info.frames, info.duration]
    except PoseTransferError as error:
        said["info_error"] = [type(error).__name__, str(error)]
    try:
        count, sizes = 0, set()
        for frame in read_frames(path):
            count += 1
            sizes.add((frame.shape[1], frame.shape[0]))
        said["frames"], said["sizes"] = count, sorted(sizes)
    except PoseTransferError as error:
        said["read_error"] = [type(error).__name__, str(error)]
    seconds = monotonic() - begun
    print(json.dumps({"name": path.name, "seconds": seconds, "peak_mb": peak_rss_mb(), **said}), flush=True)
"""

# what may end in a sentence; everything else in the folder has pictures
BROKEN = {
    "bipbop-header-only.mp4": "NoPictures",
    "chunk-out-of-range.mp4": "NotAVideo",
    "crash-1185230.mp4": "NoPictures",
    "encrypted-cenc.mp4": "NotAVideo",
    "init-segment-only.mp4": "NoPictures",
    "invalid-userdata.mp4": "NoPictures",
    "opus-audio-only.mp4": "NoPictures",
    "sample-fuji-strd.avi": "NotAVideo",
    "syn-anim.gif": "NotAVideo",
    "syn-anim.png": "NotAVideo",
    "syn-anim.webp": "NotAVideo",
    "syn-audio-only.mp4": "NoPictures",
    "syn-ftyp-only.mp4": "NotAVideo",
    "syn-huge-declared-16000-mjpeg.avi": "NoPictures",
    "syn-jpeg-renamed.mov": "NotAVideo",
    "syn-one-frame.gif": "NotAVideo",
    "syn-png-renamed.mp4": "NotAVideo",
    "syn-random-bytes.mp4": "NotAVideo",
    "syn-text.mp4": "NotAVideo",
    "syn-truncated-half-moov-lost.mp4": "NotAVideo",
    "syn-zero-length.mp4": "NotAVideo",
    "zero-empty-stsc.mp4": "NoPictures",
}


@pytest.fixture(scope="module")
def odd(real_data: Path) -> Path:
    return real_data / "odd"


@pytest.fixture(scope="module")
def clips(real_data: Path) -> Path:
    return real_data / "clips"


@pytest.fixture(scope="module")
def outcomes(odd: Path) -> dict[str, dict[str, Any]]:
    """What came of each file, read in a process of its own, which must live to the end."""
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, str(odd)], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["name"]: line for line in lines}


@pytest.fixture
def each(outcomes: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return iter(outcomes.values())


def test_no_file_is_left_out(odd: Path, outcomes: dict[str, Any]) -> None:
    assert set(outcomes) == {path.name for path in odd.iterdir()}


def test_time_and_memory_are_bounded(each: Iterator[dict[str, Any]]) -> None:
    for outcome in each:
        assert outcome["seconds"] < 20, outcome
        assert outcome["peak_mb"] < 1500, outcome


def test_frames_or_one_sentence(each: Iterator[dict[str, Any]]) -> None:
    for outcome in each:
        if "read_error" in outcome:
            kind, sentence = outcome["read_error"]
            assert outcome["info_error"] == [kind, sentence]
            assert kind == BROKEN[outcome["name"]], outcome
            assert sentence.endswith(".") and "\n" not in sentence and len(sentence) < 200
        else:
            assert outcome["frames"] > 0
            assert outcome["name"] not in BROKEN


def test_what_is_said_of_a_file_is_what_it_gives(each: Iterator[dict[str, Any]]) -> None:
    for outcome in each:
        if "frames" in outcome:
            width, height, fps, frames, duration = outcome["info"]
            assert outcome["sizes"] == [[width, height]], outcome
            assert frames in (outcome["frames"], None), outcome
            assert duration == pytest.approx((frames or duration * Fraction(fps)) / Fraction(fps)), outcome


@pytest.mark.parametrize("name", ["blue-dancer.avi", "boxer.mp4", "sign-grey.mkv", "gym.mp4", "approach.mp4"])
def test_clips_give_what_is_said_of_them(clips: Path, name: str) -> None:
    info = video_info(clips / name)
    sizes = [frame.shape for frame in read_frames(clips / name)]
    assert set(sizes) == {(info.height, info.width, 3)}
    assert len(sizes) == info.frames
    assert info.duration == pytest.approx(float(len(sizes) / info.fps))


@pytest.mark.parametrize(
    ("name", "fps", "frames"),
    [("blue-dancer.avi", 25, 1571), ("pianist.avi", 30, 2925), ("juggler.mp4", 24, 247), ("one-by-one.mp4", 10, 1394)],
)
def test_rates_and_lengths_of_clips(clips: Path, name: str, fps: int, frames: int) -> None:
    info = video_info(clips / name)
    assert (info.fps, info.frames) == (fps, frames)


@pytest.mark.parametrize(("turned", "turns"), [("syn-rot90.mp4", -1), ("syn-rot180.mp4", 2), ("syn-rot270.mp4", 1)])
def test_phone_clips_stand_upright(odd: Path, turned: str, turns: int) -> None:
    stored = next(read_frames(odd / "syn-base-ok.mp4"))
    assert np.array_equal(next(read_frames(odd / turned)), np.rot90(stored, turns))


def test_damage_is_a_warning(odd: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert len(list(read_frames(odd / "syn-bitflips-in-mdat.mp4"))) == 100
    assert len(caplog.records) == 1


def test_causes_are_named(odd: Path) -> None:
    for name, error, word in (
        ("encrypted-cenc.mp4", NotAVideo, "encrypted"),
        ("syn-zero-length.mp4", NotAVideo, "empty"),
        ("syn-audio-only.mp4", NoPictures, "sound"),
    ):
        with pytest.raises(error, match=word):
            video_info(odd / name)
