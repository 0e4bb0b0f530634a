"""What would end badly is refused before an hour is spent on it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from posetransfer.errors import OutOfSpace, PoseTransferError


def check_out(out: Path, suffix: str, inputs: Sequence[Path]) -> None:
    """Raise PoseTransferError or OutOfSpace if `out` cannot become the result.

    It must have the suffix, be none of the inputs, and lie in a folder that is there and can be written to.
    """
    if out.suffix.lower() != suffix:
        raise PoseTransferError(f"The result is written as {suffix}: choose a name that ends so, not {out.name!r}.")
    if out.resolve() in {path.resolve() for path in inputs}:
        raise PoseTransferError(f"{out} is read by this run and would be replaced. Choose another name.")
    folder = out.resolve().parent
    if not folder.is_dir():
        raise PoseTransferError(f"The folder {folder} for the result does not exist. Make it, or choose another.")
    if not os.access(folder, os.W_OK):
        raise OutOfSpace(f"The folder {folder} for the result cannot be written to. Choose another.")
    if out.is_dir():
        raise PoseTransferError(f"{out} is a folder. Choose a name for the video in it.")
