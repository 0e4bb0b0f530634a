"""Reading: shape, colour, orientation, rates, cuts and what is released."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import psutil
import pytest

from posetransfer.errors import NoPictures, VideoError
from posetransfer.video.info import video_info
from posetransfer.video.limits import LOCAL
from posetransfer.video.read import read_frames, read_some
from tests.drawn_clips import make_clip, number_of, quarters, stripes

NTSC = Fraction(30000, 1001)


def numbers(path: Path, **cut: Any) -> list[int]:
    return [number_of(frame) for frame in read_frames(path, **cut)]


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """240 numbered frames at 30000/1001 with B-frames and key frames every two seconds."""
    path = tmp_path_factory.mktemp("video") / "counted.mp4"
    return make_clip(path, (stripes(i, 128, 96) for i in range(240)), NTSC, options={"g": "60", "bf": "2"})


def test_every_frame_once_in_order_at_the_exact_rate(counted: Path) -> None:
    info = video_info(counted)
    assert (info.width, info.height, info.fps, info.frames) == (128, 96, NTSC, 240)
    assert info.duration == pytest.approx(240 * 1001 / 30000)
    assert not info.has_audio
    assert numbers(counted) == list(range(240))


def test_frames_are_rgb_bytes_in_one_piece(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", [quarters(98, 50)] * 3, options={"crf": "1"}, pix_fmt="yuv444p")
    for frame in read_frames(path):
        assert frame.shape == (50, 98, 3)
        assert frame.dtype == np.uint8
        assert frame.flags.c_contiguous
        assert frame.flags.writeable
        assert np.abs(frame.astype(int) - quarters(98, 50)).mean() < 4


@pytest.mark.parametrize("container", ["mkv", "avi", "ts", "mov", "webm"])
def test_other_containers_give_the_same_frames(tmp_path: Path, container: str) -> None:
    codec, options = (
        ("libvpx-vp9", {"deadline": "realtime", "cpu-used": "8"}) if container == "webm" else ("libx264", {})
    )
    path = make_clip(
        tmp_path / f"a.{container}", [stripes(i, 64, 64) for i in range(40)], codec=codec, options=options
    )
    assert video_info(path).fps == 25
    assert numbers(path) == list(range(40))


@pytest.mark.parametrize(("start", "end"), [(0.0, 1.0), (6.5, 7.0), (7.5, None), (None, 0.5), (5.1, 99.0)])
def test_a_cut_is_the_same_as_counting_frames(counted: Path, start: float | None, end: float | None) -> None:
    first = round((start or 0) * NTSC)
    stop = min(240, round((end or 99) * NTSC))
    assert numbers(counted, start=start, end=end) == list(range(first, stop))


@pytest.mark.parametrize(("start", "end"), [(-1.0, None), (2.0, 1.0), (2.0, 2.0), (float("nan"), None)])
def test_a_cut_that_leaves_nothing_is_refused(counted: Path, start: float, end: float | None) -> None:
    with pytest.raises(VideoError, match="end must come after"):
        next(read_frames(counted, start=start, end=end))


def test_a_start_after_the_end_names_the_length(counted: Path) -> None:
    with pytest.raises(NoPictures, match=r"8\.0 s long"):
        next(read_frames(counted, start=35))


@pytest.mark.parametrize(
    ("degrees", "mirrored", "expected"),
    [
        (0, False, lambda f: f),
        (-90, False, lambda f: np.rot90(f, -1)),
        (90, False, lambda f: np.rot90(f, 1)),
        (180, False, lambda f: np.rot90(f, 2)),
        (0, True, lambda f: f[:, ::-1]),
        (-90, True, lambda f: np.rot90(f, -1)[:, ::-1]),
    ],
)
def test_the_display_matrix_is_applied(tmp_path: Path, degrees: int, mirrored: bool, expected: Any) -> None:
    def turn(stream: Any) -> None:
        stream.set_display_rotation(degrees, hflip=mirrored)

    path = make_clip(tmp_path / "a.mp4", [quarters(96, 64)] * 2, options={"crf": "5"}, stream_setup=turn)
    frame = next(read_frames(path))
    wanted = expected(quarters(96, 64))
    assert frame.shape == wanted.shape
    assert np.abs(frame.astype(int) - wanted).mean() < 6
    info = video_info(path)
    assert (info.width, info.height) == (frame.shape[1], frame.shape[0])
    assert info.rotation % 180 == degrees % 180


@pytest.mark.parametrize(("aspect", "width"), [(Fraction(16, 11), 140), (Fraction(1, 2), 48), (Fraction(1, 100), 96)])
def test_pixels_become_square(tmp_path: Path, aspect: Fraction, width: int) -> None:
    def oblong(stream: Any) -> None:
        stream.codec_context.sample_aspect_ratio = aspect

    path = make_clip(tmp_path / "a.mkv", [stripes(9, 96, 64)] * 2, stream_setup=oblong)
    assert next(read_frames(path)).shape == (64, width, 3)
    assert video_info(path).width == width
    assert numbers(path) == [9, 9]


@pytest.mark.parametrize(("size", "expected"), [((321, 241), (241, 321)), ((1, 1), (1, 1)), ((7, 90), (90, 7))])
def test_odd_sizes(tmp_path: Path, size: tuple[int, int], expected: tuple[int, int]) -> None:
    path = make_clip(tmp_path / "a.mkv", [stripes(1, *size)] * 2, codec="ffv1", pix_fmt="yuv420p")
    assert [frame.shape[:2] for frame in read_frames(path)] == [expected] * 2


def test_the_longer_side_is_scaled_down(counted: Path) -> None:
    assert {frame.shape for frame in read_frames(counted, max_side=64, end=0.5)} == {(48, 64, 3)}
    assert numbers(counted, max_side=64, end=0.5) == list(range(15))
    assert next(read_frames(counted, max_side=1000)).shape == (96, 128, 3)


@pytest.mark.parametrize(
    ("codec", "pix_fmt"),
    [
        ("ffv1", "yuv420p10le"),
        ("ffv1", "gray"),
        ("ffv1", "yuva420p"),
        ("ffv1", "bgra"),
        ("ffv1", "yuv422p12le"),
        ("libx264rgb", "rgb24"),
        ("ffv1", "gbrp10le"),
        ("mjpeg", "yuvj420p"),
    ],
)
def test_pixel_formats(tmp_path: Path, codec: str, pix_fmt: str) -> None:
    drawn = stripes(85, 64, 48)
    path = make_clip(tmp_path / "a.mkv", [drawn] * 2, codec=codec, pix_fmt=pix_fmt)
    frames = list(read_frames(path))
    assert len(frames) == 2
    assert np.abs(frames[0].astype(int) - drawn).max() <= 20  # grey is full range in, limited range by tag


def test_varying_times_become_the_nearest_standard_rate(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    steps = rng.integers(20, 60, 100)  # ms; 25.x a second
    times = [0, *np.cumsum(steps).tolist()]
    path = make_clip(
        tmp_path / "a.mp4", [stripes(i, 64, 64) for i in range(101)], times=times, time_base=Fraction(1, 1000)
    )
    info = video_info(path)
    assert info.fps in (24, 25)
    seen = numbers(path)
    assert len(seen) == info.frames
    assert info.duration == pytest.approx(times[-1] / 1000, abs=0.1)
    for place, number in enumerate(seen):  # each place shows the picture of its time, half a place at most before it
        time = place / float(info.fps) * 1000
        assert times[number] <= time + 500 / float(info.fps) + 1
        assert number == 100 or times[number + 1] >= time


def test_repeated_frames_are_not_the_same_array(tmp_path: Path) -> None:
    path = make_clip(
        tmp_path / "a.mkv", [stripes(i, 64, 64) for i in range(3)], times=[0, 10, 11], time_base=Fraction(1, 25)
    )
    frames = list(read_frames(path))
    assert [number_of(frame) for frame in frames] == [0] * 10 + [1, 2]
    frames[0][:] = 0
    assert number_of(frames[1]) == 0
    assert frames[1].any()


@pytest.mark.parametrize("begin", [-2, 7, 5000])
def test_the_clock_may_begin_anywhere(tmp_path: Path, begin: int) -> None:
    path = make_clip(
        tmp_path / "a.mp4",
        [stripes(i, 64, 64) for i in range(50)],
        times=[i + begin for i in range(50)],
        time_base=Fraction(1, 25),
    )
    assert numbers(path)[-10:] == list(range(40, 50))
    assert video_info(path).fps == 25


@pytest.mark.parametrize("rate", [Fraction(10), Fraction(15), Fraction(1, 3), Fraction(24000, 1001), Fraction(60)])
@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_constant_rates_are_exact(tmp_path: Path, rate: Fraction, container: str) -> None:
    path = make_clip(tmp_path / f"a.{container}", [stripes(i, 64, 64) for i in range(31)], rate)
    info = video_info(path)
    assert (info.fps, info.frames) == (rate, 31)
    assert numbers(path) == list(range(31))


def test_a_size_that_changes_midway_is_scaled_to_the_first(tmp_path: Path) -> None:
    parts = [
        make_clip(tmp_path / f"{w}.ts", [stripes(i + at, w, w) for i in range(10)]) for at, w in ((0, 64), (10, 96))
    ]
    joined = tmp_path / "joined.ts"
    with av.open(str(joined), "w") as out:
        stream = None
        for part, shift in zip(parts, (0, 36000), strict=True):
            with av.open(str(part)) as source:
                if stream is None:
                    stream = out.add_stream_from_template(source.streams.video[0])
                for packet in source.demux(video=0):
                    if packet.dts is not None:
                        packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                        packet.stream = stream
                        out.mux(packet)
    frames = list(read_frames(joined))
    assert {frame.shape for frame in frames} == {(64, 64, 3)}
    assert [number_of(frame) for frame in frames] == list(range(20))


def test_closing_releases_the_file(counted: Path) -> None:
    process = psutil.Process()
    before = len(process.open_files())
    frames = read_frames(counted)
    next(frames)
    assert len(process.open_files()) == before + 1
    frames.close()
    assert len(process.open_files()) == before


def test_nothing_is_opened_before_the_first_frame(tmp_path: Path) -> None:
    read_frames(tmp_path / "absent.mp4").close()


@pytest.mark.parametrize(("every", "cut"), [(1, {}), (4, {}), (7, {"start": 0.4}), (5, {"end": 1.0}), (1000, {})])
def test_some_frames_are_those_of_all_and_the_last(counted: Path, every: int, cut: dict[str, float]) -> None:
    everything = list(read_frames(counted, **cut))
    some = list(read_some(counted, LOCAL, every, **cut))
    wanted = sorted({*range(0, len(everything), every), len(everything) - 1})
    assert [number for number, _ in some] == wanted
    for number, frame in some:
        np.testing.assert_array_equal(frame, everything[number])
