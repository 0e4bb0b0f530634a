"""Where targets are: bundled with the project, in the user's own folder, or at a path."""

from __future__ import annotations

from pathlib import Path

from posetransfer.checkpoints.folder import CONFIG, Checkpoint, open_checkpoint
from posetransfer.errors import TargetNotFound
from posetransfer.places import home

BUNDLED = Path(__file__).resolve().parents[2] / "checkpoints"


def find_target(name: str) -> Checkpoint:
    """Open the target called `name`: a folder's path, a bundled target, or one in the user's folder.

    Raises TargetNotFound, with the names there are, or CheckpointError.
    """
    places = [Path(name), BUNDLED / name, home() / "targets" / name]
    for place in places:
        if (place / CONFIG).is_file():
            return open_checkpoint(place)
    known = ", ".join(target_names()) or "none yet"
    raise TargetNotFound(f"There is no target called {name}. Known targets: {known}. A folder's path works too.")


def target_names() -> list[str]:
    """Names of the bundled targets and of the user's own, in that order."""
    folders = [
        folder for place in (BUNDLED, home() / "targets") if place.is_dir() for folder in sorted(place.iterdir())
    ]
    return [folder.name for folder in folders if (folder / CONFIG).is_file()]


def target_folder(out: str) -> Path:
    """Where `learn --out OUT` writes: a plain name goes to the user's folder, anything with a slash is a path.

    Raises TargetNotFound for what names no folder.
    """
    path = Path(out)
    if not path.resolve().name or out in ("", ".", ".."):
        raise TargetNotFound(f"{out!r} is no place for a target. Give --out a name or the path of a new folder.")
    return path.resolve() if path.name != out or path.exists() else home() / "targets" / out
