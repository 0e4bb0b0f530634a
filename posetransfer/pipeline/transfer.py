"""A driving video in, the target performing it out: watch, fit the pose to the target, make, align, write."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from pathlib import Path

from posetransfer.checkpoints.folder import Checkpoint, Target
from posetransfer.checkpoints.lookup import find_target
from posetransfer.conditioning.window import Window
from posetransfer.errors import Stopped
from posetransfer.faces.beside import FaceProcess
from posetransfer.methods.method import Performer
from posetransfer.pipeline.checks import check_out
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.footage import tidy
from posetransfer.pipeline.made import Rendering, samples
from posetransfer.pipeline.observe import Observation, observe
from posetransfer.pipeline.options import TransferOptions
from posetransfer.pipeline.pairing import driver_window
from posetransfer.pipeline.render import render
from posetransfer.pipeline.report import Report, peak_rss_mb
from posetransfer.pipeline.threads import opencv_on_one_thread
from posetransfer.pipeline.views import view_paths
from posetransfer.poses.retarget import retarget, to_window
from posetransfer.poses.sequence import mirror
from posetransfer.provenance.key import certificates
from posetransfer.types import PoseSequence, Progress
from posetransfer.video.info import video_info
from posetransfer.video.limits import Limits


def transfer(
    driving: Path,
    target: str,
    out: Path,
    options: TransferOptions,
    limits: Limits | None = None,
    stops: Callable[[], int] = lambda: 0,
    loading: Callable[[Checkpoint, str, str], Performer] = Checkpoint.open_method,
) -> Generator[Progress, None, Report]:
    """Write `out`: the target performing what the person in `driving` does.

    Closing the generator ends the work and leaves no file. stops: how often the user has asked to stop and keep what
    is done: the first time, half of what is watched by then is still made, as far as it isn't yet; at the second
    time the made part becomes the file. loading: opens a method by its name and runtime. Raises TargetNotFound,
    MethodMissing, CheckpointError, NoPersonFound, OutOfSpace, Stopped if there is nothing to keep, and what reading
    the video raises.
    """
    begun = time.perf_counter()
    clock, limits = StageClock(), limits or Limits()
    beside = view_paths(out, views=options.views, side_by_side=options.side_by_side, aligned=True, interpolated=True)
    for place in {out, *beside.values()}:
        check_out(place, ".mp4", [driving])
    certificates()  # what the finished file is signed with
    checkpoint = find_target(target)
    checkpoint.require_method(options.method)
    with FaceProcess() as faces, opencv_on_one_thread():
        report = yield from _transfer(driving, checkpoint, out, options, limits, stops, loading, clock, faces)
        report.peak_rss_mb = peak_rss_mb() + faces.rss_mb()
    report.seconds = {"total": time.perf_counter() - begun, **clock.seconds}
    return report


def _transfer(
    driving: Path, checkpoint: Checkpoint, out: Path, options: TransferOptions, limits: Limits,
    stops: Callable[[], int], loading: Callable[[Checkpoint, str, str], Performer], clock: StageClock,
    faces: FaceProcess,
) -> Generator[Progress, None, Report]:  # fmt: skip
    info = video_info(driving, limits)
    observation = yield from observe(driving, options.watch, clock, limits, lambda: stops() > 0, faces.tracker)
    report = _begun(driving, observation, checkpoint, options)
    yield Progress("load", 0, 1, options.method)
    with clock.stage("load"):
        method = configured(loading(checkpoint, options.method, options.runtime), options)
    sequence = mirror(observation.sequence) if options.mirror else observation.sequence
    presses = stops()
    if presses:
        sequence = _first_half(sequence)
        report.frames_in, report.duration_in = len(sequence), float(len(sequence) / sequence.fps)
    window, picture = driver_window(sequence, checkpoint.target.window.size), sequence.size
    with clock.stage("fit"):
        sequence = tidy(sequence, options.fill, options.smooth)
        del observation  # a long clip's poses are held twice at most
        sequence = drive(sequence, window, checkpoint.target, options)
    rendering = Rendering(
        driving, sequence, window, picture, checkpoint, method, options, limits, info.has_audio, faces.tracker
    )
    with clock.stage("load"):
        yield from method.prepare(samples(rendering, clock))
    report.warnings.extend(method.runtime_notes)
    written = yield from render(rendering, out, clock, _enough(stops, presses))
    report.frames_out, report.fps_out = written.frames, written.fps
    report.duration_out = float(written.frames / written.fps)
    report.runtime, report.out = method.runtime_used, str(out)
    report.files = {name: str(path) for name, path in written.files.items()}
    report.sound = options.sound and info.has_audio
    report.stopped_early = bool(presses) or written.stopped
    return report


def _first_half(sequence: PoseSequence) -> PoseSequence:
    """What a run makes that was stopped before it made anything: making takes about as long as watching, so the user
    gets a part in proportion to how far the run was. Raises Stopped if nobody is seen in it."""
    half = sequence.slice(0, (len(sequence) + 1) // 2)
    if not half.coverage:
        raise Stopped("Stopped before anybody was seen: there is nothing to keep.")
    return half


def _enough(stops: Callable[[], int], presses: int) -> Callable[[int, int], bool]:
    """Whether to end with so many frames made of so many: what render asks. presses: how many came before making."""

    def enough(made: int, total: int) -> bool:
        new = stops() - presses
        # the first press, just after making has begun, gives no less than one just before: half of it all
        return new > 0 and (new + presses > 1 or 2 * made >= total)

    return enough


def _begun(driving: Path, observation: Observation, checkpoint: Checkpoint, options: TransferOptions) -> Report:
    """What is known before anything is made."""
    sequence = observation.sequence
    report = Report(method=options.method, target=checkpoint.name, faces=observation.faces)
    report.frames_in, report.fps_in = len(sequence), sequence.fps
    report.duration_in = float(len(sequence) / sequence.fps)
    report.pose_coverage = sequence.coverage
    report.warnings = observation.warnings(driving.name)
    if options.pose != checkpoint.target.pose:
        report.warnings.append(
            f"{checkpoint.name} was learned with --pose {checkpoint.target.pose} and is driven with {options.pose}: "
            "the two place joints a little differently."
        )
    return report


def drive(tidied: PoseSequence, window: Window, target: Target, options: TransferOptions) -> PoseSequence:
    """The driver's tidied poses as the target takes them, in the target's window pixels. window: the driver's own."""
    if options.retarget:
        return retarget(tidied, target.body)
    return to_window(tidied, window)


def configured(method: Performer, options: TransferOptions) -> Performer:
    """The method with this run's own options: k-NN's metric, threshold and number of neighbours."""
    if options.method != "knn":
        return method
    from posetransfer.methods.knn.choice import KnnOptions
    from posetransfer.methods.knn.method import NearestNeighbour

    assert isinstance(method, NearestNeighbour)
    chosen = KnnOptions(metric=options.metric, k=options.k, combine=options.combine, threshold=options.threshold)
    return method.with_options(chosen)
