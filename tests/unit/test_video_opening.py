"""What is not a video, what is hostile and what is too big ends in a sentence."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from posetransfer.errors import LimitPassed, NoPictures, NotAVideo, PoseTransferError
from posetransfer.video.info import video_info
from posetransfer.video.limits import Limits
from posetransfer.video.read import read_frames
from tests.drawn_clips import make_clip, number_of, stripes


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "clip.mp4"
    return make_clip(path, (stripes(i, 128, 96) for i in range(100)), options={"g": "10", "crf": "30"})


def refused(path: Path, error: type[PoseTransferError], limits: Limits | None = None) -> str:
    """The sentence with which both ways of opening refuse a file."""
    sentences = set()
    for read in (video_info, lambda *given: next(read_frames(*given))):
        with pytest.raises(error) as caught:
            read(path, *([limits] if limits else []))
        sentences.add(str(caught.value))
    assert len(sentences) == 1
    sentence = sentences.pop()
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize("name", ["list.mp4", "list.m3u8", "list.ffconcat", "list.ts"])
@pytest.mark.parametrize(
    "text",
    [
        "ffconcat version 1.0\nfile clip.mp4\n",
        "ffconcat version 1.0\nfile '{clip}'\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{clip}\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nclip.mp4\n#EXT-X-ENDLIST\n",
    ],
)
def test_a_play_list_never_opens_another_file(clip: Path, name: str, text: str) -> None:
    path = clip.with_name(name)
    path.write_text(text.format(clip=clip))
    refused(path, NotAVideo)


def test_a_name_with_a_protocol_is_only_a_name(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clip.parent)
    refused(Path("concat:clip.mp4|clip.mp4"), NotAVideo)
    strange = clip.with_name("subfile,,start,0,end,0,,:clip.mp4")
    strange.write_bytes(clip.read_bytes())
    assert video_info(Path(strange.name)).frames == 100


@pytest.mark.parametrize("codec", ["png", "mjpeg", "gif"])
def test_a_picture_by_another_name_is_not_a_video(tmp_path: Path, codec: str) -> None:
    muxer = {"png": "image2", "mjpeg": "image2", "gif": "gif"}[codec]
    pix_fmt = {"png": "rgb24", "mjpeg": "yuvj420p", "gif": "rgb8"}[codec]
    path = tmp_path / "picture.mp4"
    with av.open(str(path), "w", format=muxer, options={"update": "1"} if muxer == "image2" else {}) as container:
        stream = container.add_stream(codec, rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 48, pix_fmt
        container.mux(stream.encode(av.VideoFrame.from_ndarray(stripes(1, 64, 48), format="rgb24")))
        container.mux(stream.encode(None))
    refused(path, NotAVideo)


@pytest.mark.parametrize("brand", [b"avif", b"heic"])
def test_a_phone_picture_is_not_a_video(clip: Path, tmp_path: Path, brand: bytes) -> None:
    path = tmp_path / "picture.mp4"
    data = clip.read_bytes()
    path.write_bytes(data[:8] + brand + data[12:])
    assert "picture" in refused(path, NotAVideo)


def test_a_cover_is_not_a_video(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    sound = rng.normal(0, 0.1, 44100).astype(np.float32)

    def cover(stream: av.VideoStream) -> None:
        stream.disposition = av.stream.Disposition.attached_pic

    path = make_clip(
        tmp_path / "song.mp4",
        [stripes(1, 64, 48)],
        codec="mjpeg",
        pix_fmt="yuvj420p",
        stream_setup=cover,
        sound=(sound, 44100, 0.0),
    )
    with av.open(str(path)) as container:
        assert container.streams.video[0].disposition & av.stream.Disposition.attached_pic
    assert "sound or a cover" in refused(path, NoPictures)


def test_sound_alone_is_not_a_video(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 44100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    refused(path, NoPictures)


@pytest.mark.parametrize("content", [b"", b"text", os.urandom(5000), b"\0\0\0\x20ftypisom" + bytes(500)])
def test_what_is_no_video_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    refused(path, NotAVideo)


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    assert "no file" in refused(tmp_path / "absent.mp4", NotAVideo)
    refused(tmp_path, NotAVideo)
    refused(Path("nul\0.mp4"), NotAVideo)
    refused(tmp_path / ("long" * 100), NotAVideo)
    os.mkfifo(tmp_path / "pipe.mp4")
    refused(tmp_path / "pipe.mp4", NotAVideo)


def test_damage_in_the_middle_leaves_the_rest(clip: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    data = bytearray(clip.read_bytes())
    begin = data.index(b"mdat") + 4
    middle = begin + (data.index(b"moov", begin) - begin) // 2
    data[middle : middle + 400] = bytes(400)
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    with caplog.at_level(logging.WARNING):
        seen = [number_of(frame) for frame in read_frames(path)]
    assert len(seen) == 100
    assert seen[:30] == list(range(30))
    assert seen[-30:] == list(range(70, 100))
    assert any("damaged" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("container", ["mkv", "ts", "avi"])
def test_a_cut_off_file_gives_what_is_there(clip: Path, tmp_path: Path, container: str) -> None:
    rng = np.random.default_rng(0)  # grain, so that the pictures are most of the file
    frames = [stripes(i, 128, 96) + rng.integers(0, 40, (96, 128, 3), np.uint8) for i in range(100)]
    whole = make_clip(tmp_path / f"whole.{container}", frames)
    path = tmp_path / f"half.{container}"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    seen = [number_of(frame) for frame in read_frames(path)]
    assert 20 < len(seen) < 90
    assert seen[:20] == list(range(20))


@pytest.mark.parametrize(
    "limits",
    [
        Limits(max_bytes=1000),
        Limits(max_width=127),
        Limits(max_height=95),
        Limits(max_pixels=128 * 96 - 1),
    ],
)
def test_size_is_limited(clip: Path, limits: Limits) -> None:
    refused(clip, LimitPassed, limits)
    exact = Limits(max_bytes=clip.stat().st_size, max_width=128, max_height=96, max_pixels=128 * 96)
    assert video_info(clip, exact).frames == 100


@pytest.mark.parametrize("limits", [Limits(max_frames=99), Limits(max_seconds=3.9), Limits(decode_seconds=0.0)])
def test_length_and_time_are_limited_where_frames_are_read(clip: Path, limits: Limits) -> None:
    with pytest.raises(LimitPassed):
        list(read_frames(clip, limits))


def test_a_piece_may_be_read_of_what_is_too_long(clip: Path) -> None:
    limits = Limits(max_frames=25, max_seconds=1.0)
    assert len(list(read_frames(clip, limits, start=2.0, end=3.0))) == 25
    assert video_info(clip, limits).duration == 4.0


def test_the_declared_size_does_not_matter_the_real_one_does(clip: Path, tmp_path: Path) -> None:
    """The sample entry of an mp4 states width and height; the codec's own stream has the true ones."""
    for declared, limits in ((65500, Limits()), (16, Limits(max_width=64))):
        data = bytearray(clip.read_bytes())
        entry = data.index(b"avc1", data.index(b"stsd"))
        data[entry + 28 : entry + 32] = declared.to_bytes(2, "big") * 2
        path = tmp_path / f"{declared}.mp4"
        path.write_bytes(data)
        if limits == Limits():
            assert len(list(read_frames(path))) == 100
        else:
            refused(path, LimitPassed, limits)


