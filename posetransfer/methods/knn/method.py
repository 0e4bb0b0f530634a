"""Nearest neighbours: each pose is answered with the target's own frame whose pose is nearest."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from posetransfer.errors import NoPersonFound
from posetransfer.methods.knn.bank import FRAMES, POSES, Bank, BankFacts, write_bank
from posetransfer.methods.knn.choice import Chooser, KnnOptions
from posetransfer.methods.method import Sample
from posetransfer.streams import closing_source
from posetransfer.types import Frame, Pose, PosedFrame, PoseSequence, Progress


class NearestNeighbour:
    """The target's frames, chosen by pose. See `KnnOptions` for how, `Bank` for where they lie."""

    NAME: ClassVar[str] = "knn"
    needs_poses: bool = True
    needs_faces: bool = False
    needs_frames: bool = False
    runtime_used: str = "numpy"
    runtime_notes: tuple[str, ...] = ()

    def __init__(self, bank: Bank, options: KnnOptions | None = None) -> None:
        self.bank = bank
        self.options = options or KnnOptions()
        self._chooser = Chooser(bank.joints, self.options)

    def with_options(self, options: KnnOptions) -> NearestNeighbour:
        """The same bank, chosen from in another way."""
        return NearestNeighbour(self.bank, options)

    @classmethod
    def learn(cls, folder: Path, frames: Iterable[Frame], poses: PoseSequence) -> Self:
        """Write the bank of these frames [size, size, 3] and poses, both in window pixels, into `folder`.

        Raises NoPersonFound if no pose shows the person, TrainingError if frames and poses are not as many.
        """
        if not (poses.joints[..., 2] > 0).any():
            raise NoPersonFound("No person is seen in the target video. Try a clip where the whole body is visible.")
        return cls(Bank(folder, write_bank(folder, frames, poses)))

    def prepare(self, samples: Iterable[Sample] = ()) -> Generator[Progress, None, None]:
        """There is nothing to choose: no network runs."""
        yield from ()

    def prepare_again(self, samples: Iterable[Sample]) -> Generator[Progress, None, None]:
        """Nothing either."""
        yield from ()

    def samples(self, count: int) -> Iterator[Sample]:
        """Up to `count` of the target's own poses and frames, evenly over the bank, as other methods may be given."""
        seen = np.flatnonzero((self.bank.joints[..., 2] > 0).any(axis=1))
        for index in seen[np.linspace(0, len(seen) - 1, min(count, len(seen))).round().astype(int)]:
            frame = self.bank[int(index)]
            yield Sample(PosedFrame(self.bank.joints[index], None, frame), frame)

    def generate(self, frames: Iterable[PosedFrame], at_once: int = 1) -> Iterator[Frame]:
        """Frames [size, size, 3] of the bank, or blends of k; as many as came in. Only the poses are read."""
        with closing_source(frames) as source:
            for indices in self._chooser.choose(posed.pose for posed in source):
                yield self._blend([self.bank[int(index)] for index in indices])

    def choose(self, poses: Iterable[Pose]) -> Iterator[int]:
        """The index of the (nearest) frame that is shown for each pose."""
        return (int(indices[0]) for indices in self._chooser.choose(poses))

    def save(self, folder: Path) -> dict[str, Any]:
        """Put the bank's two files into `folder`, if they do not lie there; gives their section of config.json."""
        if folder.resolve() != self.bank.folder.resolve():
            for name in (POSES, FRAMES):
                shutil.copyfile(self.bank.folder / name, folder / name)
        return self.bank.facts.to_json()

    @classmethod
    def load(cls, folder: Path, section: dict[str, Any], runtime: str = "auto") -> Self:
        """The bank in `folder`. No network runs, so `runtime` makes no difference.

        Raises CheckpointError if a file is missing or damaged, or holds other sizes or counts than `section` says.
        """
        return cls(Bank(folder, BankFacts.from_json(section)))

    @staticmethod
    def _blend(frames: list[Frame]) -> Frame:
        if len(frames) == 1:
            return frames[0]
        return np.asarray(np.rint(np.mean(frames, axis=0)), np.uint8)
