"""What a face process is told and says: a line of JSON, then raw arrays whose sizes follow from it."""

from __future__ import annotations

import json
from typing import IO, Any, Final

import numpy as np

from posetransfer.faces.head import CROP_SIDE
from posetransfer.types import FACE_POINTS, JOINTS, Face, Frame, Pose

Words = dict[str, Any]

SQUARE: Final = (CROP_SIDE, CROP_SIDE, 3)


def send(to: IO[bytes], words: Words, *arrays: np.ndarray[Any, Any]) -> None:
    """Write a message. Raises OSError if nobody reads any more."""
    to.write(json.dumps(words).encode() + b"\n" + b"".join(array.tobytes() for array in arrays))
    to.flush()


def receive(of: IO[bytes]) -> Words | None:
    """The words of the next message; None at the end."""
    line = of.readline()
    return dict(json.loads(line)) if line.endswith(b"\n") else None


def read_pose(of: IO[bytes]) -> Pose:
    """[18, 3]. Raises EOFError where the stream ends before it."""
    return np.frombuffer(_exactly(of, JOINTS * 3 * 4), np.float32).reshape(JOINTS, 3)


def read_square(of: IO[bytes]) -> Frame:
    """The square around a head, as `Head.window` crops it. Raises EOFError."""
    return np.frombuffer(_exactly(of, int(np.prod(SQUARE))), np.uint8).reshape(SQUARE)


def read_face(of: IO[bytes]) -> Face:
    """[68, 2]. Raises EOFError."""
    return np.frombuffer(_exactly(of, FACE_POINTS * 2 * 4), np.float32).reshape(FACE_POINTS, 2)


def _exactly(of: IO[bytes], count: int) -> bytes:
    data = of.read(count)
    if len(data) < count:
        raise EOFError
    return data
