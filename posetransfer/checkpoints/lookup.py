"""Where targets are: bundled with the project, in the user's own folder, pulled from a hub, or at a path."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from posetransfer.checkpoints.folder import CONFIG, PREVIEW, Checkpoint, open_checkpoint
from posetransfer.checkpoints.pulled import find_pulled, pulled_folders
from posetransfer.errors import TargetNotFound
from posetransfer.places import home

BUNDLED = Path(__file__).resolve().parents[2] / "checkpoints"


def find_target(name: str) -> Checkpoint:
    """Open the target called `name`: a folder's path, a bundled target, one in the user's folder, or one that was
    pulled from a hub as owner/repo or owner/repo@revision. Nothing is asked of a hub.

    Raises TargetNotFound, with the names there are, or CheckpointError.
    """
    places = [Path(name), BUNDLED / name, home() / "targets" / name, find_pulled(name)]
    for place in places:
        if place is not None and (place / CONFIG).is_file():
            return open_checkpoint(place)
    known = ", ".join(target_names()) or "none yet"
    raise TargetNotFound(f"There is no target called {name}. Known targets: {known}. A folder's path works too.")


def target_names() -> list[str]:
    """Names of the bundled targets, of the user's own, and of those pulled from a hub, in that order."""
    return [name for name, folder in _folders() if (folder / CONFIG).is_file()]


def _folders() -> Iterator[tuple[str, Path]]:
    """Name and folder of everything that lies where targets lie."""
    for place in (BUNDLED, home() / "targets"):
        for folder in sorted(place.iterdir()) if place.is_dir() else ():
            yield folder.name, folder
    for folder in pulled_folders():
        yield f"{folder.parent.name}/{folder.name}", folder


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
    for name, folder in _folders():
        try:
            config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
            methods, size = tuple(dict(config["methods"])), int(config["target"]["window"]["size"])
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            continue
        summaries.setdefault(name, Summary(name, folder, methods, size))
    return list(summaries.values())


def target_folder(out: str) -> Path:
    """Where `learn --out OUT` writes: a plain name goes to the user's folder, anything with a slash is a path.

    Raises TargetNotFound for what names no folder.
    """
    path = Path(out)
    if not path.resolve().name or out in ("", ".", ".."):
        raise TargetNotFound(f"{out!r} is no place for a target. Give --out a name or the path of a new folder.")
    return path.resolve() if path.name != out or path.exists() else home() / "targets" / out
