"""Equal optimisation time for each: as many steps as fit into it by the processor time that a step takes."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from benchmarks.students.points import POINTS, keep
from posetransfer.checkpoints.folder import open_checkpoint
from posetransfer.checkpoints.lookup import BUNDLED
from posetransfer.methods.pix2pix.data import Batch
from posetransfer.methods.pix2pix.distil import make_student
from posetransfer.methods.pix2pix.learner import Learner
from posetransfer.methods.pix2pix.state import STATE
from posetransfer.methods.pix2pix.train import train
from posetransfer.methods.pix2pix.trainer import Trainer
from posetransfer.pairs.store import PairStore
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.footage import gather
from posetransfer.pipeline.options import Watch
from posetransfer.pipeline.pairing import finished_store, own_pairs
from posetransfer.poses.retarget import to_window
from posetransfer.streams import finished

REEL: Final = Path(__file__).parents[1] / "performers" / "reels" / "train-a-ines" / "reel.mp4"
ROUNDS: Final = 5
STEPS, PAIRS = "steps.json", "pairs"


def pairs(work: Path) -> PairStore:
    """ines's training pairs as `learn` makes them, in the window that the bundled network was trained in."""
    store = finished_store(work / PAIRS)
    if store is None:
        footage = finished(gather([REEL], Watch(), 256, StageClock()))
        window = open_checkpoint(BUNDLED / "ines").target.window
        placed = replace(footage, window=window, own=to_window(footage.sequence, window))
        store = finished(own_pairs(placed, work / PAIRS, StageClock()))
    return store


def steps(work: Path) -> dict[str, Any]:
    """How long a step takes and how many fit into its minutes, by point; found once, then kept."""
    path = work / STEPS
    if path.is_file():
        known: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return known
    found = {}
    for name, seconds in pace(pairs(work)).items():
        fitting = round(60 * POINTS[name].minutes / seconds)
        found[name] = {"seconds_a_step": round(seconds, 4), "steps": fitting}
    keep(path, found)
    return found


def pace(store: PairStore) -> dict[str, float]:
    """Processor seconds of a step on one thread, median of ROUNDS in turn; points of one form take the same."""
    device, batch, times = torch.device("cpu"), _batch(store), dict[str, list[float]]()
    learners: dict[str, Learner] = {}
    for name, point in POINTS.items():
        if any(_alike(name, other) for other in learners):
            continue
        teaching = point.teaching()
        if teaching is None:
            learners[name] = Trainer(point.config, 0, device)
        else:
            learners[name] = make_student(point.config, teaching, 0, device)
        times[name] = []
    for number in range(ROUNDS + 1):
        for name, learner in learners.items():
            begun = time.process_time()
            learner.update(number, batch, 1e-4)
            if number:
                times[name].append(time.process_time() - begun)
    found = {name: statistics.median(each) for name, each in times.items()}
    return {name: found[next(like for like in found if _alike(name, like))] for name in POINTS}


def _alike(name: str, other: str) -> bool:
    return replace(POINTS[name], seed=0, minutes=POINTS[other].minutes) == POINTS[other]


def _batch(store: PairStore) -> Batch:
    frames = np.stack([store[number].target for number in range(4)])
    return Batch(frames, frames, np.ones(frames.shape[:3], np.float32))


def train_points(work: Path, names: Iterable[str]) -> None:
    """Train each of `names`, or go on with it; its state lies in `work` under its name."""
    store, known = pairs(work), steps(work)
    for name in names:
        point, used = POINTS[name], time.process_time()
        for done in train(
            store, point.config, work / name, steps=known[name]["steps"], resume=True, seed=point.seed, device="cpu",
            teaching=point.teaching(), save_every=60.0,
        ):  # fmt: skip
            if done.step % 100 == 0:
                losses = ", ".join(f"{key} {value:.3f}" for key, value in done.losses.items())
                print(f"{name}: step {done.step} of {done.total}, {losses}", flush=True)
        print(f"{name}: done, {time.process_time() - used:.0f} s of processor time in this session", flush=True)


def trained(work: Path) -> list[str]:
    """The points whose training has reached its end, in the order of POINTS."""
    from posetransfer.methods.pix2pix.state import read_header

    known = steps(work)
    states = {name: work / name / STATE for name in POINTS}
    return [
        name for name, path in states.items() if path.is_file() and read_header(path)[1].steps >= known[name]["steps"]
    ]
