"""What the page's handlers stand on, small: targets that are only a config.json, and jobs that tell what they got."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from posetransfer.plugins import Registry
from posetransfer.types import Progress
from space.jobs.folder import JobFolder
from space.jobs.jobs import Jobs
from space.jobs.limits import JobLimits
from space.requested import Services
from space.settings import Settings

KINDS = Registry("kind of job", dict.fromkeys(("transfer", "look"), "tests.space.page_parts:tell"))
LANES = {"transfer": "make", "look": "look"}
IMPORTS: dict[str, tuple[str, ...]] = {"make": (), "look": ()}


def tell(
    folder: JobFolder, arguments: dict[str, Any], stopped: Callable[[], int]
) -> Generator[Progress, None, dict[str, Any] | None]:
    """A kind of job whose result is what it was asked, and how the driving video's file begins."""
    yield Progress("make", 0, 1)
    holds = folder.file(arguments["driving"]).read_bytes()[:20]
    return {"arguments": arguments, "holds": holds.decode("ascii", "replace")}


@contextmanager
def services(root: Path, **settings: Any) -> Iterator[Services]:
    """The page's services over jobs in `root`, on a visitor's own machine unless `settings` say otherwise."""
    chosen = replace(Settings.from_environment(), root=root, **settings)
    limits = {"make": JobLimits(), "look": JobLimits()}
    jobs = Jobs(root, limits, max_waiting=chosen.max_waiting, kinds="tests.space.page_parts")
    jobs.start(warm=False)
    try:
        yield Services(chosen, jobs)
    finally:
        jobs.close()


def write_target(folder: Path, *methods: str, size: int = 256) -> Path:
    """As much of a target as a list of targets reads."""
    folder.mkdir(parents=True)
    config = {"format": 1, "methods": {name: {} for name in methods}, "target": {"window": {"size": size}}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def damaged_targets(place: Path) -> None:
    """Folders of every kind that no list may show, and no list may fail on."""
    whole = json.loads((write_target(place / "whole", "knn") / "config.json").read_text(encoding="utf-8"))
    contents: dict[str, Any] = {
        "empty": "",
        "cut": json.dumps(whole)[:-9],
        "list": "[]",
        "null": "null",
        "text": '"knn"',
        "no-target": json.dumps({"methods": {"knn": {}}}),
        "no-size": json.dumps(whole | {"target": {"window": {}}}),
        "wordy-size": json.dumps(whole | {"target": {"window": {"size": "big"}}}),
        "endless": json.dumps(whole | {"target": {"window": {"size": float("inf")}}}),
        "one-word": json.dumps(whole | {"methods": "knn"}),
    }
    for name, content in contents.items():
        (place / name).mkdir()
        (place / name / "config.json").write_text(content, encoding="utf-8")
    (place / "latin").mkdir()
    (place / "latin" / "config.json").write_bytes(b'{"name": "Zo\xeb"}')
    (place / "folder" / "config.json").mkdir(parents=True)
    (place / "dancer.training").mkdir()
    (place / "a file").write_text("{}", encoding="utf-8")
