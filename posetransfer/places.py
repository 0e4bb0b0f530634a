"""Where things lie on this machine: the user's own folder, the cache, files inside installed packages."""

from __future__ import annotations

import hashlib
import os
from importlib.util import find_spec
from pathlib import Path

import platformdirs

from posetransfer.errors import PoseTransferError, WeightsMissing


def home() -> Path:
    """The user's own folder: POSETRANSFER_HOME, or the platform's place for user data."""
    named = os.environ.get("POSETRANSFER_HOME")
    return Path(named) if named else platformdirs.user_data_path("posetransfer", appauthor=False)


def cache_folder() -> Path:
    """What may be deleted at any time: POSETRANSFER_CACHE, or the platform's place for caches."""
    named = os.environ.get("POSETRANSFER_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("posetransfer", appauthor=False)


def package_file(package: str, inside: str, wheel: str) -> Path:
    """The file at `inside` of an installed package, found without importing it. wheel: what to install for it.

    (face_recognition_models imports pkg_resources, which newer Pythons lack; mediapipe takes seconds.)
    Raises WeightsMissing.
    """
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / inside
        if path.is_file():
            return path
    raise WeightsMissing(f"{Path(inside).name} is not on this machine. Install it with: pip install {wheel}")


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's content, read piece by piece. Raises PoseTransferError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise PoseTransferError(f"{path} cannot be read: {error.strerror or error}.") from error
