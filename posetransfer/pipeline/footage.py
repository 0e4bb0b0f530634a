"""Clips of one person made ready to learn from: one window, one row of poses, frames that can be read again."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from posetransfer.conditioning.window import Window, window_around
from posetransfer.errors import TrainingError
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.observe import Observation, observe
from posetransfer.pipeline.options import WORKING_SIDE, Watch
from posetransfer.poses.boxes import boxes_of
from posetransfer.poses.filters import drop_jumps, fill_missing, repair_swaps, smooth
from posetransfer.poses.retarget import to_window
from posetransfer.types import Frame, PoseSequence, Progress
from posetransfer.video.read import read_frames

PLATE_FRAMES = 25  # pictures whose median is the background: more tell little more and cost memory


def tidy(
    sequence: PoseSequence, fill: Literal["median", "time"], by: Literal["one-euro", "kalman", "off"]
) -> PoseSequence:
    """Poses as methods want them: momentary errors undone (unless the filter is off), gaps filled, smoothed."""
    if by != "off":
        sequence = repair_swaps(drop_jumps(sequence))
    return replace(smooth(fill_missing(sequence, fill), by), world=None)  # places in metres are not used from here on


@dataclass(frozen=True)
class Footage:
    """One person's clips, one after the other.

    sequence: tidied poses in clip px; own: the same in window px; seen: [T] bool, whether enough of the person
    was really seen; lengths: frames of each clip; coverage: share of joints seen, before gaps were filled.
    """

    paths: tuple[Path, ...]
    watch: Watch
    lengths: tuple[int, ...]
    sequence: PoseSequence
    window: Window
    own: PoseSequence
    seen: NDArray[np.bool_]
    faces: dict[str, int]
    coverage: float
    warnings: tuple[str, ...]

    def pictures(self) -> Iterator[Frame]:
        """Every frame of every clip, whole, in the order of `sequence`."""
        for path, length in zip(self.paths, self.lengths, strict=True):
            frames = read_frames(path, max_side=WORKING_SIDE, start=self.watch.start, end=self.watch.end)
            with closing(frames):
                yield from (frame for frame, _ in zip(frames, range(length), strict=False))

    def frames(self) -> Iterator[Frame]:
        """Every frame's window, [size, size, 3]."""
        for picture in self.pictures():
            yield self.window.crop(picture)

    def plate(self) -> Frame:
        """The background [H, W, 3]: the median in time of frames spread over the clips."""
        step = max(len(self.sequence) // PLATE_FRAMES, 1)
        chosen = [picture for index, picture in enumerate(self.pictures()) if index % step == 0]
        return np.asarray(np.median(chosen, axis=0), np.uint8)


def gather(
    paths: Sequence[Path], watch: Watch, size: int, clock: StageClock, *, paper: bool = False
) -> Generator[Progress, None, Footage]:
    """Watch the clips of one person and put them into one window of `size` px.

    `paper`: poses as the paper has them, unseen joints at their median and no filter. Raises TrainingError
    if the clips' pictures differ in size, NoPersonFound, and what reading the videos raises.
    """
    observed: list[Observation] = []
    for path in paths:
        observation = yield from observe(path, watch, clock)
        observed.append(observation)
    sizes = {observation.sequence.size for observation in observed}
    if len(sizes) > 1:
        raise TrainingError(
            "The clips of one person must have pictures of one size, and these differ: "
            f"{', '.join(f'{width}x{height}' for width, height in sorted(sizes))}. Use clips of one camera."
        )
    raw = [observation.sequence for observation in observed]
    tidied = [tidy(part, "median", "off") if paper else tidy(part, "time", "one-euro") for part in raw]
    sequence = _joined(tidied)
    window = window_around(boxes_of(_joined(raw)), size, sequence.size)
    faces: dict[str, int] = {}
    for observation in observed:
        for how, count in observation.faces.items():
            faces[how] = faces.get(how, 0) + count
    return Footage(
        paths=tuple(paths),
        watch=watch,
        lengths=tuple(len(part) for part in raw),
        sequence=sequence,
        window=window,
        own=to_window(sequence, window),
        seen=np.concatenate([(part.joints[..., 2] > 0).sum(axis=1) >= 6 for part in raw]),
        faces=faces,
        coverage=_joined(raw).coverage,
        warnings=tuple(
            warning
            for path, observation in zip(paths, observed, strict=True)
            for warning in observation.warnings(path.name, choosable=False)
        ),
    )


def _joined(parts: Sequence[PoseSequence]) -> PoseSequence:
    if len(parts) == 1:
        return parts[0]
    return replace(
        parts[0],
        joints=np.concatenate([part.joints for part in parts]),
        faces=np.concatenate([part.faces for part in parts]),
        world=None,
    )


def write_picture(path: Path, frame: Frame) -> None:
    """Write [H, W, 3] RGB as PNG."""
    cv2.imwrite(str(path), cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))


def read_picture(path: Path) -> Frame | None:
    """Read a picture as [H, W, 3] RGB; None if it is not there or no picture."""
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    return None if bgr is None else np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
