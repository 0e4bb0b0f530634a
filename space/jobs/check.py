"""The jobs of a check: what footage is good for, how fast this machine trains, and what pics2pics would learn from,
before anything costs time."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from posetransfer.pipeline.footage_check import COVERAGE, PREVIEW, check_footage
from posetransfer.pipeline.options import LearnOptions
from posetransfer.pipeline.pair_check import SHEET, check_pairs
from posetransfer.types import Progress
from space.jobs.folder import JobFolder
from space.jobs.stops import until_stopped


def run(
    folder: JobFolder, arguments: dict[str, Any], stopped: Callable[[], int]
) -> Generator[Progress, None, dict[str, Any] | None]:
    """arguments: clips (files of the folder), options (fields of LearnOptions). A check cannot be kept half done."""
    from posetransfer.methods.pix2pix.config import preset
    from posetransfer.methods.pix2pix.probe import seconds_a_step

    options = LearnOptions(**arguments["options"])
    clips = [folder.file(name) for name in arguments["clips"]]
    found = yield from until_stopped(check_footage(clips, options, folder.path), stopped)
    if found is None:
        return None
    yield Progress("probe", 0, 1, "how fast this machine learns")
    step = seconds_a_step(preset(options.preset, size=options.size))
    files = {"coverage": COVERAGE, "footage": PREVIEW}
    return {**found.to_json(), "seconds_a_step": step, "files": files}


def run_pairs(
    folder: JobFolder, arguments: dict[str, Any], stopped: Callable[[], int]
) -> Generator[Progress, None, dict[str, Any] | None]:
    """arguments: clips, sources (files of the folder), options (fields of LearnOptions)."""
    sources = tuple(folder.file(name) for name in arguments["sources"])
    options = LearnOptions(**arguments["options"], sources=sources)
    clips = [folder.file(name) for name in arguments["clips"]]
    found = yield from until_stopped(check_pairs(clips, options, folder.path), stopped)
    return None if found is None else {**found.to_json(), "files": {"pairs": SHEET}}
