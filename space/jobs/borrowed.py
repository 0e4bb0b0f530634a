"""A network that runs on the GPU which the page borrows, and on this machine's CPU where none is lent."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable, Iterator
from itertools import chain, islice

from posetransfer.checkpoints.folder import Checkpoint
from posetransfer.errors import PoseTransferError
from posetransfer.methods.method import Performer, Sample
from posetransfer.streams import closing_source
from posetransfer.types import Frame, PosedFrame, Progress
from space.jobs.backchannel import ask

logger = logging.getLogger(__name__)


class Borrowed:
    """What `local`, the method `name` of a checkpoint, does, done elsewhere. visit: by whose quota;
    most: frames that are asked for at a time. notes: sentences for the report, once frames were made.
    """

    def __init__(self, local: Performer, checkpoint: Checkpoint, name: str, visit: str, most: int) -> None:
        self.notes: list[str] = []
        self._local, self._checkpoint, self._name, self._visit, self._most = local, checkpoint, name, visit, most
        self._used: list[str] = []

    @property
    def needs_poses(self) -> bool:
        return self._local.needs_poses

    @property
    def needs_faces(self) -> bool:
        return self._local.needs_faces

    @property
    def needs_frames(self) -> bool:
        return self._local.needs_frames

    @property
    def runtime_used(self) -> str:
        return ", then ".join(self._used) or self._local.runtime_used

    @property
    def runtime_notes(self) -> tuple[str, ...]:
        return ()

    def prepare(self, samples: Iterable[Sample] = ()) -> Generator[Progress, None, None]:
        """Nothing to choose: it prepares itself, quickly and without samples, if it comes to the CPU."""
        yield from ()

    def generate(self, frames: Iterable[PosedFrame], at_once: int = 1) -> Iterator[Frame]:
        """See `Performer.generate`. Lent for all frames, or for those before the first refusal."""
        with closing_source(frames) as source:
            held, size = self._held(source), self._checkpoint.target.window.size
            while chunk := list(islice(held, self._most)):
                try:
                    made, runtime = ask("gpu", self._visit, str(self._checkpoint.folder), self._name, size, chunk)
                except PoseTransferError as error:
                    logger.info("No GPU: %s", error)
                    self.notes.append(f"Made on the CPU{' from here on' if self._used else ''}. {error}")
                    self._used.append(self._local.runtime_used)
                    yield from self._local.generate(chain(chunk, held))
                    return
                self._used = [f"{runtime}, lent by ZeroGPU"]
                yield from made

    def _held(self, source: Iterator[PosedFrame]) -> Iterator[PosedFrame]:
        """Where nobody is seen the last pose stays, also from one call to the next."""
        last: PosedFrame | None = None
        for posed in source:
            seen = (posed.pose[:, 2] > 0).any()
            if last is not None and not seen and self.needs_poses:
                posed = last._replace(frame=posed.frame)
            if seen:
                last = posed
            yield posed
