"""Footage of a person in, a target out: watch, pair, train each network, write the checkpoint whole."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from posetransfer.checkpoints.card import write_card
from posetransfer.checkpoints.folder import CONFIG, Target, open_checkpoint, refuse_to_replace, replacing, write_config
from posetransfer.checkpoints.lookup import target_folder
from posetransfer.errors import CheckpointError, Stopped, TrainingError
from posetransfer.methods.method import METHODS, SAMPLES, Method
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.footage import Footage, gather, write_picture
from posetransfer.pipeline.options import LearnOptions
from posetransfer.pipeline.pairing import Matched, cross_pairs, finished_store, match_poses, own_pairs
from posetransfer.pipeline.report import Report, peak_rss_mb
from posetransfer.pipeline.work import claim, work_folder
from posetransfer.poses.body import measure_body
from posetransfer.types import Progress
from posetransfer.video.info import video_info

if TYPE_CHECKING:
    from posetransfer.methods.pix2pix.train import TrainProgress

DEFAULT_MINUTES = 10.0
SIZES = (64, 128, 256, 512)  # px; the small ones to try things out
PREVIEW, BACKGROUND = "preview.png", "background.png"


@dataclass(frozen=True)
class _Run:
    """What all steps of one learning share."""

    options: LearnOptions
    work: Path
    clock: StageClock
    target: Target
    footage: Footage
    source: Footage | None
    matched: Matched | None
    stopped: Callable[[], bool]


def learn(
    clips: Sequence[Path], out: str, options: LearnOptions, stopped: Callable[[], bool] = lambda: False
) -> Generator[Progress, None, Report]:
    """Make a target of the person in `clips`; `out` is a folder, or a name among the user's own targets.

    Closing the generator keeps what was trained: `resume` goes on from there. When `stopped` says so, training ends
    and the target is made of what was learned by then, without the networks that were not begun. Raises
    TrainingError, NoPersonFound, CheckpointError and what reading the videos raises; the checkpoint appears whole or
    not at all.
    """
    begun = time.perf_counter()
    clock, report = StageClock(), Report()
    methods = _methods(options)
    folder = target_folder(out)
    refuse_to_replace(folder)
    for clip in (*clips, *options.sources):
        video_info(clip)  # a mistyped name is found before anything is begun
    options = claim(folder, clips, methods, options)
    paper = options.preset == "paper"
    footage = yield from gather(clips, options.watch, options.size, clock, paper=paper)
    source = None
    if options.sources and (options.pairs == "knn" or "pics2pics" in methods):
        source = yield from gather(options.sources, options.source_watch, options.size, clock, paper=paper)
    target = Target(
        footage.window,
        footage.sequence.size,
        measure_body(footage.own),
        options.pose,
        options.drawing_style,
        options.edges,
    )
    kept = _kept_methods(folder, target, methods)
    matched = None
    if source is not None:  # what can't be paired is found before anything is trained
        matched = match_poses(source, footage, target.body, paper=paper, dropped=options.dropped_source_frames)
    run = _Run(options, work_folder(folder), clock, target, footage, source, matched, stopped)
    made: dict[str, Method] = {}
    for name in methods:
        if name != "knn" and stopped():
            break
        learned = yield from (_learn_bank(run) if name == "knn" else _learn_network(run, name))
        if learned is not None:
            made[name], report.training[name] = learned
    if not made:
        raise Stopped("Stopped before anything was learned: there is nothing to keep.")
    _write(folder, run, made, kept)
    _fill(report, run, folder, made, time.perf_counter() - begun)
    return report


def _methods(options: LearnOptions) -> tuple[str, ...]:
    """The methods to learn, checked against what the clips allow."""
    allowed = tuple(METHODS) if options.sources else ("knn", "pose2pics")
    if options.size not in SIZES:
        raise TrainingError(f"--size is one of {', '.join(map(str, SIZES))}, not {options.size}.")
    if options.edges and options.drawing_style != "paper":
        raise TrainingError("Edges can be drawn in the style paper only: add --style paper, or leave --edges out.")
    if options.minutes == 0:
        raise TrainingError("--minutes is a time above 0.")
    if options.minutes is not None and options.steps is not None:
        raise TrainingError("Give --minutes or --steps, not both.")
    if options.pairs == "knn" and not options.sources:
        raise TrainingError("--pairs knn pairs person A with the target: give a clip of A with --source.")
    if options.dropped_source_frames and not options.sources:
        raise TrainingError("--drop-source-frames names frames of person A: give a clip of A with --source.")
    if options.methods is None:
        return allowed
    for name in options.methods:
        METHODS[name]
        if name not in allowed:
            raise TrainingError("pics2pics learns from pictures of person A: give a clip of A with --source.")
    return tuple(name for name in METHODS if name in options.methods)


def _kept_methods(folder: Path, target: Target, methods: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Sections of the methods that `folder` has already and that are not learned again."""
    if not (folder / CONFIG).is_file():
        return {}
    present = open_checkpoint(folder)
    others = {name: section for name, section in present.methods.items() if name not in methods}
    if others and not present.target.shares_pictures_with(target):
        raise CheckpointError(
            f"{folder.name} holds {', '.join(others)} made from other footage or another size. "
            "Choose another --out, or learn all methods again."
        )
    return others


