"""Frames of a clip named in a line of text, such as 12,13,20-30: on the command line, and between page and server."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import numpy as np

from posetransfer.errors import TrainingError

MOST_FRAMES: Final = 10**6  # nine hours at 30 a second
_PART = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")


def parse_frames(text: str) -> tuple[int, ...]:
    """The frames that `text` names, counted from 0, in order and each once; none for an empty text.

    Raises TrainingError for what names no frames, or more than `MOST_FRAMES`.
    """
    frames: set[int] = set()
    named = 0
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = _PART.fullmatch(part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
        if last < first:
            raise TrainingError(f"{part[:40]!r} names no frames. Write them as 12,13,20-30.")
        named += last + 1 - first  # counted before they are written out: the text may come from anywhere
        if max(last, named) >= MOST_FRAMES:
            raise TrainingError(f"{part!r} is too much: a clip has fewer than {MOST_FRAMES} frames.")
        frames.update(range(first, last + 1))
    return tuple(sorted(frames))


def frames_text(frames: Iterable[int]) -> str:
    """The inverse of `parse_frames`, with runs of frames as ranges."""
    ordered = np.unique(np.fromiter(frames, np.int64))
    runs = np.split(ordered, np.flatnonzero(np.diff(ordered) > 1) + 1) if len(ordered) else []
    return ",".join(f"{run[0]}" if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
