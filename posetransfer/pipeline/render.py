"""The second pass: a stream of poses becomes a stream of made frames, and the stream becomes a file."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import tee
from pathlib import Path
from typing import Literal

import numpy as np

from posetransfer.align.aligner import align
from posetransfer.checkpoints.folder import Checkpoint
from posetransfer.conditioning.window import Window
from posetransfer.faces.tracker import FaceTracker
from posetransfer.interpolate.interpolator import fill_between_keyframes, interpolate
from posetransfer.methods.method import Method
from posetransfer.pipeline.canvas import Canvas
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.options import WORKING_SIDE, TransferOptions
from posetransfer.pipeline.side_by_side import SideBySide
from posetransfer.provenance.credentials import sign
from posetransfer.provenance.label import COMMENT, label
from posetransfer.streams import closing_source, prefetch
from posetransfer.types import Face, Frame, PosedFrame, PoseSequence, Progress
from posetransfer.video.limits import Limits
from posetransfer.video.read import read_frames
from posetransfer.video.write import Seal, VideoWriter

EVERY = 10  # frames between two reports of progress


@dataclass(frozen=True)
class Rendering:
    """What is rendered: the driver's poses in the target's window, and all that turns them into pictures.

    window: the driver's own square, by which its pictures are cropped; picture: (width, height) of these.
    """

    driving: Path
    driven: PoseSequence
    window: Window
    picture: tuple[int, int]
    checkpoint: Checkpoint
    method: Method
    options: TransferOptions
    limits: Limits
    has_sound: bool


@dataclass
class Written:
    """What was written: made frames and their rate."""

    frames: int
    fps: Fraction


def render(rendering: Rendering, out: Path, clock: StageClock) -> Generator[Progress, None, Written]:
    """Write the made video to `out`, and with `side_by_side` a second file beside it."""
    options, driven = rendering.options, rendering.driven
    canvas = Canvas.of(rendering.checkpoint, options.canvas)
    written = Written(0, driven.fps * options.interpolate)
    total = len(driven) * options.interpolate
    with ExitStack() as stack:
        write = stack.enter_context(_writer(rendering, out, canvas.size, written.fps)).write
        rows = _side_by_side(rendering, out, canvas.size, written.fps, stack, clock) if options.side_by_side else None
        frames = clock.timed("interpolate", interpolate(made_frames(rendering, clock), "dis", options.interpolate))
        for frame in stack.enter_context(closing_source(clock.timed("label", label(canvas.paste(frames))))):
            with clock.stage("write"):
                write(frame)
                if rows is not None:
                    rows(frame)
            written.frames += 1
            if written.frames % EVERY == 0:
                yield Progress("make", written.frames, total)
    return written


def beside(out: Path) -> Path:
    """Where the side-by-side file of `out` is written."""
    return out.with_name(f"{out.stem}-side-by-side{out.suffix}")


def _writer(rendering: Rendering, out: Path, size: tuple[int, int], fps: Fraction) -> VideoWriter:
    """A file with the driving video's rate, or N times it, and its sound."""
    driven, options = rendering.driven, rendering.options
    return VideoWriter(
        out,
        fps,
        size,
        sound_from=rendering.driving if options.sound and rendering.has_sound else None,
        start=options.start,
        duration=float(len(driven) / driven.fps),
        comment=COMMENT,
        seal=_credentials(options.method),
    )


def _credentials(method: str) -> Seal:
    """Signs a finished file as synthetic: k-NN's frames are real ones in a new order, the others' a network's."""
    source: Literal["network", "frames"] = "frames" if method == "knn" else "network"
    return partial(sign, title="Synthetic video", method=method, source=source)


def _side_by_side(
    rendering: Rendering, out: Path, size: tuple[int, int], fps: Fraction, stack: ExitStack, clock: StageClock
) -> Callable[[Frame], None]:
    """Open the second file; gives what writes the row of the next made frame into it."""
    pictures = stack.enter_context(closing_source(driver_pictures(rendering, clock)))
    rows = SideBySide(pictures, rendering.driven, size[1], rendering.options.interpolate)
    writer = stack.enter_context(_writer(rendering, beside(out), rows.size(size, rendering.picture), fps))
    return lambda frame: writer.write(rows.row(frame))


def made_frames(rendering: Rendering, clock: StageClock) -> Iterator[Frame]:
    """The target's frames in its window, one for each pose of the driver, aligned as the options say."""
    options = rendering.options
    posed = posed_frames(rendering, clock)
    every = options.keyframe_every
    if every > 1:
        keys = (item for index, item in enumerate(posed) if index % every == 0)
        made = fill_between_keyframes(rendering.method.generate(keys), "dis", every, len(rendering.driven))
    else:
        made = rendering.method.generate(posed)
    made = clock.timed("generate", made)
    if options.alignment == "off":
        return made
    return clock.timed("align", aligned(made, rendering.driven, options.alignment))


def aligned(made: Iterable[Frame], driven: PoseSequence, by: str) -> Iterator[Frame]:
    """Made frames shifted so that the face found on each stands where the driver's retargeted face stands.

    Both places are the middle of the 68 contour points, so that they mean the same spot.
    """
    tracker, seconds = FaceTracker(cnn=False), float(1 / driven.fps)
    with closing_source(made) as source:
        frames, looked_at = tee(source)  # never more than a frame apart
        found = (tracker.step(frame, pose, seconds) for frame, pose in zip(looked_at, driven.joints, strict=False))
        yield from align(frames, map(middle, found), map(middle, driven.faces), by)


def middle(face: Face | None) -> tuple[float, float] | None:
    """The middle (x, y) of the box around a face's contours; None where it is unseen."""
    if face is None or np.isnan(face).any():
        return None
    x, y = (face.min(axis=0) + face.max(axis=0)) / 2
    return float(x), float(y)


def posed_frames(rendering: Rendering, clock: StageClock) -> Iterator[PosedFrame]:
    """Poses, faces and, where the method needs them, the driver's pictures in its own window."""
    driven = rendering.driven
    if not rendering.method.needs_frames:
        yield from (PosedFrame(pose, face) for pose, face in zip(driven.joints, driven.faces, strict=True))
        return
    with closing(driver_pictures(rendering, clock)) as pictures:
        for pose, face, picture in zip(driven.joints, driven.faces, pictures, strict=False):
            yield PosedFrame(pose, face, rendering.window.crop(picture))


def driver_pictures(rendering: Rendering, clock: StageClock) -> Generator[Frame, None, None]:
    """The driving video's pictures again, mirrored if the options say so; decoded in a thread of their own."""
    options = rendering.options
    frames = read_frames(
        rendering.driving, rendering.limits, max_side=WORKING_SIDE, start=options.start, end=options.end
    )
    with closing(prefetch(clock.timed("decode", frames))) as pictures:
        for picture in pictures:
            yield np.ascontiguousarray(picture[:, ::-1]) if options.mirror else picture