def _learn_bank(run: _Run) -> Generator[Progress, None, tuple[Method, dict[str, Any]]]:
    from posetransfer.methods.knn.method import NearestNeighbour

    yield Progress("bank", 0, len(run.footage.own), "k-NN's frames")
    joints = run.footage.own.joints.copy()
    joints[~run.footage.seen] = (np.nan, np.nan, 0)  # a frame without the person answers no pose
    folder = run.work / "knn"
    folder.mkdir(parents=True, exist_ok=True)
    with run.clock.stage("bank"):
        bank = NearestNeighbour.learn(folder, run.footage.frames(), run.footage.own.with_joints(joints))
    return bank, {"frames": int(run.footage.seen.sum())}


def _learn_network(run: _Run, name: str) -> Generator[Progress, None, tuple[Method, dict[str, Any]] | None]:
    """The network and its training's facts; None if it was stopped before its first step."""
    from posetransfer.methods.pix2pix.config import preset
    from posetransfer.methods.pix2pix.data import pair_samples
    from posetransfer.methods.pix2pix.generate import Pics2Pics, Pose2Pics
    from posetransfer.methods.pix2pix.held_out import split
    from posetransfer.methods.pix2pix.state import STATE
    from posetransfer.methods.pix2pix.train import train

    options, folder = run.options, run.work / name
    store = finished_store(folder / "pairs")
    if store is None:
        store = yield from _pair(run, name, folder / "pairs")
    pictures = name == "pics2pics"
    drawing = {} if pictures else {"style": run.target.style, "edges": run.target.edges}
    config = preset(options.preset, size=options.size, input="picture" if pictures else "pose", **drawing)
    minutes = DEFAULT_MINUTES if options.minutes is None and options.steps is None else options.minutes
    known, held_out = split(store, options.hold_out)
    training = train(
        known, config, folder, minutes=minutes, steps=options.steps, resume=options.resume, seed=options.seed,
        held_out=held_out,
    )  # fmt: skip
    ssim = yield from _until_stopped(training, name, run.stopped)
    if not (folder / STATE).is_file():
        return None
    method = (Pics2Pics if pictures else Pose2Pics).from_training(folder / STATE, runtime=options.runtime)
    if ssim is not None:
        method.training["held_out_ssim"] = round(ssim, 4)
    with run.clock.stage("load"):
        yield from method.prepare(pair_samples(store, SAMPLES))  # now, so that the first transfer need not
    return method, method.training


def _until_stopped(
    training: Generator[TrainProgress, None, Path], name: str, stopped: Callable[[], bool]
) -> Generator[Progress, None, float | None]:
    """Train to the end or until `stopped`; gives the last SSIM on held-out pairs, if there are some."""
    ssim = None
    with closing(training):
        for step in training:
            figures = {"step": float(step.step), "seconds": step.seconds, **step.losses}
            if step.seen is not None:
                figures["ssim"] = ssim = step.seen.ssim
            picture = None if step.seen is None else step.seen.picture
            done, message = round(step.share * 1000), _step_message(step.step, step.losses)
            yield Progress(f"train {name}", done, 1000, message, picture, figures)
            if stopped():
                break
    return ssim


def _step_message(step: int, losses: dict[str, float]) -> str:
    return f"per mille, step {step}, " + ", ".join(f"{name} {value:.3f}" for name, value in losses.items())


def _pair(run: _Run, name: str, folder: Path) -> Generator[Progress, None, Any]:
    if name == "pose2pics" and run.options.pairs == "own":
        return (yield from own_pairs(run.footage, folder, run.clock))
    assert run.source is not None and run.matched is not None, "checked by _methods"
    pictures = name == "pics2pics" or run.target.edges  # edges are drawn from A's picture
    return (yield from cross_pairs(run.matched, run.source, run.footage, folder, run.clock, pictures=pictures))


def _write(folder: Path, run: _Run, made: dict[str, Method], kept: dict[str, dict[str, Any]]) -> None:
    """Write the checkpoint whole: the new methods beside those that are kept."""
    with replacing(folder) as partial:
        if kept:  # files of methods learned again are written over
            shutil.copytree(folder, partial, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*"))
        if (folder / "README.md").is_file():
            shutil.copyfile(folder / "README.md", partial / "README.md")
        sections = kept | {name: method.save(partial) for name, method in made.items()}
        plate = run.footage.plate()
        write_picture(partial / BACKGROUND, plate)
        middle = len(run.footage.own) // 2
        preview = next(frame for index, frame in enumerate(run.footage.frames()) if index == middle)
        write_picture(partial / PREVIEW, preview)
        write_config(partial, run.target, {name: sections[name] for name in METHODS if name in sections})
        write_card(partial, folder.name, sections)


def _fill(report: Report, run: _Run, folder: Path, made: dict[str, Method], seconds: float) -> None:
    own = run.footage.own
    report.method = ",".join(report.training)
    report.target, report.out = folder.name, str(folder)
    report.frames_in, report.fps_in = len(own), own.fps
    report.duration_in = float(len(own) / own.fps)
    report.pose_coverage = run.footage.coverage
    report.faces = run.footage.faces
    report.runtime = ", ".join(f"{name}: {method.runtime_used}" for name, method in made.items())
    report.seconds = {"total": seconds, **run.clock.seconds}
    report.pairs_dropped = run.matched.dropped if run.matched else 0
    report.peak_rss_mb = peak_rss_mb()
    report.warnings = [*run.footage.warnings, *(run.source.warnings if run.source else ())]
    report.warnings += [f"{name}: {note}" for name, method in made.items() for note in method.runtime_notes]
