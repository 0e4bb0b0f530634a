"""A target of any size to take times with: k-NN's bank of ines' training reel, and networks.

    python -m benchmarks.sized_target FOLDER --size 512
    python -m benchmarks.sized_target FOLDER --size 512 --steps 200

Without --steps the networks' weights are random, and the target is there in half a minute: what a picture costs does
not depend on the weights, and int8 passes its comparison with fp32 all the same. Two stages do depend on what the
pictures show: alignment looks for a face in every frame as long as it finds none, and flat pictures are coded in less
time than a person. With --steps they are learned, at 512 px about a second and a half a step and network on two cores.
A target that is there already is kept.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from posetransfer.checkpoints.folder import CONFIG, Target, replacing, write_config
from posetransfer.methods.knn.method import NearestNeighbour
from posetransfer.methods.pix2pix.config import preset
from posetransfer.methods.pix2pix.generate import Pics2Pics, Pix2Pix, Pose2Pics
from posetransfer.methods.pix2pix.networks import Generator, initialise
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.footage import Footage, gather
from posetransfer.pipeline.options import Watch
from posetransfer.poses.body import measure_body
from posetransfer.streams import finished

REELS = Path(__file__).parent / "performers" / "reels"
FOOTAGE, SOURCE = REELS / "train-a-ines" / "reel.mp4", REELS / "train-b-kofi" / "reel.mp4"
METHODS = ("knn", "pose2pics", "pics2pics")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, default=512, help="px; of networks a power of two")
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--steps", type=int, default=0, help="learn the networks, this many steps each")
    options = parser.parse_args()
    if (options.folder / CONFIG).is_file():
        print(f"{options.folder} is there already.")
    elif options.steps:
        learned(options.folder, options.size, options.methods, options.steps)
    else:
        sized_target(options.folder, options.size, options.methods.split(","))


def sized_target(folder: Path, size: int, methods: Sequence[str] = METHODS, footage: Path = FOOTAGE) -> Path:
    """Write a target of the person in `footage` at `size` px, its networks of preset fast with random weights."""
    if (folder / CONFIG).is_file():
        return folder
    watched = finished(gather([footage], Watch(), size, StageClock()))
    target = Target(watched.window, watched.sequence.size, measure_body(watched.own), "mediapipe", "limbs")
    with replacing(folder) as partial:
        sections = {}
        if "knn" in methods:
            sections["knn"] = bank(partial, watched).save(partial)
        for kind in (Pose2Pics, Pics2Pics):
            if kind.NAME in methods:
                sections[kind.NAME] = untrained(kind, size).save(partial)
        write_config(partial, target, sections)
    return folder


def bank(folder: Path, watched: Footage) -> NearestNeighbour:
    """k-NN's frames and poses."""
    joints = watched.own.joints.copy()
    joints[~watched.seen] = (np.nan, np.nan, 0)
    return NearestNeighbour.learn(folder, watched.frames(), watched.own.with_joints(joints))


def untrained(kind: type[Pix2Pix], size: int) -> Pix2Pix:
    """A network of preset fast as it is before its first step."""
    config = preset("fast", size=size, input=kind.INPUT)
    generator = Generator(config)
    initialise(generator, torch.Generator().manual_seed(0))
    return kind(generator.eval().requires_grad_(False), config, {})


def learned(folder: Path, size: int, methods: str, steps: int) -> None:
    """Learn the target with the project's own command."""
    options = ["--out", folder, "--size", size, "--methods", methods, "--steps", steps, "--resume"]
    source = ["--source", SOURCE] if "pics2pics" in methods else []
    command = ["learn", FOOTAGE, *source, *options]
    subprocess.run([sys.executable, "-m", "posetransfer", *map(str, command)], check=True)
    shutil.rmtree(folder.with_name(f"{folder.name}.training"))


if __name__ == "__main__":
    main()
