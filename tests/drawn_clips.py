"""Small drawn video files, made through real codecs, for the tests of reading and writing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from posetransfer.types import Frame


def stripes(index: int, width: int, height: int) -> Frame:
    """A frame that shows its own number: 8 vertical bars, white where the number has a 1, highest first."""
    frame = np.full((height, width, 3), 40, np.uint8)
    for bit in range(8):
        if index >> (7 - bit) & 1:
            frame[:, bit * width // 8 : (bit + 1) * width // 8] = 210
    return frame


def number_of(frame: Frame) -> int:
    """The number that `stripes` drew."""
    height, width = frame.shape[:2]
    centres = (np.arange(8) * 2 + 1) * width // 16
    bits = frame[height // 2, centres, 1] > 125
    return int(np.packbits(bits)[0])


def quarters(width: int, height: int) -> Frame:
    """Red, green, blue and white quarters: upper left, upper right, lower left, lower right."""
    frame = np.zeros((height, width, 3), np.uint8)
    frame[: height // 2, : width // 2] = 200, 20, 20
    frame[: height // 2, width // 2 :] = 20, 200, 20
    frame[height // 2 :, : width // 2] = 20, 20, 200
    frame[height // 2 :, width // 2 :] = 230, 230, 230
    return frame


def make_clip(
    path: Path,
    frames: Iterable[Frame],
    rate: Fraction | int = 25,
    *,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    times: Sequence[int] | None = None,
    time_base: Fraction | None = None,
    options: dict[str, str] | None = None,
    stream_setup: Callable[[Any], None] = lambda stream: None,
    sound: tuple[NDArray[np.float32], int, float] | None = None,
    sound_codec: str = "aac",
) -> Path:
    """Write a clip. times: of the frames in `time_base`. sound: (mono samples, rate, seconds it begins after 0)."""
    frames = list(frames)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=Fraction(rate), options=options or {})
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = pix_fmt
        if time_base is not None:
            stream.codec_context.time_base = time_base
        stream_setup(stream)
        track = container.add_stream(sound_codec, rate=sound[1], layout="mono") if sound else None
        for index, frame in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(frame, format="rgb24")
            picture.time_base = time_base or 1 / Fraction(rate)
            picture.pts = index if times is None else times[index]
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
        if sound is not None and track is not None:
            _mux_sound(container, track, *sound)
    return path


def _mux_sound(container: Any, track: Any, samples: NDArray[np.float32], rate: int, begin: float) -> None:
    if not track.codec_context.is_open:
        track.codec_context.open()
    size = track.codec_context.frame_size or 1024
    resampler = av.AudioResampler(track.codec_context.format.name, "mono", rate)
    for at in range(0, len(samples), size):
        piece = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[None, at : at + size]), "fltp", "mono")
        piece.sample_rate, piece.time_base, piece.pts = rate, Fraction(1, rate), at + round(begin * rate)
        for part in resampler.resample(piece):
            container.mux(track.encode(part))
    container.mux(track.encode(None))


def sound_of(path: Path, rate: int = 44100) -> NDArray[np.float32]:
    """The decoded sound of a file as mono samples from its clock's zero."""
    blocks = []
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("fltp", "mono", rate)
        for frame in container.decode(audio=0):
            if not blocks:
                blocks.append(np.zeros(round((frame.time or 0) * rate), np.float32))
            blocks += [part.to_ndarray()[0] for part in resampler.resample(frame)]
    return np.concatenate(blocks)
