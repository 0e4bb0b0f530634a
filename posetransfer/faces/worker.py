"""python -m posetransfer.faces.worker: finds faces for the process that started it, until that ends."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import IO

import cv2

from posetransfer.errors import PoseTransferError
from posetransfer.faces.tracker import FaceTracker
from posetransfer.faces.wire import read_pose, read_square, receive, send


def main() -> None:
    """Answer on stdout what is asked on stdin; whatever libraries print goes to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    cv2.setNumThreads(1)
    with suppress(KeyboardInterrupt, EOFError, OSError), answers:  # whoever asked may end at any moment
        serve(sys.stdin.buffer, answers)


def serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until nobody asks any more. One tracker at a time: a new one takes the place of the last."""
    tracker: FaceTracker | None = None
    while (words := receive(asked)) is not None:
        if "begin" in words:
            try:
                tracker = FaceTracker(**words["begin"])
            except PoseTransferError as error:
                send(answers, {"kind": type(error).__name__, "error": str(error)})
                continue
            send(answers, {})
            continue
        assert tracker is not None
        pose = read_pose(asked)
        square = read_square(asked) if words["square"] else None
        face = tracker.look(square, pose, words["seconds"], words["again"])
        send(answers, {"counts": tracker.counts, "face": face is not None}, *([] if face is None else [face]))


if __name__ == "__main__":
    main()
