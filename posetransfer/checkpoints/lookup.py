"""Where targets are: bundled with the project, in the user's own folder, or at a path."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from posetransfer.checkpoints.folder import CONFIG, PREVIEW, Checkpoint, open_checkpoint
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


@dataclass(frozen=True)
class Summary:
    """What a list of targets shows of one, read from its config.json alone. size: px of the made square."""

    name: str
    folder: Path
    methods: tuple[str, ...]
    size: int

    @property
    def preview(self) -> Path | None:
        """A picture of the target, if there is one."""
        path = self.folder / PREVIEW
        return path if path.is_file() else None


def target_summaries() -> list[Summary]:
    """The targets of `target_names` whose config.json can be read; no file is verified, so this is quick.

    Of two with one name there is the one that `find_target` opens.
    """
    summaries: dict[str, Summary] = {}
    for place in (BUNDLED, home() / "targets"):
        for folder in sorted(place.iterdir()) if place.is_dir() else ():
            try:
                config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
                methods, size = tuple(dict(config["methods"])), int(config["target"]["window"]["size"])
            except (OSError, ValueError, KeyError, TypeError, OverflowError):
                continue
            summaries.setdefault(folder.name, Summary(folder.name, folder, methods, size))
    return list(summaries.values())


def target_folder(out: str) -> Path:
    """Where `learn --out OUT` writes: a plain name goes to the user's folder, anything with a slash is a path.

    Raises TargetNotFound for what names no folder.
    """
    path = Path(out)
    if not path.resolve().name or out in ("", ".", ".."):
        raise TargetNotFound(f"{out!r} is no place for a target. Give --out a name or the path of a new folder.")
    return path.resolve() if path.name != out or path.exists() else home() / "targets" / out
