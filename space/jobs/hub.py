"""The jobs that go to a hub: a pull, and a push."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from posetransfer.checkpoints.folder import open_checkpoint
from posetransfer.checkpoints.lookup import find_target
from posetransfer.hub.hub import Publication
from posetransfer.hub.huggingface import HuggingFaceHub
from posetransfer.hub.reference import parse_reference
from posetransfer.types import Progress
from space.jobs.backchannel import ask
from space.jobs.folder import JobFolder
from space.jobs.stops import until_stopped


def pull(
    folder: JobFolder, arguments: dict[str, Any], stopped: Callable[[], int]
) -> Generator[Progress, None, dict[str, Any] | None]:
    """arguments: target (owner/repo, with a revision or not), visit (as for `_hub`).

    What a stopped pull has got is there for the next.
    """
    pulling = _hub(arguments).pull(parse_reference(arguments["target"]))
    place = yield from until_stopped(pulling, stopped)
    if place is None:
        return None
    got = open_checkpoint(place)
    return {"target": got.name, "methods": list(got.methods), "files": {}}


def push(
    folder: JobFolder, arguments: dict[str, Any], stopped: Callable[[], int]
) -> Generator[Progress, None, dict[str, Any] | None]:
    """arguments: target, to (owner/repo), consent, licence, private, visit (as for `_hub`)."""
    publication = Publication(arguments["consent"], arguments["licence"], arguments["private"])
    checkpoint = find_target(arguments["target"])
    address = yield from _hub(arguments).push(checkpoint.folder, parse_reference(arguments["to"]), publication)
    return {"address": address, "files": {}}


def _hub(arguments: dict[str, Any]) -> HuggingFaceHub:
    """The Hub, asked by the token of the visitor whose visit the arguments name; no file ever holds it."""
    visit = arguments.get("visit")
    return HuggingFaceHub() if visit is None else HuggingFaceHub(ask("hub_token", visit))
