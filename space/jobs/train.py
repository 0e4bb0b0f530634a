"""The job of a training: footage in the job's folder becomes a target among the user's own.

Everything on the way lies in the job's folder, so that deleting the job deletes all that was made of somebody.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from typing import Any

from posetransfer.checkpoints.card import set_consent
from posetransfer.checkpoints.folder import open_checkpoint, replacing
from posetransfer.checkpoints.lookup import target_folder
from posetransfer.errors import PoseTransferError, Stopped
from posetransfer.pipeline.learn import learn
from posetransfer.pipeline.options import LearnOptions, TransferOptions
from posetransfer.pipeline.tracking import tracked
from posetransfer.pipeline.transfer import transfer
from posetransfer.types import Progress
from posetransfer.video.info import video_info
from space.jobs.curve import Curve
from space.jobs.folder import JobFolder

WORK = "work"
COMPARISON = "comparison.mp4"
COMPARED = 6.0  # seconds, from the end of the footage: what was held out from training is there


def run(
    folder: JobFolder, arguments: dict[str, Any], stopped: Callable[[], int]
) -> Generator[Progress, None, dict[str, Any] | None]:
    """arguments: clips, sources (files of the folder), name, consent, options (fields of LearnOptions).

    Begun again in the same folder it goes on from the last state that was saved.
    """
    clips = [folder.file(name) for name in arguments["clips"]]
    sources = tuple(folder.file(name) for name in arguments["sources"])
    options = LearnOptions(**arguments["options"], sources=sources, resume=True)
    made = folder.path / WORK / arguments["name"]
    try:
        learning = learn(clips, str(made), options, lambda: stopped() > 0)
        if os.environ.get("POSETRANSFER_TRACK"):
            learning = tracked(learning, clips, str(made), options)
        with closing(learning):
            report = yield from _recorded(learning, Curve(folder))
    except Stopped:
        return None
    set_consent(made, arguments["consent"])
    target = target_folder(arguments["name"])
    yield Progress("keep", 0, 1, arguments["name"])
    with replacing(target) as partial:
        shutil.copytree(made, partial, dirs_exist_ok=True)
    files = yield from _compared(folder, clips[-1], target)
    shutil.rmtree(folder.path / WORK, ignore_errors=True)
    return {
        "target": target.name,
        "methods": list(open_checkpoint(target).methods),
        "training": report.training,
        "pairs_dropped": report.pairs_dropped,
        "stopped_early": stopped() > 0,
        "warnings": report.warnings,
        "files": files,
    }


def _recorded(learning: Generator[Progress, None, Any], curve: Curve) -> Generator[Progress, None, Any]:
    """What `learning` yields, its figures written down for the page; gives what it returns."""
    try:
        while True:
            progress = next(learning)
            if progress.figures:
                curve.add(progress.stage, progress.figures)
            yield progress
    except StopIteration as stop:
        return stop.value
    finally:
        curve.write()


def _compared(folder: JobFolder, clip: Path, target: Path) -> Generator[Progress, None, dict[str, str]]:
    """A video of the footage's end beside the target performing it; none if that can't be made."""
    methods = open_checkpoint(target).methods
    method = "pose2pics" if "pose2pics" in methods else "knn"
    if method not in methods:
        return {}
    start = max(float(video_info(clip).duration) - COMPARED, 0.0)
    options = TransferOptions(method, start=start, side_by_side=True)
    try:
        report = yield from transfer(clip, str(target), folder.file(COMPARISON), options)
    except PoseTransferError:  # the person may have left the picture: the target is whole all the same
        return {}
    return {"comparison": Path(report.files["side-by-side"]).name, "result": COMPARISON}
