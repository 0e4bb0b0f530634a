"""The rendered performers of benchmarks/performers, whose joints are known: pictures of people that need no leave."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posetransfer.conditioning.window import Window
from posetransfer.pairs.store import PairStore, PairWriter
from posetransfer.types import Frame, Pose
from posetransfer.video.read import read_frames
from posetransfer.video.write import VideoWriter

REELS = Path(__file__).resolve().parents[1] / "benchmarks" / "performers" / "reels"
FPS, SIDE = Fraction(25), 384  # px
PART = 50  # frames of a part of a reel that is not yet whole
INES, KOFI = "train-a-ines", "test-kofi"
MOMENTS = 12  # of `panned`


def video(reel: str, number: int = 0) -> tuple[Path, int]:
    """The file that shows frame `number` of a reel, and which of its frames that is: the reel, or else its part."""
    whole = REELS / reel / "reel.mp4"
    if whole.is_file():
        return whole, number
    return REELS / reel / "parts" / f"{number - number % PART:06d}.mp4", number % PART


@cache
def frame(reel: str, number: int = 0) -> Frame:
    """One frame of a reel, [SIDE, SIDE, 3], not to be written to."""
    path, at = video(reel, number)
    reading = read_frames(path, start=float(at / FPS))
    given = next(reading)
    reading.close()
    given.flags.writeable = False
    return given


def piece(path: Path, reel: str, count: int, first: int = 0) -> Path:
    """Write `count` frames of a reel, from `first` on and within one part, as a video of their own."""
    source, begin = video(reel, first)
    with VideoWriter(path, FPS, (SIDE, SIDE)) as writer:
        for one in islice(read_frames(source, start=float(begin / FPS)), count):
            writer.write(one)
    return path


@cache
def _joints(reel: str) -> NDArray[np.float32]:
    """[T, 18, 2] px, of the middles of pixels at .5."""
    with np.load(REELS / reel / "joints.npz") as kept:
        return np.asarray(kept["pixels"], np.float32)


def pose(reel: str, number: int = 0) -> Pose:
    """The true joints of a frame, px; those that the body hides are there too."""
    places = _joints(reel)[number]
    return np.concatenate([places, np.ones((len(places), 1), np.float32)], axis=1)


def mask(reel: str, number: int = 0) -> NDArray[np.bool_]:
    """[SIDE, SIDE]: which pixels of a frame the performer covers."""
    path, at = video(reel, number)
    masks = path.with_name("masks.npz") if path.stem == "reel" else path.with_suffix(".npz")
    with np.load(masks) as kept:
        bits: NDArray[np.uint8] = kept["masks"][at]
    return np.unpackbits(bits, axis=1).astype(bool)


def panned(reel: str, moment: int, size: int) -> tuple[Pose, Frame]:
    """One of twelve moments of a moving performer, seen by a camera that pans from left to right meanwhile, so that
    no two look alike even to a network that has hardly learnt: the joints, px, and the picture [size, size, 3]."""
    number = 150 + 4 * (moment % MOMENTS)
    left = round(67 + 60 * np.cos(np.pi * (moment % MOMENTS) / (MOMENTS - 1)))
    window = Window(left, 100, 250, size)
    return window.to_window(pose(reel, number)), window.crop(frame(reel, number))


def make_pairs(folder: Path, size: int, count: int, *, sources: bool = False) -> PairStore:
    """Pairs of ines with herself at her moments; with `sources`, of kofi's pictures with hers."""
    with PairWriter(folder, size) as writer:
        for moment in range(count):
            joints, picture = panned(INES, moment, size)
            number = writer.add_target(picture, joints)
            writer.add_pair(number, joints, source=panned(KOFI, moment, size)[1] if sources else None)
    return PairStore.open(folder)
