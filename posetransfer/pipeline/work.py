"""The folder beside a target in which it is learned: what was asked for, training pairs, each network's state.

It outlives interruptions, and nothing in it is thrown away unasked.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from posetransfer.checkpoints.folder import CONFIG, open_checkpoint
from posetransfer.errors import TrainingError
from posetransfer.methods.method import METHODS
from posetransfer.pipeline.options import LearnOptions
from posetransfer.pipeline.report import write_text

REQUEST = "request.json"


def claim(folder: Path, clips: Sequence[Path], methods: Sequence[str], options: LearnOptions) -> LearnOptions:
    """Take the work folder of the target `folder` for this request, or go on with the one that lies there.

    Gives the options, with the length of the training as it was asked for before if a resumed run does not say.
    Raises TrainingError if resuming would mix two requests, or starting anew would lose an unfinished training.
    """
    work = work_folder(folder)
    request = _request(clips, options)
    earlier = _read(work / REQUEST)
    same = earlier is not None and {**earlier, **_length(options)} == {**request, **_length(options)}
    if options.resume and earlier is not None:
        if not same:
            raise TrainingError(
                f"The unfinished training in {work} was begun with other clips or options. "
                "Give the same ones to resume it, or delete that folder to start anew."
            )
        if options.minutes is None and options.steps is None:
            return replace(options, minutes=earlier["minutes"], steps=earlier["steps"])
        write_text(work / REQUEST, json.dumps(request))
        return options
    _refuse_to_forget(work, folder, methods if same else tuple(METHODS))
    for old in [work / name for name in methods] if same else [work]:
        shutil.rmtree(old, ignore_errors=True)
    write_text(work / REQUEST, json.dumps(request))
    return options


def work_folder(folder: Path) -> Path:
    """Where the target at `folder` is learned."""
    return folder.with_name(folder.name + ".training")


def _request(clips: Sequence[Path], options: LearnOptions) -> dict[str, Any]:
    """All that a resumed run must ask for again, and how long; as JSON keeps it."""
    free = {"resume": None, "methods": None, "runtime": None}
    asked = {"clips": [str(clip.resolve()) for clip in clips], **asdict(options), **free}
    return dict(json.loads(json.dumps(asked, default=str)))


def _length(options: LearnOptions) -> dict[str, Any]:
    return {"minutes": options.minutes, "steps": options.steps}


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def _refuse_to_forget(work: Path, folder: Path, methods: Sequence[str]) -> None:
    """Raise TrainingError if starting anew would throw away steps that are in no checkpoint."""
    from posetransfer.methods.pix2pix.state import STATE, read_header

    learned = open_checkpoint(folder).methods if (folder / CONFIG).is_file() else {}
    unfinished = []
    for name in methods:
        state = work / name / STATE
        if state.is_file():
            kept = learned.get(name, {}).get("training", {}).get("steps", 0)
            if read_header(state)[1].steps > kept:
                unfinished.append(name)
    if unfinished:
        raise TrainingError(
            f"An unfinished training of {' and '.join(unfinished)} lies in {work}. Give the same clips and options "
            "with --resume to go on with it, or delete that folder to start anew."
        )
