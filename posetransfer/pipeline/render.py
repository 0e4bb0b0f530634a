"""The second pass: a stream of poses becomes a stream of made frames, and the stream becomes a file."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Literal

from posetransfer.pipeline.canvas import Canvas
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.made import Rendering, interpolated_frames, watched_frames
from posetransfer.pipeline.views import Beside
from posetransfer.provenance.credentials import sign
from posetransfer.provenance.label import COMMENT, label
from posetransfer.streams import closing_source
from posetransfer.types import Frame, Progress
from posetransfer.video.write import Seal, VideoWriter

EVERY = 10  # frames between two reports of progress


@dataclass
class Written:
    """What was written: made frames and their rate, the files beside them by name, and whether the user stopped it."""

    frames: int
    fps: Fraction
    files: dict[str, Path] = field(default_factory=dict)
    stopped: bool = False


def render(
    rendering: Rendering, out: Path, clock: StageClock, enough: Callable[[int, int], bool]
) -> Generator[Progress, None, Written]:
    """Write the made video to `out`, and beside it the files that the options ask for.

    When `enough`, asked with the frames made and all there are to be, says so, what is made by then is ended as a
    whole video.
    """
    options, driven = rendering.options, rendering.driven
    canvas = Canvas.of(rendering.checkpoint, options.canvas)
    written = Written(0, driven.fps * options.interpolate)
    total = len(driven) * options.interpolate
    with ExitStack() as stack:
        result = stack.enter_context(_writer(rendering, out, canvas.size, written.fps, True))
        beside = Beside(rendering, out, canvas, written.fps, stack, partial(_writer, rendering), clock)
        written.files = beside.paths
        frames = label(canvas.paste(_frames(rendering, beside, clock)))
        for frame in stack.enter_context(closing_source(clock.timed("label", frames))):
            with clock.stage("write"):
                result.write(frame)
                beside.shown(frame)
            written.frames += 1
            if written.frames % EVERY == 0 or written.frames == total:
                yield Progress("make", written.frames, total, frame=frame)
            if enough(written.frames, total):
                written.stopped = written.frames < total
                break
    return written


def _frames(rendering: Rendering, beside: Beside, clock: StageClock) -> Iterator[Frame]:
    """The made frames; each of them is made, key frame or not, where there are views to show the steps between."""
    if rendering.options.views:
        return watched_frames(rendering, clock, beside.raw, beside.aligned)
    return interpolated_frames(rendering, clock)


def _writer(rendering: Rendering, out: Path, size: tuple[int, int], fps: Fraction, made: bool) -> VideoWriter:
    """A file of the driving video's length, with its sound. made: whether it shows made pictures, and says so."""
    driven, options = rendering.driven, rendering.options
    return VideoWriter(
        out,
        fps,
        size,
        sound_from=rendering.driving if options.sound and rendering.has_sound else None,
        start=options.start,
        duration=float(len(driven) / driven.fps),
        comment=COMMENT if made else None,
        seal=_credentials(options.method) if made else None,
    )


def _credentials(method: str) -> Seal:
    """Signs a finished file as synthetic: k-NN's frames are real ones in a new order, the others' a network's."""
    source: Literal["network", "frames"] = "frames" if method == "knn" else "network"
    return partial(sign, title="Synthetic video", method=method, source=source)
