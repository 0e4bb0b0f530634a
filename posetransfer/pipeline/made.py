"""The stages of the second pass, each pulling from the one before: posed frames, made frames, aligned ones.

Frames are made in a thread of their own, and aligned in another where nobody looks at them between.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice, tee
from pathlib import Path
from typing import TypeVar

import numpy as np

from posetransfer.align.aligner import align
from posetransfer.checkpoints.folder import Checkpoint
from posetransfer.conditioning.window import Window
from posetransfer.faces.tracker import FaceTracker, MakeTracker
from posetransfer.interpolate.interpolator import fill_between_keyframes, interpolate
from posetransfer.methods.method import SAMPLES, Performer, Sample
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.options import WORKING_SIDE, TransferOptions
from posetransfer.streams import closing_source
from posetransfer.types import Face, Frame, PosedFrame, PoseSequence
from posetransfer.video.limits import Limits
from posetransfer.video.read import read_frames

AT_ONCE = 2  # frames that a network makes at the same time, where that is quicker than one after another
MOST_STEP = 4  # frames between two samples of a run: more would be decoded for them than is worth waiting for

T = TypeVar("T")
Tap = Callable[[Frame], None]


@dataclass(frozen=True)
class Rendering:
    """What is rendered: the driver's poses in the target's window, and all that turns them into pictures.

    window: the driver's own square, by which its pictures are cropped; picture: (width, height) of these;
    make_tracker: makes what finds the made faces.
    """

    driving: Path
    driven: PoseSequence
    window: Window
    picture: tuple[int, int]
    checkpoint: Checkpoint
    method: Performer
    options: TransferOptions
    limits: Limits
    has_sound: bool
    make_tracker: MakeTracker = FaceTracker


def made_frames(rendering: Rendering, clock: StageClock) -> Iterator[Frame]:
    """The target's frames in its window, one for each pose of the driver, aligned as the options say."""
    every, posed = rendering.options.keyframe_every, posed_frames(rendering, clock)
    if every == 1:
        frames = _generated(rendering, posed, clock)
    else:
        keys = _generated(rendering, _every(posed, every), clock)
        frames = clock.timed("interpolate", fill_between_keyframes(keys, "dis", every, len(rendering.driven)))
    aligned = _aligned_as_asked(rendering, frames, clock)
    return aligned if aligned is frames else clock.ahead(aligned)


def _generated(rendering: Rendering, posed: Iterable[PosedFrame], clock: StageClock) -> Iterator[Frame]:
    return clock.ahead(clock.timed("generate", rendering.method.generate(posed, AT_ONCE)))


def interpolated_frames(rendering: Rendering, clock: StageClock) -> Iterator[Frame]:
    """What is shown in the end: `made_frames`, at the driver's rate or N times it."""
    made = made_frames(rendering, clock)
    return clock.timed("interpolate", interpolate(made, "dis", rendering.options.interpolate))


def watched_frames(rendering: Rendering, clock: StageClock, raw: Tap, shifted: Tap) -> Iterator[Frame]:
    """What `interpolated_frames` gives, but every frame is made, and shown to `raw` as it is and to `shifted` aligned.

    With key frames, those between them are made, shown, and left out of the result all the same.
    """
    options, count = rendering.options, len(rendering.driven)
    made = _generated(rendering, posed_frames(rendering, clock), clock)
    frames = tapped(_aligned_as_asked(rendering, made, clock, raw), shifted)
    if options.keyframe_every > 1:
        # the last key frame is held behind the others, as nothing follows it that a flow could lead to
        frames = fill_between_keyframes(_every(frames, options.keyframe_every), "dis", options.keyframe_every, count)
    return clock.timed("interpolate", interpolate(frames, "dis", options.interpolate))


def tapped(frames: Iterable[Frame], tap: Tap) -> Iterator[Frame]:
    """Pass frames on, and show each to `tap` first."""
    with closing_source(frames) as source:
        for frame in source:
            tap(frame)
            yield frame


def _every(frames: Iterable[T], step: int) -> Iterator[T]:
    with closing_source(frames) as source:
        yield from (frame for index, frame in enumerate(source) if index % step == 0)


def _aligned_as_asked(
    rendering: Rendering, made: Iterator[Frame], clock: StageClock, raw: Tap | None = None
) -> Iterator[Frame]:
    """raw: is shown each frame as it was made, just before it is given shifted."""
    if rendering.options.alignment == "off":
        return made if raw is None else tapped(made, raw)
    shifted = aligned(made, rendering.driven, rendering.options.alignment, rendering.make_tracker, raw)
    return clock.timed("align", shifted)


def aligned(
    made: Iterable[Frame],
    driven: PoseSequence,
    by: str,
    make_tracker: MakeTracker = FaceTracker,
    raw: Tap | None = None,
) -> Iterator[Frame]:
    """Made frames shifted so that the face found on each stands where the driver's retargeted face stands.

    Both places are the middle of the 68 contour points, so that they mean the same spot.
    """
    tracker, seconds = make_tracker(cnn=False), float(1 / driven.fps)
    with closing_source(made) as source:
        frames, looked_at = tee(source)  # never more than a few frames apart
        with closing_source(tracker.track(zip(looked_at, driven.joints, strict=False), seconds)) as found:
            # the face is asked for first, as some frames may be looked at before it comes
            own = frames if raw is None else tapped(frames, raw)
            yield from align(own, map(middle, found), map(middle, driven.faces), by)


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


def samples(rendering: Rendering, clock: StageClock) -> Iterator[Sample]:
    """What a method is prepared with: the target's own poses and frames, else the first that this run shows it."""
    own = rendering.checkpoint.samples(rendering.method)
    first = next(own, None)
    if first is not None:
        yield from chain([first], own)
        return
    step = min(max(len(rendering.driven) // SAMPLES, 1), MOST_STEP)
    with closing_source(posed_frames(rendering, clock)) as posed:
        yield from (Sample(shown) for shown in islice(posed, 0, SAMPLES * step, step))


def driver_pictures(rendering: Rendering, clock: StageClock) -> Generator[Frame, None, None]:
    """The driving video's pictures again, mirrored if the options say so; decoded in a thread of their own."""
    options = rendering.options
    frames = read_frames(
        rendering.driving, rendering.limits, max_side=WORKING_SIDE, start=options.start, end=options.end
    )
    with closing(clock.ahead(clock.timed("decode", frames))) as pictures:
        for picture in pictures:
            yield np.ascontiguousarray(picture[:, ::-1]) if options.mirror else picture
