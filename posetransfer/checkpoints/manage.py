"""The user's own targets renamed and removed, and pulled ones removed. Bundled ones belong to the project."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final, Literal

from posetransfer.checkpoints.folder import CONFIG
from posetransfer.checkpoints.lookup import BUNDLED, target_names
from posetransfer.checkpoints.pulled import find_pulled
from posetransfer.errors import CheckpointError, OutOfSpace, TargetNotFound
from posetransfer.places import home

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")

Origin = Literal["bundled", "own", "pulled"]


def origin_of(name: str) -> Origin:
    """Where the target called `name` is from. Raises TargetNotFound."""
    if NAME.fullmatch(name) and (BUNDLED / name / CONFIG).is_file():
        return "bundled"
    if NAME.fullmatch(name) and (home() / "targets" / name / CONFIG).is_file():
        return "own"
    if find_pulled(name) is not None:
        return "pulled"
    raise TargetNotFound(f"There is no target called {name} any more. Reload the page.")


def check_name(name: str) -> None:
    """Raise CheckpointError unless `name` can be a new target's."""
    if not NAME.fullmatch(name):
        raise CheckpointError("A target's name is made of letters, digits, dots and dashes, such as anna.")
    if name in target_names():
        raise CheckpointError(f"There is a target called {name} already. Choose another name.")


def rename_target(name: str, new: str) -> None:
    """Give one of the user's own targets another name. Raises CheckpointError, TargetNotFound and OutOfSpace."""
    if origin_of(name) != "own":
        raise CheckpointError(f"{name} is not one of your own targets, so it keeps its name.")
    check_name(new)
    old, folder = home() / "targets" / name, home() / "targets" / new
    try:
        old.rename(folder)
    except OSError as error:
        raise OutOfSpace(f"{name} could not be renamed: {error.strerror}.") from error


def remove_target(name: str) -> None:
    """Delete one of the user's own targets, or a pulled one. Raises CheckpointError, TargetNotFound and OutOfSpace."""
    origin = origin_of(name)
    if origin == "bundled":
        raise CheckpointError(f"{name} comes with the project and stays.")
    folder = find_pulled(name) if origin == "pulled" else home() / "targets" / name
    assert folder is not None
    _delete(folder, name)


def _delete(folder: Path, name: str) -> None:
    """First out of sight in one step, so that nobody meets half a target."""
    gone = folder.with_name(f".{folder.name}.removed")
    try:
        shutil.rmtree(gone, ignore_errors=True)
        folder.rename(gone)
        shutil.rmtree(gone)
    except OSError as error:
        raise OutOfSpace(f"{name} could not be removed: {error.strerror}.") from error
