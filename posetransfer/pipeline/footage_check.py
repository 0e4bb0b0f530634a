"""Footage of somebody looked through before a minute of training is spent on it: what it has, and what it lacks.

Watching it is not lost: the poses are kept, and `learn` finds them.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posetransfer.errors import OutOfSpace
from posetransfer.pipeline.advice import PERSON_RULES, Advice
from posetransfer.pipeline.advice import Footage as Seen
from posetransfer.pipeline.camera import Camera
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.coverage import coverage_picture
from posetransfer.pipeline.footage import Footage, gather, write_picture
from posetransfer.pipeline.options import LearnOptions
from posetransfer.pipeline.samples import Samples
from posetransfer.poses.movements import Movement, movements
from posetransfer.poses.people import person_box
from posetransfer.types import Person, Progress

COVERAGE: Final = "coverage.png"
PREVIEW: Final = "footage.png"
SAMPLES: Final = 60  # pictures whose sharpness and light are measured
EVERY: Final = 50  # frames between two reports of progress
SHORT: Final = 20.0  # seconds with the person
FEW_FACES: Final = 0.3  # share of the frames
MOST_ASKED: Final = 5  # movements: more at once are not read
REUSED: Final = ("legs", "feet", "small", "dark", "bright", "blur", "edge")  # rules that hold here too


@dataclass(frozen=True)
class FootageCheck:
    """seconds, frames: of all clips; usable: frames in which enough of the person is seen; faces: share of these with
    face contours; camera: "still", "moving" or "unknown"; size: (width, height) px."""

    seconds: float
    frames: int
    usable: int
    faces: float
    camera: str
    size: tuple[int, int]
    movements: list[Movement]
    advice: list[Advice]

    def to_json(self) -> dict[str, Any]:
        """All of it as plain JSON."""
        return {
            "seconds": self.seconds,
            "frames": self.frames,
            "usable": self.usable,
            "faces": self.faces,
            "camera": self.camera,
            "width": self.size[0],
            "height": self.size[1],
            "movements": [{"name": m.name, "share": m.share, "seen": m.seen} for m in self.movements],
            "advice": [{"kind": advice.kind, "text": advice.text} for advice in self.advice],
        }


def check_footage(
    clips: Sequence[Path], options: LearnOptions, folder: Path
) -> Generator[Progress, None, FootageCheck]:
    """Watch the clips as `learn` would and say what they are good for; writes coverage.png and footage.png.

    Raises what `gather` raises, and OutOfSpace.
    """
    footage = yield from gather(clips, options.watch, options.size, StageClock())
    samples, camera = Samples(), Camera()
    step, total = max(len(footage.sequence) // SAMPLES, 1), len(footage.sequence)
    for index, picture in enumerate(footage.pictures()):
        if index % EVERY == 0:
            yield Progress("check", index, total, "light, sharpness, camera")
        if index % step:
            continue
        pose = footage.sequence.joints[index]
        box = person_box(pose) if footage.seen[index] else None
        samples.add(float(index / footage.sequence.fps), picture, None if box is None else Person(box, pose))
        camera.add(picture, box)
        if index // step == (total // step) // 2:
            _write(folder / PREVIEW, picture)
    _write(folder / COVERAGE, coverage_picture(footage.own.joints[footage.seen]))
    return _checked(footage, samples, camera.verdict)


def _checked(footage: Footage, samples: Samples, camera: str) -> FootageCheck:
    sequence, usable = footage.sequence, int(footage.seen.sum())
    seconds = float(len(sequence) / sequence.fps)
    found = np.isfinite(sequence.faces).all(axis=(1, 2))
    faces = float(found[footage.seen].mean()) if usable else 0.0
    moves = movements(sequence.joints[footage.seen])
    advice = [
        *_amount(usable / float(sequence.fps), 1 - usable / max(len(sequence), 1)),
        *_picture_rules(footage, samples),
        *_camera(camera),
        *_faces(faces),
        *_missing(moves),
    ]
    return FootageCheck(seconds, len(sequence), usable, faces, camera, sequence.size, moves, advice)


def _amount(seconds: float, lost: float) -> list[Advice]:
    advice = []
    if seconds < SHORT:
        text = f"Only {seconds:.0f} s show you. Half a minute to two minutes of varied movement are much better."
        advice.append(Advice("short", text))
    if lost > 0.2:
        text = f"In {lost:.0%} of the footage you are not seen well enough to learn from. Stay in the picture."
        advice.append(Advice("lost", text))
    return advice


def _picture_rules(footage: Footage, samples: Samples) -> list[Advice]:
    """Those rules for driving videos that hold for footage too, over the samples."""
    if not (samples.joints(1.0)[..., 2] > 0).any():
        return []
    seconds = float(len(footage.sequence) / footage.sequence.fps)
    seen = Seen(
        size=footage.sequence.size, fps=float(footage.sequence.fps), duration=seconds, looked_at=seconds, whole=True,
        people=1, followed=1, begins=True, times=samples.times, joints=samples.joints(1.0), light=samples.light,
        burnt=samples.burnt, sharpness=samples.sharpness, face=True,
    )  # fmt: skip
    told = [(kind, rule(seen)) for kind, rule in PERSON_RULES if kind in REUSED]
    return [Advice(kind, text) for kind, text in told if text is not None]


def _camera(verdict: str) -> list[Advice]:
    text = "The camera moves. Put it on something: the networks learn the room by heart, and a moving one smears."
    return [Advice("camera", text)] if verdict == "moving" else []


def _faces(share: float) -> list[Advice]:
    if share >= FEW_FACES:
        return []
    text = f"Your face is found in {share:.0%} of the pictures only. Come closer, look at the camera, add light."
    return [Advice("faces", text)]


def _missing(moves: Sequence[Movement]) -> list[Advice]:
    asked = [move for move in moves if not move.seen]
    advice = [Advice("movement", f"{move.ask} No frame shows it.") for move in asked[:MOST_ASKED]]
    if len(asked) > MOST_ASKED:
        rest = ", ".join(move.name for move in asked[MOST_ASKED:])
        advice.append(Advice("movement", f"Also never seen: {rest}."))
    return advice


def _write(path: Path, picture: NDArray[np.uint8]) -> None:
    try:
        write_picture(path, picture)
    except OSError as error:
        raise OutOfSpace(f"{path.name} could not be written: {error.strerror}. Free some space.") from error
