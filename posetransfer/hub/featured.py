"""Targets that the project picked and looked at, each pinned to one commit."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from posetransfer.errors import HubError
from posetransfer.hub.reference import Reference, parse_reference

LIST = Path(__file__).with_name("featured.json")


@dataclass(frozen=True)
class Featured:
    """reference: pinned to a commit; title: who is shown, in a few words; licence: as on its card."""

    reference: Reference
    title: str
    licence: str


def featured_targets(path: Path | None = None) -> list[Featured]:
    """The list in `path`, else in the file that POSETRANSFER_FEATURED names, else in the project. Asks no hub.

    Raises HubError if the list is damaged or an entry isn't pinned.
    """
    path = path or Path(os.environ.get("POSETRANSFER_FEATURED") or LIST)
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        found = [
            Featured(parse_reference(entry["target"]), str(entry["title"]), str(entry["licence"])) for entry in entries
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HubError(f"The list of featured targets {path} cannot be read ({error}).") from error
    loose = [str(entry.reference) for entry in found if not entry.reference.pinned]
    if loose:
        raise HubError(f"{loose[0]} in {path.name} is not pinned: write owner/repo@ and the commit's 40 digits.")
    return found