MEMORY = """
import resource, sys
from posetransfer.errors import PoseTransferError
from posetransfer.video.read import read_frames
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    next(read_frames(sys.argv[1]))
except PoseTransferError as error:
    print(type(error).__name__, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("container", ["mp4", "ts"])
def test_a_huge_picture_is_refused_before_memory_is_taken(tmp_path: Path, container: str) -> None:
    side = 6400
    path = tmp_path / f"huge.{container}"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25, options={"preset": "ultrafast", "rc-lookahead": "0"})
        stream.width, stream.height, stream.pix_fmt = side, side, "yuv420p"
        out.mux(stream.encode(av.VideoFrame(side, side, "yuv420p")))
        out.mux(stream.encode(None))
    done = subprocess.run([sys.executable, "-c", MEMORY, str(path)], capture_output=True, text=True, check=True)
    name, megabytes = done.stdout.split()
    assert name == "LimitPassed"
    assert int(megabytes) < 60  # one such frame has 61 MB


def test_a_jump_in_time_does_not_give_frames_for_ever(tmp_path: Path) -> None:
    path = make_clip(
        tmp_path / "a.mkv", [stripes(i, 64, 48) for i in range(3)], times=[0, 40, 10**9], time_base=Fraction(1, 1000)
    )
    assert "jump" in refused(path, NotAVideo)
