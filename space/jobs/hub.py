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
from space.jobs.folder import JobFolder


def pull(
    folder: JobFolder, arguments: dict[str, Any], stopped: Callable[[], int]
) -> Generator[Progress, None, dict[str, Any] | None]:
    """arguments: target (owner/repo, with a revision or not)."""
    got = open_checkpoint((yield from HuggingFaceHub().pull(parse_reference(arguments["target"]))))
    return {"target": got.name, "methods": list(got.methods), "files": {}}


def push(
    folder: JobFolder, arguments: dict[str, Any], stopped: Callable[[], int]
) -> Generator[Progress, None, dict[str, Any] | None]:
    """arguments: target, to (owner/repo), consent, licence, private."""
    publication = Publication(arguments["consent"], arguments["licence"], arguments["private"])
    checkpoint = find_target(arguments["target"])
    address = yield from HuggingFaceHub().push(checkpoint.folder, parse_reference(arguments["to"]), publication)
    return {"address": address, "files": {}}
