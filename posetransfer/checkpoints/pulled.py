"""Targets got from a hub: where they lie, and which revision each is. Nothing here needs a connection."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from posetransfer.places import home

RECORD = ".pulled.json"  # in the target's folder; open_checkpoint overlooks names with a dot in front


@dataclass(frozen=True)
class Pulled:
    """name: owner/repo; revision: the commit's 40 hex digits; hub: the address it came from."""

    name: str
    revision: str
    hub: str


def pulled_root() -> Path:
    """The folder of all pulled targets: owner/repo below it."""
    return home() / "pulled"


def pulled_folder(name: str) -> Path:
    """Where the target owner/repo lies once it is pulled."""
    owner, _, repo = name.partition("/")
    return pulled_root() / owner / repo


def find_pulled(name: str) -> Path | None:
    """The folder of owner/repo or owner/repo@revision if that is here; a revision is a commit or its beginning."""
    plain, _, revision = name.partition("@")
    if plain.count("/") != 1 or ".." in plain:
        return None
    folder = pulled_folder(plain)
    record = read_record(folder)
    if record is None:
        return None
    return folder if record.revision.startswith(revision) else None


def pulled_folders() -> list[Path]:
    """The folders of all pulled targets, by owner and name."""
    root = pulled_root()
    folders = sorted(folder for folder in root.glob("*/*") if folder.is_dir()) if root.is_dir() else []
    return [folder for folder in folders if read_record(folder) is not None]


def read_record(folder: Path) -> Pulled | None:
    """What a folder came from; None where it was not pulled."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return Pulled(str(told["name"]), str(told["revision"]), str(told["hub"]))
    return None


def write_record(folder: Path, record: Pulled) -> None:
    """Note what `folder` came from."""
    told = {"name": record.name, "revision": record.revision, "hub": record.hub}
    (folder / RECORD).write_text(json.dumps(told) + "\n", encoding="utf-8")
