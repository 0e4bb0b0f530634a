"""From heat maps and part affinity fields to people.

Cao et al. 2017, "Realtime Multi-Person 2D Pose Estimation using Part Affinity Fields", section 2: joints are
peaks of the heat maps; two joints are a limb if the field between them points from one to the other; limbs
that share a joint are one person's.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from posetransfer.types import JOINTS

Floats = NDArray[np.float32]

# OpenPose's 19 limbs of COCO, in the order of their channels: limb i has its field's x at 2i and y at 2i + 1
LIMBS = (
    (1, 8), (8, 9), (9, 10), (1, 11), (11, 12), (12, 13), (1, 2), (2, 3), (3, 4), (2, 16),
    (1, 5), (5, 6), (6, 7), (5, 17), (1, 0), (0, 14), (0, 15), (14, 16), (15, 17),
)  # fmt: skip
SPARE = (9, 13)  # shoulder to ear: they mend a person, they do not begin one
# limbs in the order they are joined: from the neck outwards, the spare ones last
ORDER = (6, 10, 0, 3, 14, 7, 11, 8, 12, 1, 4, 2, 5, 15, 16, 17, 18, 9, 13)

UPSAMPLE = 4
REACH = 5  # px of the upsampled map within which a joint has one peak
MOST_PEAKS = 200  # of one joint; more is a flat map
PEAK = 0.1  # least height of a peak
SAMPLES = 10  # places along a limb where the field is read
FIELD = 0.05  # least agreement at a place
AGREEING = 0.8  # share of the places that must agree
LEAST_PARTS = 4
LEAST_SCORE = 0.2  # mean over a person's joints of peak height and limb score


class Limb(NamedTuple):
    """Two joints that belong together: indices among their joints' peaks, and 0..1."""

    start: int
    end: int
    score: float


def find_people(heat: Floats, fields: Floats) -> list[Floats]:
    """People as [18, 3]: x, y in cells of the maps (0, 0 is the corner of the first), peak height.

    heat: [h, w, 18 or more], fields: [h, w, 38]. An unseen joint is (nan, nan, 0).
    """
    peaks = [find_peaks(heat[:, :, joint]) for joint in range(JOINTS)]
    limbs = [find_limbs(peaks[a], peaks[b], fields[:, :, 2 * i : 2 * i + 2]) for i, (a, b) in enumerate(LIMBS)]
    return join_limbs(peaks, limbs)


def find_peaks(heat: Floats) -> Floats:
    """Peaks [N, 3] of one joint's map [h, w]: x, y in cells, to a part of a cell, and height."""
    if heat.max(initial=0) < PEAK:
        return np.zeros((0, 3), np.float32)
    height, width = heat.shape
    fine_size = (width * UPSAMPLE, height * UPSAMPLE)
    fine = np.asarray(cv2.resize(heat, fine_size, interpolation=cv2.INTER_CUBIC), np.float32)
    highest = cv2.dilate(fine, np.ones((2 * REACH + 1, 2 * REACH + 1), np.uint8))
    rows, columns = _apart(*np.nonzero((fine == highest) & (fine >= PEAK)))
    x = columns + _vertex(fine, rows, columns, 0, 1) + 0.5
    y = rows + _vertex(fine, rows, columns, 1, 0) + 0.5
    peaks: Floats = np.stack([x / UPSAMPLE, y / UPSAMPLE, fine[rows, columns]], axis=1).astype(np.float32)
    return peaks


