"""Sound stays with the pictures."""

from __future__ import annotations

import logging
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import correlate

from posetransfer.video.info import video_info
from posetransfer.video.write import VideoWriter
from tests.drawn_clips import make_clip, sound_of, stripes

RATE = 44100


def noise(seconds: float) -> NDArray[np.float32]:
    """Noise under a slow swell: every moment of it is like no other."""
    count = round(seconds * RATE)
    samples = np.convolve(np.random.default_rng(3).normal(0, 0.3, count + 15), np.ones(16) / 16, "valid")
    return (samples * (1 + np.sin(np.arange(count) / 5000))).astype(np.float32)


def lag(expected: NDArray[np.float32], heard: NDArray[np.float32]) -> tuple[int, float]:
    """(samples by which `heard` is late, how alike they are then, 0..1)."""
    count = min(len(expected), len(heard))
    a, b = expected[:count] - expected[:count].mean(), heard[:count] - heard[:count].mean()
    product = correlate(b, a, "full", "fft")
    best = int(product.argmax())
    return best - (count - 1), float(product[best] / np.sqrt((a**2).sum() * (b**2).sum() + 1e-12))


def rewritten(source: Path, out: Path, frames: int, **sound: float) -> Path:
    with VideoWriter(out, Fraction(25), (64, 64), sound_from=source, **sound) as video:  # type: ignore[arg-type]
        for index in range(frames):
            video.write(stripes(index % 256, 64, 64))
    return out


def source_clip(path: Path, begin: float = 0.0, pictures_from: int = 0, codec: str = "aac") -> Path:
    return make_clip(
        path,
        [stripes(i, 64, 64) for i in range(150)],
        times=[i + pictures_from for i in range(150)],
        time_base=Fraction(1, 25),
        sound=(noise(6), RATE, begin),
        sound_codec=codec,
    )


@pytest.mark.parametrize(("container", "codec"), [("mp4", "aac"), ("mkv", "pcm_s16le"), ("avi", "libmp3lame")])
@pytest.mark.parametrize("start", [0.0, 2.5])
def test_in_step_from_first_to_last(tmp_path: Path, container: str, codec: str, start: float) -> None:
    source = source_clip(tmp_path / f"a.{container}", codec=codec)
    heard = sound_of(rewritten(source, tmp_path / "b.mp4", round((6 - start) * 25), start=start))
    there = sound_of(source)[round(start * RATE) :]
    assert len(heard) / RATE == pytest.approx(6 - start, abs=0.03)
    for second in (0, 2):
        piece = slice(second * RATE, (second + 1) * RATE)
        late, alike = lag(there[piece], heard[piece])
        assert abs(late) <= RATE // 1000  # Matroska's times are whole milliseconds
        assert alike > 0.94


@pytest.mark.parametrize("begin", [0.5, 1.3])
def test_sound_that_begins_late_stays_late(tmp_path: Path, begin: float) -> None:
    source = source_clip(tmp_path / "a.mkv", begin)
    heard = sound_of(rewritten(source, tmp_path / "b.mp4", 150))
    assert np.abs(heard[: round((begin - 0.1) * RATE)]).max() < 0.01
    late, alike = lag(noise(2), heard[round(begin * RATE) :][: 2 * RATE])
    assert abs(late) <= RATE // 500
    assert alike > 0.94


def test_pictures_that_begin_late_take_their_sound(tmp_path: Path) -> None:
    source = source_clip(tmp_path / "a.mkv", pictures_from=25)
    heard = sound_of(rewritten(source, tmp_path / "b.mp4", 100))
    late, alike = lag(noise(6)[RATE : 3 * RATE], heard[: 2 * RATE])
    assert abs(late) <= RATE // 500
    assert alike > 0.94


def test_sound_ends_with_the_pictures_or_before(tmp_path: Path) -> None:
    source = source_clip(tmp_path / "a.mp4")
    for frames, given, expected in (
        (50, {}, 2.0),
        (50, {"duration": 1.2}, 1.2),
        (200, {}, 6.0),
        (100, {"start": 5.0}, 1.0),
    ):
        out = rewritten(source, tmp_path / "b.mp4", frames, **given)
        with av.open(str(out)) as container:
            track = container.streams.audio[0]
            assert track.duration is not None
            assert track.time_base is not None
            assert float(track.duration * track.time_base) == pytest.approx(expected, abs=0.03)
        assert video_info(out).frames == frames


def test_a_video_without_sound_gives_none(tmp_path: Path) -> None:
    source = make_clip(tmp_path / "a.mp4", [stripes(i, 64, 64) for i in range(5)])
    assert not video_info(rewritten(source, tmp_path / "b.mp4", 5)).has_audio


@pytest.mark.parametrize("layout", ["stereo", "5.1"])
def test_other_rates_and_channels(tmp_path: Path, layout: str) -> None:
    source = tmp_path / "a.mkv"
    make_clip(source, [stripes(i, 64, 64) for i in range(50)])
    samples = np.tile(noise(2), (2 if layout == "stereo" else 6, 1))
    with av.open(str(tmp_path / "c.mkv"), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        track = container.add_stream("pcm_s16le", rate=96000, layout=layout)
        frame = av.AudioFrame.from_ndarray((samples * 30000).astype(np.int16).T.reshape(1, -1).copy(), "s16", layout)
        frame.sample_rate = 96000
        for index in range(25):
            picture = av.VideoFrame.from_ndarray(stripes(index, 64, 64), format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(track.encode(frame))
        container.mux(stream.encode(None))
        container.mux(track.encode(None))
    out = rewritten(tmp_path / "c.mkv", tmp_path / "b.mp4", 20)
    with av.open(str(out)) as container:
        codec = container.streams.audio[0].codec_context
        assert (codec.name, codec.sample_rate, codec.channels) == ("aac", 48000, 2)
    assert len(sound_of(out)) / RATE == pytest.approx(0.8, abs=0.03)


def test_damaged_sound_is_silent_there_and_in_step_after(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    source = source_clip(tmp_path / "a.mp4")
    broken = tmp_path / "c.mkv"
    with av.open(str(source)) as there, av.open(str(broken), "w") as out:
        copies = {s.index: out.add_stream_from_template(s) for s in there.streams}
        for packet in there.demux():
            if packet.dts is None or (packet.stream.type == "audio" and 2 <= packet.pts * packet.time_base < 3):
                continue
            packet.stream = copies[packet.stream.index]
            out.mux(packet)
    with caplog.at_level(logging.WARNING):
        heard = sound_of(rewritten(broken, tmp_path / "b.mp4", 150))
    assert np.abs(heard[round(2.2 * RATE) : round(2.8 * RATE)]).max() < 0.01
    late, alike = lag(noise(6)[4 * RATE : 5 * RATE], heard[4 * RATE : 5 * RATE])
    assert abs(late) <= RATE // 30
    assert alike > 0.94


def test_a_writer_that_fails_releases_the_sound(tmp_path: Path) -> None:
    import psutil

    source = source_clip(tmp_path / "a.mp4")
    process = psutil.Process()
    before = len(process.open_files())
    with (
        pytest.raises(RuntimeError),
        VideoWriter(tmp_path / "b.mp4", Fraction(25), (64, 64), sound_from=source) as video,
    ):
        for index in range(30):
            video.write(stripes(index, 64, 64))
        raise RuntimeError
    assert len(process.open_files()) == before
