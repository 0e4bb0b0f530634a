"""Footage into training pairs on disk, once for each kind of network."""

from __future__ import annotations

from collections.abc import Collection, Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posetransfer.conditioning.window import Window, window_around
from posetransfer.errors import TrainingError
from posetransfer.pairs.build import Pairs, build_pairs, paper_pairs
from posetransfer.pairs.store import PairStore, PairWriter
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.footage import Footage
from posetransfer.poses.body import Body
from posetransfer.poses.boxes import boxes_of
from posetransfer.poses.retarget import retarget
from posetransfer.types import PoseSequence, Progress

EVERY = 50  # frames between two reports of progress


def finished_store(folder: Path) -> PairStore | None:
    """The pairs that an earlier run prepared in `folder`, or None."""
    try:
        return PairStore.open(folder)
    except TrainingError:
        return None


def own_pairs(target: Footage, folder: Path, clock: StageClock) -> Generator[Progress, None, PairStore]:
    """Each frame of the target paired with the target's own pose in it; frames without a person are left out."""
    size = target.window.size
    with PairWriter(folder, size) as writer:
        frames = clock.timed("decode", target.frames())
        for index, frame in enumerate(frames):
            if target.seen[index]:
                with clock.stage("store"):
                    writer.add_pair(writer.add_target(frame, target.own.joints[index], target.own.faces[index]))
            if index % EVERY == 0:
                yield Progress("prepare", index, len(target.own), "training pictures")
    return PairStore.open(folder)


@dataclass(frozen=True)
class Matched:
    """driven: the source's poses as they drive the target, window px; pairs: indices into the whole clips;
    dropped: how many pairs were left out by hand."""

    driven: PoseSequence
    pairs: Pairs
    dropped: int


def match_poses(
    source: Footage, target: Footage, body: Body, *, paper: bool = False, dropped: Collection[int] = ()
) -> Matched:
    """Each frame of A with its nearest frame of B by k-NN, of frames in which both are really seen.

    `paper`: the paper's pairs (plain pixels, all kept); otherwise A is first put into B's body. dropped: frames of A
    whose pairs are left out, of those that would be kept: no others take their place. Raises TrainingError if a frame
    is named that A does not have, or if nothing is left.
    """
    last = len(source.sequence) - 1
    if dropped and max(dropped) > last:
        raise TrainingError(f"The source has frames 0 to {last}: frame {max(dropped)} can't be left out of it.")
    driven = source.own if paper else retarget(source.sequence, body)
    mine, theirs = np.flatnonzero(source.seen), np.flatnonzero(target.seen)
    found = (paper_pairs if paper else build_pairs)(_only(driven, mine), _only(target.own, theirs))
    pairs = Pairs(mine[found.source], theirs[found.target], found.distance, found.used, found.coverage)
    kept = pairs.without(dropped)
    if not len(kept):
        raise TrainingError("All pairs of source and target were left out by hand. Keep those that look right.")
    return Matched(driven, kept, len(pairs) - len(kept))


def cross_pairs(
    matched: Matched, source: Footage, target: Footage, folder: Path, clock: StageClock, *, pictures: bool
) -> Generator[Progress, None, PairStore]:
    """The matched pairs with their pictures: A's pose, A's picture if `pictures`, and B's picture."""
    driven, pairs = matched.driven, matched.pairs
    used = set(pairs.target.tolist())
    numbers: dict[int, int] = {}
    with PairWriter(folder, target.window.size) as writer:
        for index, frame in enumerate(clock.timed("decode", target.frames())):
            if index in used:
                with clock.stage("store"):
                    numbers[index] = writer.add_target(frame, target.own.joints[index], target.own.faces[index])
            if index % EVERY == 0:
                yield Progress("prepare", index, len(target.own), "the target's pictures")
        answer = dict(zip(pairs.source.tolist(), pairs.target.tolist(), strict=True))
        for index, frame in enumerate(clock.timed("decode", source.frames())):
            if index in answer:
                with clock.stage("store"):
                    writer.add_pair(
                        numbers[answer[index]],
                        driven.joints[index],
                        driven.faces[index],
                        frame if pictures else None,
                    )
            if index % EVERY == 0:
                yield Progress("prepare", index, len(driven), "the source's pictures")
    return PairStore.open(folder)


def _only(sequence: PoseSequence, indices: NDArray[np.int64]) -> PoseSequence:
    return PoseSequence(sequence.joints[indices], sequence.faces[indices], sequence.size, sequence.fps)


def driver_window(sequence: PoseSequence, size: int) -> Window:
    """The window that a driver's pictures are cropped by: the same rule as for targets. Raises NoPersonFound."""
    return window_around(boxes_of(sequence), size, sequence.size)
