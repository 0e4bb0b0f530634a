"""Colour: matrices, ranges and high dynamic range."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from posetransfer.types import Frame
from posetransfer.video.read import read_frames
from posetransfer.video.tone import HLG, PQ, to_standard_range


def write_planes(path: Path, planes: list[int], bits: int = 8, height: int = 64, **tags: int) -> Path:
    """A lossless clip of one YUV value."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, height, "yuv444p" if bits == 8 else "yuv444p10le"
        for tag, value in tags.items():
            setattr(stream.codec_context, tag, value)
        picture = av.VideoFrame(64, height, stream.pix_fmt)
        for plane, value in zip(picture.planes, planes, strict=True):
            kind = np.uint8 if bits == 8 else np.uint16
            plane.update(np.full(plane.buffer_size // kind().itemsize, value, kind).tobytes())
        for tag, value in tags.items():
            setattr(picture, tag, value)
        container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def middle(path: Path) -> list[int]:
    frame: Frame = next(read_frames(path))
    return [int(v) for v in frame[32, 32]]


# red 255, 0, 0 in limited range by each matrix: Y = 16 + 219·Kr, Cb = 128 − 112·Kr/(1 − Kb), Cr = 240
@pytest.mark.parametrize(
    ("tag", "planes"),
    [(1, [63, 102, 240]), (5, [81, 90, 240]), (6, [81, 90, 240]), (9, [74, 97, 240])],
)
def test_each_matrix_gives_red(tmp_path: Path, tag: int, planes: list[int]) -> None:
    path = write_planes(tmp_path / "a.mkv", planes, colorspace=tag, color_range=1)
    assert np.abs(np.array(middle(path)) - [255, 0, 0]).max() <= 3


@pytest.mark.parametrize(("height", "planes"), [(64, [81, 90, 240]), (720, [63, 102, 240])])
def test_an_untagged_picture_is_judged_by_its_height(tmp_path: Path, height: int, planes: list[int]) -> None:
    assert np.abs(np.array(middle(write_planes(tmp_path / "a.mkv", planes, height=height))) - [255, 0, 0]).max() <= 3


@pytest.mark.parametrize(("tag", "expected"), [(1, 255), (2, 235)])
def test_limited_and_full_range(tmp_path: Path, tag: int, expected: int) -> None:
    path = write_planes(tmp_path / "a.mkv", [235, 128, 128], color_range=tag)
    assert np.abs(np.array(middle(path)) - expected).max() <= 1


def test_ten_bits_lose_nothing_but_the_last_two(tmp_path: Path) -> None:
    path = write_planes(tmp_path / "a.mkv", [502, 512, 512], bits=10, color_range=1)
    assert np.abs(np.array(middle(path)) - 128).max() <= 1


def test_odd_tags_are_no_obstacle(tmp_path: Path) -> None:
    path = write_planes(tmp_path / "a.mkv", [126, 128, 128], colorspace=3, color_trc=10, color_primaries=8)
    assert np.abs(np.array(middle(path)) - 128).max() <= 2


def pq_code(nits: float) -> float:
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    power = (nits / 10000) ** m1
    return float(((c1 + c2 * power) / (1 + c3 * power)) ** m2)


def test_hdr_white_is_bright_and_faces_are_as_usual(tmp_path: Path) -> None:
    def grey(nits: float) -> int:
        code = round(64 + 876 * pq_code(nits))
        tags: dict[str, Any] = {"colorspace": 9, "color_trc": PQ, "color_primaries": 9, "color_range": 1}
        red, green, blue = middle(write_planes(tmp_path / "a.mkv", [code, 512, 512], bits=10, **tags))
        assert max(red, green, blue) - min(red, green, blue) <= 1
        return green

    values = [grey(nits) for nits in (0.0, 5, 36, 100, 203, 1000, 4000, 10000)]
    assert values == sorted(values)
    assert values[0] == 0
    assert abs(values[2] - 117) <= 2  # 36 of 203 cd/m² is the 18 % grey of a grey card: 117 in sRGB
    assert 215 <= values[4] <= 235  # white keeps head room for lamps
    assert values[-1] >= 250
    assert values[-1] > values[-3]


def test_hlg_reference_white_is_where_pq_puts_it() -> None:
    white_hlg = np.full((2, 2, 3), round(0.75 * 65535), np.uint16)
    white_pq = np.full((2, 2, 3), round(pq_code(203) * 65535), np.uint16)
    assert abs(int(to_standard_range(white_hlg, HLG)[0, 0, 0]) - int(to_standard_range(white_pq, PQ)[0, 0, 0])) <= 2


def test_hdr_red_stays_red() -> None:
    wide = np.zeros((2, 2, 3), np.uint16)
    wide[..., 0] = round(pq_code(100) * 65535)
    red, green, blue = to_standard_range(wide, PQ)[0, 0]
    assert red > 200
    assert max(green, blue) == 0


def test_the_fast_conversion_agrees_with_the_formula(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    colours = np.repeat(np.repeat(rng.integers(0, 256, (8, 8, 3), np.uint8), 8, axis=0), 8, axis=1)
    yuv = VideoReformatter().reformat(
        av.VideoFrame.from_ndarray(colours, format="rgb24"), format="yuv444p", dst_colorspace=Colorspace.ITU601,
        src_color_range=ColorRange.JPEG, dst_color_range=ColorRange.MPEG,
    )  # fmt: skip
    with av.open(str(tmp_path / "a.mkv"), "w") as container:
        stream = container.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv444p"
        container.mux(stream.encode(yuv))
        container.mux(stream.encode(None))
    assert np.abs(next(read_frames(tmp_path / "a.mkv")).astype(int) - colours).max() <= 5
