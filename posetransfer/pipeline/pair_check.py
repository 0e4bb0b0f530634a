"""What pics2pics would learn from, to be judged before it learns: pairs of source and target, as pictures in groups.

Watching the clips is not lost: the poses are kept, and `learn` finds them.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from posetransfer.errors import OutOfSpace
from posetransfer.pairs.frame_ranges import frames_text
from posetransfer.pairs.groups import Group, group_pairs
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.footage import Footage, gather
from posetransfer.pipeline.options import LearnOptions
from posetransfer.pipeline.pairing import Matched, match_poses
from posetransfer.poses.body import measure_body
from posetransfer.streams import closing_source
from posetransfer.types import Frame, Progress

SHEET: Final = "pairs.jpg"
SIDE: Final = 128  # px of one picture in the sheet
COLUMNS: Final = 6  # pairs in a row of the sheet
QUALITY: Final = 85
EVERY: Final = 50  # frames between two reports of progress


@dataclass(frozen=True)
class PairCheck:
    """groups: those whose people look least alike first; each is a cell of the sheet, row by row."""

    matched: Matched
    groups: list[Group]
    fps: float

    def to_json(self) -> dict[str, Any]:
        """All of it as plain JSON; a group's frames as `frames_text`, seconds of its example in the source."""
        return {
            "pairs": len(self.matched.pairs),
            "coverage": self.matched.pairs.coverage,
            "columns": COLUMNS,
            "rows": _rows(self.groups),
            "groups": [
                {
                    "frames": frames_text(group.source.tolist()),
                    "count": len(group.source),
                    "seconds": group.example[0] / self.fps,
                    "distance": group.distance,
                }
                for group in self.groups
            ],
        }


def check_pairs(clips: Sequence[Path], options: LearnOptions, folder: Path) -> Generator[Progress, None, PairCheck]:
    """Watch clips and sources as `learn` would, pair them and write pairs.jpg: of each group the source's picture on
    the left, and on the right the target's that pics2pics should make of it.

    Raises what `gather` and `match_poses` raise, and OutOfSpace.
    """
    clock = StageClock()
    target = yield from gather(clips, options.watch, options.size, clock)
    source = yield from gather(options.sources, options.source_watch, options.size, clock)
    matched = match_poses(source, target, measure_body(target.own))
    groups = group_pairs(matched.pairs, matched.driven.joints, target.own.joints)
    sheet = np.zeros((_rows(groups) * SIDE, COLUMNS * 2 * SIDE, 3), np.uint8)
    yield from _fill(sheet, source, [group.example[0] for group in groups], 0)
    yield from _fill(sheet, target, [group.example[1] for group in groups], SIDE)
    _save(folder / SHEET, sheet)
    return PairCheck(matched, groups, float(source.sequence.fps))


def _fill(sheet: Frame, footage: Footage, wanted: Sequence[int], beside: int) -> Generator[Progress, None, None]:
    """Draw the frames `wanted`, one a cell, `beside` px from the cells' left sides; the footage is read once."""
    window, last = replace(footage.window, size=SIDE), max(wanted)
    with closing_source(footage.pictures()) as pictures:
        for index, picture in zip(range(last + 1), pictures, strict=False):
            cells = [cell for cell, frame in enumerate(wanted) if frame == index]
            small = window.crop(picture) if cells else None
            for cell in cells:
                top, left = cell // COLUMNS * SIDE, cell % COLUMNS * 2 * SIDE + beside
                sheet[top : top + SIDE, left : left + SIDE] = small
            if index % EVERY == 0:
                yield Progress("pairs", index, last + 1, "pictures of the pairs")


def _rows(groups: Sequence[Group]) -> int:
    return -(-len(groups) // COLUMNS)


def _save(path: Path, sheet: Frame) -> None:
    _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    try:
        path.write_bytes(jpeg.tobytes())
    except OSError as error:
        raise OutOfSpace(f"{path.name} could not be written: {error.strerror}. Free some space.") from error
