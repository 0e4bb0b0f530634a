"""Writing: exact, true in colour, and whole or not at all."""

from __future__ import annotations

import resource
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import psutil
import pytest

from posetransfer.errors import OutOfSpace, ShapeError, VideoError
from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames
from posetransfer.video.write import VideoWriter
from tests.drawn_clips import number_of, quarters, stripes

RATES = [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(10), Fraction(1, 3), Fraction(2500, 83)]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write(path: Path, count: int, fps: Fraction, size: tuple[int, int] = (128, 96)) -> Path:
    with VideoWriter(path, fps, size) as video:
        for index in range(count):
            video.write(stripes(index, *size))
    return path


@pytest.mark.parametrize("fps", [*RATES, Fraction(60), Fraction(120)])
@pytest.mark.parametrize("count", [1, 2, 50])
def test_number_rate_and_duration_are_exact(tmp_path: Path, fps: Fraction, count: int) -> None:
    path = write(tmp_path / "a.mp4", count, fps)
    info = video_info(path)
    assert (info.fps, info.frames, info.width, info.height) == (fps, count, 128, 96)
    assert [number_of(frame) for frame in read_frames(path)] == list(range(count))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.duration is not None
        assert stream.time_base is not None
        assert stream.duration * stream.time_base == count / fps
        assert stream.average_rate is not None
        assert float(stream.average_rate) == pytest.approx(float(fps), rel=1e-4)


def test_it_is_what_browsers_play(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with VideoWriter(path, Fraction(25), (64, 64), comment="made by a test") as video:
        video.write(stripes(1, 64, 64))
    with av.open(str(path)) as container:
        codec = container.streams.video[0].codec_context
        assert (codec.name, codec.pix_fmt) == ("h264", "yuv420p")
        assert (codec.color_range, codec.colorspace, codec.color_trc, codec.color_primaries) == (1, 1, 1, 1)
        assert container.metadata["comment"] == "made by a test"
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("side", [96, 800])
def test_colours_survive(tmp_path: Path, side: int) -> None:
    drawn = quarters(side, side)
    with VideoWriter(tmp_path / "a.mp4", Fraction(25), (side, side), crf=5) as video:
        for _ in range(3):
            video.write(drawn)
    for frame in read_frames(tmp_path / "a.mp4"):
        for y, x in ((1, 1), (1, 3), (3, 1), (3, 3)):
            at = y * side // 4, x * side // 4
            assert np.abs(frame[at].astype(int) - drawn[at]).max() <= 6


@pytest.mark.parametrize("size", [(65, 97), (1, 1), (64, 33)])
def test_odd_sizes_are_made_even_by_their_edge(tmp_path: Path, size: tuple[int, int]) -> None:
    width, height = size
    drawn = np.full((height, width, 3), 200, np.uint8)
    with VideoWriter(tmp_path / "a.mp4", Fraction(25), size) as video:
        video.write(drawn)
    frame = next(read_frames(tmp_path / "a.mp4"))
    assert frame.shape == (height + height % 2, width + width % 2, 3)
    assert frame.min() > 190


def test_a_frame_that_is_a_view_is_written_right(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "a.mp4", Fraction(25), (64, 64)) as video:
        video.write(stripes(77, 128, 64)[:, ::2])
    assert number_of(next(read_frames(tmp_path / "a.mp4"))) == 77


def test_the_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"older")
    with VideoWriter(path, Fraction(25), (64, 64)) as video:
        video.write(stripes(1, 64, 64))
        assert path.read_bytes() == b"older"
        assert (tmp_path / "a.partial.mp4").exists()
    assert names(tmp_path) == ["a.mp4"]
    assert video_info(path).frames == 1


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, GeneratorExit])
def test_an_error_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    process = psutil.Process()
    before = len(process.open_files())
    with pytest.raises(error), VideoWriter(tmp_path / "a.mp4", Fraction(25), (64, 64)) as video:
        video.write(stripes(1, 64, 64))
        raise error
    assert names(tmp_path) == []
    assert len(process.open_files()) == before


def test_no_frame_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="No frame"), VideoWriter(tmp_path / "a.mp4", Fraction(25), (64, 64)):
        pass
    assert names(tmp_path) == []


def test_a_frame_of_another_size_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(ShapeError, match="64x32 does not fit"),
        VideoWriter(tmp_path / "a.mp4", Fraction(25), (64, 64)) as video,
    ):
        video.write(stripes(1, 64, 32))
    assert names(tmp_path) == []


def test_what_cannot_be_a_video_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match=r"\.mp4"):
        VideoWriter(tmp_path / "a.avi", Fraction(25), (64, 64))
    with pytest.raises(VideoError):
        VideoWriter(tmp_path / "a.mp4", Fraction(0), (64, 64))
    assert names(tmp_path) == []


@pytest.mark.parametrize("allowed", [20_000, 300_000])
def test_a_full_disk_is_a_sentence(tmp_path: Path, allowed: int) -> None:
    """The system refuses to let a file grow: with EFBIG where a full disk has ENOSPC, on the same call."""
    rng = np.random.default_rng(0)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (allowed, before[1]))
    try:
        with (
            pytest.raises(OutOfSpace, match="no space left"),
            VideoWriter(tmp_path / "a.mp4", Fraction(25), (256, 256)) as video,
        ):
            for _ in range(60):
                video.write(rng.integers(0, 255, (256, 256, 3), np.uint8))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert names(tmp_path) == []


def test_a_device_without_space_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.partial.mp4").symlink_to("/dev/full")
    with (
        pytest.raises(OutOfSpace, match="no space left"),
        VideoWriter(tmp_path / "a.mp4", Fraction(25), (256, 256)) as video,
    ):
        for index in range(30):
            video.write(stripes(index, 256, 256))
    assert names(tmp_path) == []


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    for folder in ("absent", "file"):
        with (
            pytest.raises(OutOfSpace, match="cannot be written"),
            VideoWriter(tmp_path / folder / "a.mp4", Fraction(25), (64, 64)) as video,
        ):
            video.write(stripes(1, 64, 64))


def test_a_folder_in_the_place_of_the_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").mkdir()
    with pytest.raises(OutOfSpace), VideoWriter(tmp_path / "a.mp4", Fraction(25), (64, 64)) as video:
        video.write(stripes(1, 64, 64))
    assert names(tmp_path) == ["a.mp4"]