def _apart(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Of equally high neighbours within REACH, the first: where a joint lies between two pixels both are highest."""
    kept: list[int] = []
    for i in range(min(len(rows), MOST_PEAKS)):
        if all(max(abs(rows[i] - rows[j]), abs(columns[i] - columns[j])) > REACH for j in kept):
            kept.append(i)
    return rows[kept], columns[kept]


def _vertex(fine: Floats, rows: NDArray[np.intp], columns: NDArray[np.intp], down: int, right: int) -> Floats:
    """Where the parabola through a peak and its two neighbours has its top, -0.5..0.5 px from the peak."""
    last_row, last_column = fine.shape[0] - 1, fine.shape[1] - 1
    before = fine[np.maximum(rows - down, 0), np.maximum(columns - right, 0)]
    after = fine[np.minimum(rows + down, last_row), np.minimum(columns + right, last_column)]
    bend = before - 2 * fine[rows, columns] + after
    top: Floats = np.where(bend < 0, (before - after) / np.where(bend < 0, 2 * bend, 1), 0).clip(-0.5, 0.5)
    return top


def find_limbs(starts: Floats, ends: Floats, field: Floats) -> list[Limb]:
    """The best pairs of two joints' peaks [N, 3], [M, 3], each peak in one pair at most; best first.

    A pair's score is the mean of the field [h, w, 2] along the line between them (section 2.3 there), less for
    lines longer than half the map, as in the authors' code.
    """
    if not len(starts) or not len(ends):
        return []
    line = ends[None, :, :2] - starts[:, None, :2]
    length = np.maximum(np.linalg.norm(line, axis=-1), 1e-6)
    steps = np.linspace(0, 1, SAMPLES, dtype=np.float32)[:, None]
    places = starts[:, None, None, :2] + line[:, :, None] * steps
    agreement = (_read(field, places) * (line / length[..., None])[:, :, None]).sum(axis=-1)
    score = agreement.mean(axis=-1) + np.minimum(0.5 * field.shape[0] / length - 1, 0)
    score[(agreement > FIELD).mean(axis=-1) < AGREEING] = 0
    limbs: list[Limb] = []
    while score.max() > 0:
        start, end = (int(v) for v in np.unravel_index(score.argmax(), score.shape))
        limbs.append(Limb(start, end, float(score[start, end])))
        score[start], score[:, end] = 0, 0
    return limbs


def _read(field: Floats, places: Floats) -> Floats:
    """The field [h, w, 2] at places [..., 2] in cells, between cells linearly."""
    height, width = field.shape[:2]
    at = np.clip(places - 0.5, 0, (width - 1, height - 1))
    low = np.minimum(at.astype(int), (max(width - 2, 0), max(height - 2, 0)))
    part = at - low
    x0, y0 = low[..., 0], low[..., 1]
    x1, y1 = np.minimum(x0 + 1, width - 1), np.minimum(y0 + 1, height - 1)
    u, v = part[..., :1], part[..., 1:]
    top = field[y0, x0] * (1 - u) + field[y0, x1] * u
    bottom = field[y1, x0] * (1 - u) + field[y1, x1] * u
    read: Floats = top * (1 - v) + bottom * v
    return read


class _Body:
    """A person in the making: the peak of each joint that was joined, and what its limbs scored."""

    def __init__(self) -> None:
        self.peaks: dict[int, int] = {}
        self.limb_score = 0.0

    def has(self, joint: int, peak: int) -> bool:
        return self.peaks.get(joint) == peak

    def take(self, other: _Body) -> None:
        self.peaks.update(other.peaks)
        self.limb_score += other.limb_score


def join_limbs(peaks: list[Floats], limbs: list[list[Limb]]) -> list[Floats]:
    """Join limbs that share a joint into people [18, 3], and drop those with few or faint joints."""
    bodies: list[_Body] = []
    for index in ORDER:
        a, b = LIMBS[index]
        for limb in limbs[index]:
            _add(bodies, a, b, limb, spare=index in SPARE)
    people = []
    for body in bodies:
        person = np.full((JOINTS, 3), np.nan, np.float32)
        person[:, 2] = 0
        for joint, peak in body.peaks.items():
            person[joint] = peaks[joint][peak]
        score = (person[:, 2].sum() + body.limb_score) / len(body.peaks)
        if len(body.peaks) >= LEAST_PARTS and score >= LEAST_SCORE:
            people.append(person)
    return people


def _add(bodies: list[_Body], a: int, b: int, limb: Limb, *, spare: bool) -> None:
    """Give a limb to the body that has one of its joints; join two bodies that it connects, or begin one."""
    first = next((body for body in bodies if body.has(a, limb.start)), None)
    second = next((body for body in bodies if body.has(b, limb.end)), None)
    if first is None and second is None:
        if spare:
            return
        first = _Body()
        bodies.append(first)
    elif first is not None and second is not None and first is not second:
        if first.peaks.keys() & second.peaks.keys():
            return  # two people whose limbs cross
        first.take(second)
        bodies.remove(second)
    body = first or second
    assert body is not None
    if body.peaks.get(a, limb.start) != limb.start or body.peaks.get(b, limb.end) != limb.end:
        return  # it already has another peak for this joint, by a better or an earlier limb
    body.peaks.update({a: limb.start, b: limb.end})
    body.limb_score += limb.score
