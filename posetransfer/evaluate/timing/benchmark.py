"""What a target costs, from file to file: every method of every target, and the paper's form of it in the same run.

Each round watches the clip anew, in a process of its own, with an empty cache of poses; networks are made ready once,
before the first round, and what that takes is told apart. Rounds go through all that is measured in turn, so that
whatever else the machine does falls on all of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from posetransfer.checkpoints.folder import Checkpoint
from posetransfer.checkpoints.lookup import find_target
from posetransfer.errors import NoPersonFound, WeightsMissing
from posetransfer.evaluate.timing.apart import apart
from posetransfer.evaluate.timing.machine import load, machine
from posetransfer.evaluate.timing.measured import Measured, Plan, Results
from posetransfer.evaluate.timing.ours import timed_interpolation, timed_live, timed_transfer
from posetransfer.evaluate.timing.paper import PaperMade, PaperWatched, Piece, paper_made, paper_watched
from posetransfer.evaluate.timing.table import table
from posetransfer.methods.method import METHODS, SAMPLES
from posetransfer.pipeline.made import MOST_STEP
from posetransfer.pipeline.options import TransferOptions
from posetransfer.poses.estimator import make_estimator
from posetransfer.types import Progress, VideoInfo
from posetransfer.video.info import video_info

PREPARING: Final = SAMPLES * MOST_STEP  # frames that show a network all that it may be tried on


def benchmark(
    plan: Plan, targets: Sequence[str], methods: Sequence[str] | None = None
) -> Generator[Progress, None, dict[str, Any]]:
    """Measure `methods` (None: all there are) of each target on `plan.video`; gives a table as plain values.

    Raises TargetNotFound, MethodMissing, UnknownName, and what `transfer` raises.
    """
    info, before = video_info(plan.video), load()
    results = Results([case for name in targets for case in _cases(find_target(name), methods)])
    end = None if plan.frames is None else float(plan.frames / info.fps)
    paper = _has_paper_weights(plan, results.notes)
    with TemporaryDirectory(prefix="posetransfer-benchmark-") as name:
        place = Path(name)
        for case in results.cases:
            yield from _prepare(plan, case, info, place)
        for number in range(plan.rounds):
            seen = None
            if paper:
                piece = _piece(plan, info, number)
                seen = yield from _paper_watch(plan, piece, results, place)
            for case in results.cases:
                yield from _ours(plan, case, end, place)
                if seen is not None:
                    made = yield from _paper_case(piece, seen, case, place)
                    case.paper.append(made)
            yield from _interpolation(plan, results, place)
            yield Progress("rounds", number + 1, plan.rounds)
    return {
        "machine": {**machine(), "load_before": before, "load_after": load()},
        "video": _about(plan.video, info),
        "rounds": plan.rounds,
        **table(results),
        "notes": results.notes,
    }


def _cases(checkpoint: Checkpoint, methods: Sequence[str] | None) -> list[Measured]:
    chosen = [name for name in METHODS if name in checkpoint.methods] if methods is None else methods
    for name in chosen:
        checkpoint.require_method(name)
    size = checkpoint.target.window.size
    return [Measured(checkpoint.name, size, name, checkpoint.folder) for name in chosen]


def _about(video: Path, info: VideoInfo) -> dict[str, Any]:
    rate = round(float(info.fps), 3)
    return {"name": video.name, "size": [info.width, info.height], "fps": rate, "sound": info.has_audio}


def _has_paper_weights(plan: Plan, notes: list[str]) -> bool:
    if plan.paper_frames == 0:
        return False
    try:
        make_estimator("openpose", **({} if plan.paper_weights is None else {"weights": plan.paper_weights}))
    except WeightsMissing as error:
        notes.append(f"The paper's form was not measured: {error}")
        return False
    return True


def _piece(plan: Plan, info: VideoInfo, number: int) -> Piece:
    """The frames that the paper's form is shown in a round: each round's lie in another part of the video."""
    total = plan.frames or info.frames or round(info.duration * info.fps)
    first = max(min(number * total // plan.rounds, total - plan.paper_frames), 0)
    return Piece(plan.video, float(first / info.fps), float((first + plan.paper_frames) / info.fps))


def _title(case: Measured) -> str:
    return f"{case.target}, {case.method} at {case.size} px"


def _prepare(plan: Plan, case: Measured, info: VideoInfo, place: Path) -> Generator[Progress, None, None]:
    """Let a network be fitted to this machine, as the first transfer of a user does, and note what that takes."""
    if case.method == "knn":
        return
    end = float(min(PREPARING, plan.frames or PREPARING) / info.fps)
    options = TransferOptions(case.method, end=end, align="pose")
    work = (timed_transfer, plan.video, str(case.folder), place / "prepared.mp4", options)
    report, _ = yield from apart(place / "cache", f"{_title(case)}: its network is made ready", *work)
    case.prepared = report.seconds["load"]


def _ours(plan: Plan, case: Measured, end: float | None, place: Path) -> Generator[Progress, None, None]:
    shutil.rmtree(place / "cache" / "poses", ignore_errors=True)  # so that the clip is watched anew
    options, title = TransferOptions(case.method, end=end, align="pose"), _title(case)
    work = (timed_transfer, plan.video, str(case.folder), place / "made.mp4", options)
    report, wait = yield from apart(place / "cache", title, *work)
    case.transfers.append(replace(report, out="", files={}))
    case.waits.append(wait)
    if plan.live_frames:
        live = (timed_live, plan.video, str(case.folder), case.method, min(plan.live_frames, report.frames_in - 1))
        times, _ = yield from apart(place / "cache", f"{title}, live", *live)
        case.live.append(times)


def _paper_watch(plan: Plan, piece: Piece, results: Results, place: Path) -> Generator[Progress, None, PaperWatched]:
    for cnn, seen in results.watched.items():
        message = f"poses and faces in the paper's form, {'with' if cnn else 'without'} the CNN"
        watched, _ = yield from apart(place / "cache", message, paper_watched, piece, plan.paper_weights, cnn)
        seen.append(watched)
    if not watched.sequence.coverage:
        raise NoPersonFound(
            f"The paper's form sees nobody from second {piece.start:.1f} to {piece.end:.1f} of {plan.video.name}. "
            "Use a clip in which the person is always seen, or leave it out with --paper-frames 0."
        )
    return results.watched[True][-1]


def _paper_case(piece: Piece, seen: PaperWatched, case: Measured, place: Path) -> Generator[Progress, None, PaperMade]:
    work = (paper_made, piece, seen.sequence, str(case.folder), case.method, place / "paper.mp4")
    made, _ = yield from apart(place / "cache", f"{_title(case)} in the paper's form", *work)
    return made


def _interpolation(plan: Plan, results: Results, place: Path) -> Generator[Progress, None, None]:
    for size in dict.fromkeys(case.size for case in results.cases):
        work = (timed_interpolation, plan.video, size, min(plan.frames or 60, 60))
        taken, _ = yield from apart(place / "cache", f"interpolation at {size} px", *work)
        for by, milliseconds in taken.items():
            results.interpolation.setdefault(size, {}).setdefault(by, []).append(milliseconds)
