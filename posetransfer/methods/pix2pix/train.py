"""Training as a generator: it yields how far it is, and closing it keeps the work."""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import torch

from posetransfer.errors import TrainingError
from posetransfer.methods.pix2pix.config import Pix2PixConfig
from posetransfer.methods.pix2pix.data import Batch, Batches
from posetransfer.methods.pix2pix.distil import Teaching, make_student
from posetransfer.methods.pix2pix.held_out import HeldOut, Seen
from posetransfer.methods.pix2pix.learner import Learner, Precision
from posetransfer.methods.pix2pix.state import STATE, Facts, load_state, read_header, save_state
from posetransfer.methods.pix2pix.trainer import Trainer
from posetransfer.pairs.store import PairStore
from posetransfer.runtime.torch import best_device
from posetransfer.streams import closing_source, prefetch

LOG = "log.jsonl"
SAVING_SHARE = 0.05  # at most this much of the time goes into saving


@dataclass(frozen=True)
class TrainProgress:
    """One step done. seconds: optimisation time so far, over all sessions; share: how much of the goal, 0..1.

    seen: now and then, what the network makes of pairs that it does not learn from.
    """

    step: int
    total: int | None
    seconds: float
    share: float
    losses: dict[str, float]
    seen: Seen | None = None


@dataclass(frozen=True)
class Goal:
    """When a training ends: after so many steps or minutes of optimisation, what comes first."""

    minutes: float | None = None
    steps: int | None = None

    def __post_init__(self) -> None:
        given = [value for value in (self.minutes, self.steps) if value is not None]
        if not given or min(given) <= 0:
            raise TrainingError("Say how long to train: a number of minutes or of steps above 0.")

    def share(self, steps: int, seconds: float) -> float:
        """How much of the training is done, 0..1."""
        by_steps = steps / self.steps if self.steps else 0.0
        by_time = seconds / (60 * self.minutes) if self.minutes else 0.0
        return min(max(by_steps, by_time), 1.0)


def learning_rate(config: Pix2PixConfig, share: float) -> float:
    """Flat for the first half of the training, then linear to 0."""
    return config.lr * min(1.0, 2 * (1 - share))


def train(
    store: PairStore,
    config: Pix2PixConfig,
    folder: Path,
    *,
    minutes: float | None = None,
    steps: int | None = None,
    resume: bool = False,
    seed: int = 0,
    device: str = "auto",
    precision: Precision = "auto",
    save_every: float = 30.0,
    held_out: PairStore | None = None,
    look_every: float = 15.0,
    teaching: Teaching | None = None,
) -> Generator[TrainProgress, None, Path]:
    """Train a generator on `store`, step by step; returns the path of the final state.

    The state in `folder` is saved every `save_every` seconds, at the end and when the generator is closed.
    With `resume` the run goes on from there if it is there; a run in fp32 on one CPU thread with a goal in
    steps then ends in the same weights, bit for bit, as one that was never stopped. Raises TrainingError
    if the pairs, the options and the saved state do not fit together. held_out: pairs that are not learned from;
    what the network makes of them is looked at every `look_every` seconds, which doesn't count as training.
    teaching: who a student learns from; None: the generator learns with a discriminator.
    """
    goal = Goal(minutes, steps)
    batches = Batches(store, config, seed)
    chosen = best_device() if device == "auto" else torch.device(device)
    learner: Learner
    if teaching is None:
        learner, learned_from = Trainer(config, seed, chosen, precision), store.fingerprint
    else:
        learner = make_student(config, teaching, seed, chosen, precision)
        learned_from = f"{store.fingerprint} {teaching.fingerprint}"
    run = _Run(folder, learner, Facts(0, 0.0, seed, len(store), learned_from))
    if resume:
        run.resume()
    else:
        run.path.unlink(missing_ok=True)  # else a kill before the first save would resume the earlier training
    if goal.share(run.facts.steps, run.facts.seconds) == 1:
        return run.path
    looking = _Looking(None if held_out is None else HeldOut(held_out, config), look_every)
    source = prefetch(batches.from_step(run.facts.steps), ahead=2)
    with _Log(folder / LOG, run.facts.steps) as log, closing_source(source) as ready:
        while (share := goal.share(run.facts.steps, run.facts.seconds)) < 1:
            losses = run.advance(ready, learning_rate(config, share))
            log.write({"step": run.facts.steps, "seconds": round(run.facts.seconds, 3), **losses})
            share = goal.share(run.facts.steps, run.facts.seconds)
            seen = looking.now(run.learner, last=share == 1)
            try:
                yield TrainProgress(run.facts.steps, steps, run.facts.seconds, share, losses, seen)
            except GeneratorExit:
                run.save()
                raise
            if run.unsaved_seconds > save_every:
                run.save()
        run.save()
    return run.path


class _Run:
    """A learner, where it stands, and the file that both are saved in."""

    def __init__(self, folder: Path, learner: Learner, facts: Facts) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / STATE
        self.learner = learner
        self.facts = facts
        self._saved_steps = -1
        self._saved_at = time.monotonic()
        self._pause = 0.0

    @property
    def unsaved_seconds(self) -> float:
        """Time since the last save, less what a save costs where it is slow."""
        return time.monotonic() - self._saved_at - self._pause

    def resume(self) -> None:
        """Go on from the saved state, if there is one. Raises TrainingError if it is of another training."""
        if not self.path.exists():
            return
        config, facts = read_header(self.path)
        if config != self.learner.config or replace(self.facts, steps=facts.steps, seconds=facts.seconds) != facts:
            raise TrainingError(
                "The training in this folder was begun with other footage or options. "
                "Give the same ones to resume it, or start anew in another folder."
            )
        load_state(self.path, self.learner)
        self.facts = facts
        self._saved_steps = facts.steps

    def advance(self, batches: Iterator[Batch], lr: float) -> dict[str, float]:
        """One step; the time it took, waiting for its batch included, counts as optimisation time."""
        begun = time.perf_counter()
        losses = self.learner.update(self.facts.steps, next(batches), lr)
        seconds = self.facts.seconds + time.perf_counter() - begun
        self.facts = replace(self.facts, steps=self.facts.steps + 1, seconds=seconds)
        return losses

    def save(self) -> None:
        if self._saved_steps == self.facts.steps:
            return
        begun = time.monotonic()
        save_state(self.path, self.learner, self.facts)
        self._saved_steps = self.facts.steps
        self._saved_at = time.monotonic()
        self._pause = (self._saved_at - begun) / SAVING_SHARE


class _Log:
    """One JSON line a step. Lines after step `keep` are of work that was lost and will be done again."""

    def __init__(self, path: Path, keep: int) -> None:
        kept = path.read_text("utf-8").splitlines(keepends=True)[:keep] if path.exists() else []
        partial = path.with_suffix(".partial")
        partial.write_text("".join(kept), "utf-8")
        partial.replace(path)
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, line: dict[str, float]) -> None:
        self._file.write(json.dumps(line) + "\n")


class _Looking:
    """Looks at the held-out pairs now and then, and at the end."""

    def __init__(self, held_out: HeldOut | None, every: float) -> None:
        self._held_out, self._every = held_out, every
        self._last = float("-inf")

    def now(self, learner: Learner, *, last: bool) -> Seen | None:
        """What the network makes of them, if it is time."""
        if self._held_out is None or (time.monotonic() - self._last < self._every and not last):
            return None
        seen = self._held_out.look(learner.make)
        self._last = time.monotonic()
        return seen
