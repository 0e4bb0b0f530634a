"""A driving video in, the target performing it out: watch, fit the pose to the target, make, align, write."""

from __future__ import annotations

import time
from collections.abc import Generator
from pathlib import Path

from posetransfer.checkpoints.folder import Target
from posetransfer.checkpoints.lookup import find_target
from posetransfer.errors import PoseTransferError
from posetransfer.methods.method import Method
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.footage import tidy
from posetransfer.pipeline.observe import observe
from posetransfer.pipeline.options import TransferOptions
from posetransfer.pipeline.pairing import driver_window
from posetransfer.pipeline.render import Rendering, render
from posetransfer.pipeline.report import Report, peak_rss_mb
from posetransfer.poses.retarget import retarget, to_window
from posetransfer.poses.sequence import mirror
from posetransfer.types import PoseSequence, Progress
from posetransfer.video.info import video_info
from posetransfer.video.limits import Limits


def transfer(
    driving: Path, target: str, out: Path, options: TransferOptions, limits: Limits | None = None
) -> Generator[Progress, None, Report]:
    """Write `out`: the target performing what the person in `driving` does.

    Closing the generator stops the work and leaves no file. Raises TargetNotFound, MethodMissing,
    CheckpointError, NoPersonFound, OutOfSpace and what reading the video raises.
    """
    begun = time.perf_counter()
    clock, limits = StageClock(), limits or Limits()
    _check_out(out, driving)
    checkpoint = find_target(target)
    checkpoint.require_method(options.method)
    watch = options.watch
    info = video_info(driving, limits)
    observation = yield from observe(driving, watch, clock, limits)
    with clock.stage("load"):
        method = configured(checkpoint.load_method(options.method, options.runtime), options)
    sequence = mirror(observation.sequence) if options.mirror else observation.sequence
    rendering = Rendering(
        driving=driving,
        driven=drive(sequence, checkpoint.target, options),
        window=driver_window(sequence, checkpoint.target.window.size),
        picture=sequence.size,
        checkpoint=checkpoint,
        method=method,
        options=options,
        limits=limits,
        has_sound=info.has_audio,
    )
    written = yield from render(rendering, out, clock)
    warnings = list(observation.warnings) + written.warnings
    return Report(
        frames_in=len(sequence), frames_out=written.frames, fps_in=sequence.fps, fps_out=written.fps,
        duration_in=float(len(sequence) / sequence.fps), duration_out=float(written.frames / written.fps),
        seconds={"total": time.perf_counter() - begun, **clock.seconds}, peak_rss_mb=peak_rss_mb(),
        runtime=method.runtime_used, pose_coverage=observation.sequence.coverage, faces=observation.faces,
        method=options.method, target=checkpoint.name, out=str(out), warnings=warnings,
    )  # fmt: skip


def drive(sequence: PoseSequence, target: Target, options: TransferOptions) -> PoseSequence:
    """The driver's poses as the target takes them, in the target's window pixels."""
    tidied = tidy(sequence, options.fill, options.smooth)
    if options.retarget:
        return retarget(tidied, target.body)
    return to_window(tidied, driver_window(sequence, target.window.size))


def configured(method: Method, options: TransferOptions) -> Method:
    """The method with this run's own options: k-NN's metric, threshold and number of neighbours."""
    if options.method != "knn":
        return method
    from posetransfer.methods.knn.choice import KnnOptions
    from posetransfer.methods.knn.method import NearestNeighbour

    assert isinstance(method, NearestNeighbour)
    chosen = KnnOptions(metric=options.metric, k=options.k, combine=options.combine, threshold=options.threshold)
    return method.with_options(chosen)


def _check_out(out: Path, driving: Path) -> None:
    """Refuse what cannot end well before an hour is spent on it."""
    if out.suffix.lower() != ".mp4":
        raise PoseTransferError(f"The result is written as MP4: choose a name that ends in .mp4, not {out.name}.")
    if out.resolve() == driving.resolve():
        raise PoseTransferError("The result would replace the driving video. Choose another --out.")
    if not out.resolve().parent.is_dir():
        raise PoseTransferError(f"The folder {out.parent} for the result does not exist. Make it, or choose another.")
