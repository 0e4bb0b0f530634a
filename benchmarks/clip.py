"""A driving clip of any length, size and rate, with sound, from a shorter one played again and again.

    python -m benchmarks.clip FOLDER [SOURCE] [--seconds 60] [--height 720] [--fps 30]

SOURCE: by default the juggler of the folder that POSETRANSFER_DATA names. Writes STEM-HEIGHTp-FPSfps-SECONDSs.mp4
(H.264 with AAC) into FOLDER, which is none of the project's, and says where; one that is there already is kept. One
round of SOURCE is coded; the others are the same packets again, so that twenty minutes are made about as soon as ten
seconds.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import cv2
import numpy as np
from av.container import OutputContainer

from posetransfer.types import Frame
from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames

SAMPLES: Final = 48_000  # a second of sound
BLOCK: Final = 1024  # samples of a frame of AAC
TONE: Final = 220.0  # Hz; it swells and fades once a second, so that a shift against the picture can be heard
CODING: Final = {"preset": "veryfast", "crf": "20", "bf": "0"}  # no frame waits for a later one: rounds can be joined


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("source", type=Path, nargs="?", default=juggler())
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--height", type=int, default=720)
    parser.add_argument("--fps", type=Fraction, default=Fraction(30))
    options = parser.parse_args()
    if not options.source.is_file():
        sys.exit("Give a video with a person in it, or set POSETRANSFER_DATA: python -m benchmarks.clip FOLDER SOURCE")
    print(looped(options.source, options.folder, options.seconds, options.height, options.fps))


def juggler() -> Path:
    """The clip that is measured on unless another is named: a man in a park, 1280x720."""
    return Path(os.environ.get("POSETRANSFER_DATA", "")) / "clips" / "juggler.mp4"


def looped(
    source: Path, folder: Path, seconds: float, height: int, fps: Fraction = Fraction(30), *, square: bool = False
) -> Path:
    """`source` for so many seconds at `fps`, `height` px high, with a tone; square: the middle of each picture."""
    info = video_info(source)
    width = height if square else round(info.width * height / info.height / 2) * 2
    shape = f"{height}sq" if square else f"{height}p"
    out = folder / f"{source.stem}-{shape}-{float(fps):g}fps-{seconds:g}s.mp4"
    if out.is_file():
        return out
    folder.mkdir(parents=True, exist_ok=True)
    partial = out.with_suffix(".partial")
    with av.open(str(partial), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        picture = container.add_stream("libx264", rate=fps, options=CODING)
        picture.width, picture.height, picture.pix_fmt = width, height, "yuv420p"
        sound = container.add_stream("aac", rate=SAMPLES, layout="mono")
        frames = (_shaped(frame, width, height) for frame in at_rate(source, fps))
        _write(container, picture, sound, frames, fps, round(seconds * fps))
    partial.replace(out)
    return out


def _shaped(frame: Frame, width: int, height: int) -> Frame:
    """The frame scaled to `height`, and cut at both sides if it is then wider than `width`."""
    cut = max(frame.shape[1] - round(frame.shape[0] * width / height), 0) // 2
    inside = frame[:, cut : frame.shape[1] - cut]
    how = cv2.INTER_AREA if height < frame.shape[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(inside, (width, height), interpolation=how), np.uint8)


def at_rate(source: Path, fps: Fraction) -> Iterator[Frame]:
    """The frames of a video at another rate: at each moment the one that is shown then."""
    rate, given = video_info(source).fps, 0
    for number, frame in enumerate(read_frames(source)):
        while Fraction(given) / fps < Fraction(number + 1) / rate:
            yield frame
            given += 1


def _write(
    container: OutputContainer, picture: Any, sound: Any, frames: Iterator[Frame], fps: Fraction, count: int
) -> None:
    """`count` frames: those of `frames` coded once, their packets again until there are enough, and the tone."""
    tick, samples, heard = 1 / fps, _tone(Fraction(count) / fps), 0
    packets = _coded(picture, frames, tick)
    for number in range(count):
        data, key = packets[number % len(packets)]
        packet = av.Packet(data)
        packet.stream, packet.time_base = picture, tick
        packet.pts = packet.dts = number
        packet.duration, packet.is_keyframe = 1, key
        container.mux(packet)
        while heard <= (number + 1) * tick * SAMPLES and (block := next(samples, None)) is not None:
            container.mux(sound.encode(block))
            heard += block.samples
    container.mux(sound.encode(None))


def _coded(picture: Any, frames: Iterator[Frame], tick: Fraction) -> list[tuple[bytes, bool]]:
    """The packets of all frames, one for each, with whether it is a key frame."""
    packets = []
    for number, frame in enumerate(frames):
        shown = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
        shown.pts, shown.time_base = number, tick
        packets += picture.encode(shown)
    packets += picture.encode(None)
    return [(bytes(packet), bool(packet.is_keyframe)) for packet in packets]


def _tone(seconds: Fraction) -> Iterator[Any]:
    total = int(seconds * SAMPLES)
    for start in range(0, total, BLOCK):
        at = np.arange(start, min(start + BLOCK, total)) / SAMPLES
        wave = 0.2 * np.sin(2 * np.pi * TONE * at) * np.sin(np.pi * at) ** 2
        block = av.AudioFrame.from_ndarray(wave.astype(np.float32)[None], format="fltp", layout="mono")
        block.sample_rate, block.time_base, block.pts = SAMPLES, Fraction(1, SAMPLES), start
        yield block


if __name__ == "__main__":
    main()
