"""Renders a reel: `python -m benchmarks.performers.render REEL PERFORMER --out DIR [--frames A:B] [--threads N]`.

Leaves in DIR/REEL-PERFORMER: joints.npz; frames/000000.png ... and masks/000000.png ...; a part (parts.py) of every 50
frames that are there; and once every part is there reel.mp4 (H.264) and masks.npz (bits). Frames and parts that exist
are skipped, so that a run can be stopped, resumed from the parts alone, or split between processes by `--frames`.
"""

from __future__ import annotations

import argparse
import logging
import os
import time
from pathlib import Path

import cv2

from . import parts, stage, truth
from .actor import Actor
from .bodies import PERFORMERS, Figure
from .dressing import dressed
from .figures import build
from .hair import STYLES
from .motions.posture import Posture
from .motions.reels import reel
from .outfits import OUTFITS
from .shot import Shooter

FPS = 25
SECONDS = {"train-a": 62.0, "train-b": 62.0, "test": 14.0}
SEED = 4
SAMPLES = 10

log = logging.getLogger("performers")


def main() -> None:
    """The command line."""
    options = _options()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    folder = options.out / f"{options.reel}-{options.performer}"
    for part in ("frames", "masks"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    figure = build(PERFORMERS[options.performer])
    postures = reel(options.reel, options.seconds or SECONDS[options.reel], FPS, SEED, figure.body())
    first, last = _range(options.frames, len(postures))
    if not all(_done(folder, frame) for frame in range(first, last)):
        render(folder, figure, postures, range(first, last), options.size, options.samples, options.threads)
    if all(parts.is_packed(folder, frame) for frame in range(0, len(postures), parts.LENGTH)):
        parts.join(folder, len(postures), FPS)
        log.info("%s: all %d frames are there, reel.mp4 written", folder.name, len(postures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reel", choices=sorted(SECONDS))
    parser.add_argument("performer", choices=sorted(PERFORMERS))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--frames", default="", metavar="A:B", help="only these, B not included")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--size", type=int, default=384, help="px, the same for a whole folder")
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--seconds", type=float, default=0.0, help="of the reel; its own length unless given")
    return parser.parse_args()


def _range(text: str, count: int) -> tuple[int, int]:
    start, _, end = text.partition(":")
    return int(start or 0), min(count, int(end or count))


def _paths(folder: Path, frame: int) -> tuple[Path, Path]:
    return folder / "frames" / f"{frame:06d}.png", folder / "masks" / f"{frame:06d}.png"


def _done(folder: Path, frame: int) -> bool:
    return parts.is_packed(folder, frame) or all(path.exists() for path in _paths(folder, frame))


def render(
    folder: Path, figure: Figure, postures: list[Posture], frames: range, size: int, samples: int, threads: int
) -> None:
    """The frames that are missing, their masks, the room without the performer, and the joints of the whole reel."""
    name = figure.performer.name
    scene = stage.begin(threads, samples, size)
    camera = stage.camera(scene, figure.performer.height, size)
    stage.furnish(scene, stage.ROOMS[name])
    lift = OUTFITS[name].shoe.thickness
    truth.save_joints(folder / "joints.npz", truth.joints(figure, postures, lift), camera, FPS, SEED)
    shooter = Shooter(scene, folder)
    actor = Actor(scene, figure, dressed(figure), STYLES[name](figure), lift)
    spent, made = time.perf_counter(), 0
    for frame in frames:
        if _done(folder, frame):
            continue
        picture, mask = _paths(folder, frame)
        actor.take(postures[frame])
        covered = truth.mask(actor.points, actor.faces, actor.hair_points(), actor.strands.radius, camera)
        part = picture.with_suffix(f".part{os.getpid()}.png")
        cv2.imwrite(str(part), shooter.shoot(covered))
        part.replace(picture)
        part = mask.with_suffix(f".part{os.getpid()}.png")
        cv2.imwrite(str(part), covered, [cv2.IMWRITE_PNG_BILEVEL, 1])
        part.replace(mask)
        made += 1
        _pack(folder, frame, len(postures))
        log.info("%s frame %d: %.2f s a frame so far", folder.name, frame, (time.perf_counter() - spent) / made)


def _pack(folder: Path, frame: int, count: int) -> None:
    """Write the part of `frame` if that was its last missing one."""
    first = frame - frame % parts.LENGTH
    if all(_done(folder, number) for number in range(first, min(first + parts.LENGTH, count))):
        parts.pack(folder, frame, count, FPS)


if __name__ == "__main__":
    main()
