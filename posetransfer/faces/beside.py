"""Faces found in a process beside this one.

dlib's predictor holds Python's lock for two milliseconds a frame and the CNN for a hundred and more: in the same
process the threads that decode, find poses and make frames would stand still for as long.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
import psutil

from posetransfer import errors
from posetransfer.errors import PoseTransferError
from posetransfer.faces.head import find_head
from posetransfer.faces.tracker import same_frame
from posetransfer.faces.wire import Words, read_face, receive, send
from posetransfer.streams import closing_source
from posetransfer.types import Face, Frame, Pose

UNDER_WAY: Final = 4  # frames that are asked for before the first answer is waited for; 4 answers fit into any pipe
PIPE_BYTES: Final = 1 << 20  # where the system lets it be chosen: all that is under way, so that nobody waits to write
ENDED: Final = (
    "The process that finds faces has ended, probably because the memory is full. Close other programs and try again."
)


class FaceProcess:
    """A with-block. The process starts at once and reads dlib's models while this one does other things.

    It has one tracker at a time, which is used by one thread.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "posetransfer.faces.worker"],
            cwd=Path(__file__).parents[2],  # where the package is found
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pipesize=PIPE_BYTES,
            start_new_session=True,  # Ctrl-C is for this process, which ends that one
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()  # it keeps nothing that could be lost
        self._process.communicate()

    def rss_mb(self) -> float:
        """The memory that it holds, in MiB."""
        try:
            return float(psutil.Process(self._process.pid).memory_info().rss) / 2**20
        except psutil.Error:
            return 0.0

    def tracker(self, *, cnn: bool = True, contours: str = "dlib68") -> FaceTrackerBeside:
        """A `FaceTracker` that works there; the one before is over. Raises what that raises."""
        self.ask({"begin": {"cnn": cnn, "contours": contours}})
        answer, _ = self.answer()
        if "error" in answer:
            raise getattr(errors, answer["kind"])(answer["error"])
        return FaceTrackerBeside(self)

    def ask(self, words: Words, *arrays: np.ndarray[Any, Any]) -> None:
        """Send a question; `answer` gives the answers in the same order. Raises PoseTransferError."""
        assert self._process.stdin is not None
        try:
            send(self._process.stdin, words, *arrays)
        except OSError as error:
            raise PoseTransferError(ENDED) from error

    def answer(self) -> tuple[Words, Face | None]:
        """The next answer. Raises PoseTransferError."""
        assert self._process.stdout is not None
        try:
            words = receive(self._process.stdout)
            if words is not None:
                return words, read_face(self._process.stdout) if words.get("face") else None
        except (OSError, EOFError) as error:
            raise PoseTransferError(ENDED) from error
        raise PoseTransferError(ENDED)


class FaceTrackerBeside:
    """As `FaceTracker`, in a `FaceProcess`. Raises PoseTransferError if that has ended."""

    def __init__(self, process: FaceProcess) -> None:
        self.counts = {"hog": 0, "cnn": 0, "tracked": 0, "none": 0}
        self._process = process

    def track(self, shown: Iterable[tuple[Frame, Pose]], seconds: float) -> Iterator[Face | None]:
        """See `Tracker.track`."""
        waiting, before = 0, None
        try:
            with closing_source(shown) as source:
                for frame, pose in source:
                    if waiting == UNDER_WAY:
                        waiting -= 1
                        yield self._answer()
                    self._ask(frame, pose, seconds, before is not None and same_frame(frame, before))
                    waiting, before = waiting + 1, frame
                while waiting:
                    waiting -= 1
                    yield self._answer()
        finally:
            for _ in range(waiting):  # the next tracker's answers come behind these
                self._answer()

    def _ask(self, frame: Frame, pose: Pose, seconds: float, again: bool) -> None:
        head = find_head(pose)
        arrays = [np.asarray(pose, np.float32)] + ([] if head is None else [head.window.crop(frame)])
        self._process.ask({"square": head is not None, "seconds": seconds, "again": again}, *arrays)

    def _answer(self) -> Face | None:
        words, face = self._process.answer()
        self.counts = words["counts"]
        return face
