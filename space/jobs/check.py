"""The job of a check: what footage is good for, and how fast this machine trains, before anything costs time."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from posetransfer.pipeline.footage_check import COVERAGE, PREVIEW, check_footage
from posetransfer.pipeline.options import LearnOptions
from posetransfer.types import Progress
from space.jobs.folder import JobFolder


def run(
    folder: JobFolder, arguments: dict[str, Any], stopped: Callable[[], int]
) -> Generator[Progress, None, dict[str, Any] | None]:
    """arguments: clips (files of the folder), options (fields of LearnOptions). A check cannot be kept half done."""
    from posetransfer.methods.pix2pix.config import preset
    from posetransfer.methods.pix2pix.probe import seconds_a_step

    options = LearnOptions(**arguments["options"])
    found = yield from check_footage([folder.file(name) for name in arguments["clips"]], options, folder.path)
    yield Progress("probe", 0, 1, "how fast this machine learns")
    step = seconds_a_step(preset(options.preset, size=options.size))
    files = {"coverage": COVERAGE, "footage": PREVIEW}
    return {**found.to_json(), "seconds_a_step": step, "files": files}
