"""The GPU of a ZeroGPU Space: borrowed for one call at a time, and charged to the visitor's daily quota.

The `spaces` package runs a decorated function in a fork of the page, where CUDA works; what goes in and out is
pickled. Poses, k-NN, drawing of videos and everything else stay in the worker processes on the CPU: they ask for
pictures through the backchannel. This module is imported before CUDA is woken, as `spaces` demands.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np
from numpy.typing import NDArray

from posetransfer.errors import PoseTransferError
from posetransfer.types import PosedFrame
from space.visits import Visits

Lent = tuple[NDArray[np.uint8], str]

ZERO: Final = os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true")
# Seconds that a call is announced with, which a visitor must have left: to fork, to wake CUDA and to load a target,
# then for each picture. The GPU's own figures are not known here; these are generous.
STARTING: Final = 10.0
PICTURE: Final = 0.012  # at 256 px, drawing its pose included
MOST_BYTES: Final = 150 * 10**6  # of made pictures that one call gives back


def picture_seconds(size: int) -> float:
    """Seconds of the GPU for a picture of `size` px."""
    return PICTURE * (size / 256) ** 2


def call_frames(size: int) -> int:
    """How many pictures one call makes at most."""
    return max(1, MOST_BYTES // (3 * size * size))


def quota_seconds(frames: int, size: int) -> int:
    """Seconds of quota that a transfer of `frames` pictures asks for, in all its calls."""
    return math.ceil(STARTING * math.ceil(frames / call_frames(size)) + frames * picture_seconds(size))


def _announced(folder: str, method: str, size: int, frames: Sequence[PosedFrame]) -> int:
    return math.ceil(STARTING + len(frames) * picture_seconds(size))


def _decorator() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    if not ZERO:
        return lambda function: function
    import spaces  # type: ignore[import-not-found, import-untyped, unused-ignore]

    decorated: Callable[[Callable[..., Any]], Callable[..., Any]] = spaces.GPU(duration=_announced)
    return decorated


@_decorator()
def perform(folder: str, method: str, size: int, frames: Sequence[PosedFrame]) -> Lent:
    """Pictures [n, size, size, 3] of the target in `folder`, one for each posed frame, and what made them."""
    loaded = _loaded(folder, method)
    return np.stack(list(loaded.generate(iter(frames)))), loaded.runtime_used


@lru_cache(maxsize=2)
def _loaded(folder: str, method: str) -> Any:
    """Kept in the fork, which serves several calls."""
    from posetransfer.checkpoints.folder import open_checkpoint

    return open_checkpoint(Path(folder)).load_method(method, "torch")


def lender(visits: Visits, blocks: Callable[[], Any]) -> Callable[..., Lent]:
    """What answers a worker that asks for pictures. blocks: the page, which the fork must not keep open.

    It raises PoseTransferError with what the scheduler says: no quota left, no GPU free.
    """
    import gradio as gr
    from gradio.context import LocalContext

    def lend(visit: str, folder: str, method: str, size: int, frames: Sequence[PosedFrame]) -> Lent:
        LocalContext.request.set(visits.request(visit))
        LocalContext.blocks.set(blocks())
        try:
            lent: Lent = perform(folder, method, size, frames)
        except gr.Error as error:
            raise PoseTransferError(f"{error.title}: {error.message}") from error
        except (RuntimeError, OSError, httpx.HTTPError) as error:  # the scheduler can't be reached
            raise PoseTransferError(f"The GPU could not be borrowed: {error}.") from error
        return lent

    return lend
