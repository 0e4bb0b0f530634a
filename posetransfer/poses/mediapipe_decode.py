"""What BlazePose's two networks say, as people's places and landmarks.

The networks, their anchors and constants: Bazarevsky et al. 2020, "BlazePose: On-device Real-time Body
Pose Tracking", and the graphs pose_detection and pose_landmark of the library mediapipe 0.10.21.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posetransfer.poses.crop import Region
from posetransfer.poses.skeleton import L_SHOULDER, NECK, R_SHOULDER
from posetransfer.types import JOINTS, Pose, World, unseen_pose

Floats = NDArray[np.float32]

DETECTOR_SIZE = 224
LAYERS = ((8, 2), (16, 2), (32, 6))  # strides of the detector's layers, and anchors in each of their cells
SCORE = 0.5  # least score of a detection
OVERLAP = 0.3  # face boxes that share more than this are one person's
LANDMARKS = 39  # 33 of the body, 2 that say where the body is, 4 unused
HEAT_KERNEL = 9  # cells of the heat map, around a landmark, that refine it
HEAT_CONFIDENCE = 0.5  # least peak of those cells for them to be believed
ROI_SCALE = 1.25  # of the region given to the landmark network, over the circle around the body
HELD = 0.05  # of the body's circle: a region's moves below it are damped
HELD_LEAST = 0.1  # share of a small move that is still followed
VISIBLE = 0.5  # a landmark of lower visibility is unseen

# BlazePose's landmark for each of the 18 joints; the neck is made of the shoulders
BODY = np.array([0, -1, 12, 14, 16, 11, 13, 15, 24, 26, 28, 23, 25, 27, 5, 2, 8, 7])


class Detections(NamedTuple):
    """People as the detector found them: scores [N], and points [N, 6, 2].

    The points: face box upper left, lower right; then middle of the hips, the point that gives size and
    turn of the whole body, middle of the shoulders, the same point for the upper body.
    """

    scores: Floats
    points: Floats


class Landmarks(NamedTuple):
    """One person: presence 0..1, points [39, 2] px, visibility [39] 0..1, world [39, 3] metres."""

    presence: float
    points: Floats
    visibility: Floats
    world: Floats


@cache
def anchors() -> Floats:
    """Centres [2254, 2] of the detector's anchors, in shares of its picture."""
    layers = []
    for stride, repeats in LAYERS:
        count = DETECTOR_SIZE // stride
        grid = (np.stack(np.meshgrid(np.arange(count), np.arange(count)), axis=-1) + 0.5) / count
        layers.append(np.repeat(grid.reshape(-1, 2), repeats, axis=0))
    every: Floats = np.concatenate(layers).astype(np.float32)
    return every


def decode_detections(boxes: Floats, scores: Floats, region: Region) -> Detections:
    """The detector's outputs [2254, 12] and [2254] for `region`, as detections of SCORE or more, in px."""
    keep = scores >= math.log(SCORE / (1 - SCORE))
    values = boxes[keep].reshape(-1, 6, 2) / DETECTOR_SIZE
    middle = values[:, 0] + anchors()[keep]
    half = values[:, 1] / 2
    points = np.concatenate([(middle - half)[:, None], (middle + half)[:, None], values[:, 2:]], axis=1)
    points[:, 2:] += anchors()[keep][:, None]
    return Detections(sigmoid(scores[keep]), region.to_frame(points))


def merge(found: Detections) -> Detections:
    """One detection a person: those whose face boxes overlap, averaged by score; best first.

    The weighted non-maximum suppression of Bazarevsky et al. 2019, "BlazeFace", section 3.4.
    """
    order = np.argsort(-found.scores, kind="stable")
    scores, points = found.scores[order], found.points[order]
    merged_scores, merged_points = [], []
    while len(scores):
        same = _overlaps(points[0], points) > OVERLAP
        same[0] = True
        merged_scores.append(scores[0])
        merged_points.append(np.average(points[same], axis=0, weights=scores[same]))
        scores, points = scores[~same], points[~same]
    if not merged_scores:
        return found
    return Detections(np.array(merged_scores, np.float32), np.array(merged_points, np.float32))


def _overlaps(one: Floats, many: Floats) -> Floats:
    """Intersection over union of one face box with each of many; points as in Detections."""
    shared = np.clip(np.minimum(one[1], many[:, 1]) - np.maximum(one[0], many[:, 0]), 0, None).prod(axis=1)
    areas = np.clip(many[:, 1] - many[:, 0], 0, None).prod(axis=1)
    union = areas + np.clip(one[1] - one[0], 0, None).prod() - shared
    overlap: Floats = shared / np.maximum(union, 1e-9)
    return overlap


def body_region(hips: Floats, rim: Floats) -> Region:
    """The square for the landmark network: upright along hips -> rim, around the circle through `rim`.

    hips, rim: [2] px, from the detector's third and fourth points or from landmarks 33 and 34.
    """
    dx, dy = (float(v) for v in rim - hips)
    side = max(2 * math.hypot(dx, dy) * ROI_SCALE, 1.0)
    return Region(float(hips[0]), float(hips[1]), side, math.atan2(dy, dx) + math.pi / 2)


def held(before: Region, after: Region) -> Region:
    """The next frame's region, kept from trembling: a move of less than a twentieth is followed in part.

    A region that follows every landmark feeds their noise back: holding it cuts the joints' trembling on
    slow clips to less than a half, as the library's one-euro filter on the same two points does.
    """
    old, new = _body_points(before), _body_points(after)
    hips, rim = old + (new - old) * np.clip(moves(before, after)[:, None] / HELD, HELD_LEAST, 1)
    return body_region(hips, rim)


def moves(before: Region, after: Region) -> Floats:
    """How far the two points of a region moved, in diameters of the body's circle."""
    moved: Floats = np.linalg.norm(_body_points(after) - _body_points(before), axis=1) / (after.side / ROI_SCALE)
    return moved


def _body_points(region: Region) -> Floats:
    """The hips and the point on the rim [2, 2] px that `body_region` made a region of."""
    radius = region.side / 2 / ROI_SCALE
    rim = (region.x + radius * math.sin(region.angle), region.y - radius * math.cos(region.angle))
    return np.array([(region.x, region.y), rim], np.float32)


def decode_landmarks(outputs: list[Floats], size: int, region: Region) -> Landmarks:
    """The landmark network's outputs for a `size` px picture of `region`.

    outputs: landmarks [195], presence [1], heat map [64, 64, 39], world [117].
    """
    raw = outputs[0].reshape(LANDMARKS, 5)
    shares = refine(raw[:, :2] / size, outputs[2].reshape(64, 64, LANDMARKS))
    world = outputs[3].reshape(LANDMARKS, 3).copy()
    world[:, :2] = region.turn(world[:, :2])
    return Landmarks(float(outputs[1].flat[0]), region.to_frame(shares), sigmoid(raw[:, 3]), world)


def refine(shares: Floats, heat: Floats) -> Floats:
    """Landmarks [39, 2] in shares of the picture, moved to the heat map's centre of mass around each.

    heat: [h, w, 39] before the sigmoid. Where its peak is under HEAT_CONFIDENCE, or the landmark is off
    the map, the landmark stays.
    """
    height, width, count = heat.shape
    reach = np.arange(HEAT_KERNEL) - HEAT_KERNEL // 2
    centre = np.trunc(shares * (width, height)).astype(int)
    columns, rows = centre[:, :1] + reach, centre[:, 1:] + reach
    inside = ((rows >= 0) & (rows < height))[:, :, None] & ((columns >= 0) & (columns < width))[:, None, :]
    cells = heat[
        rows.clip(0, height - 1)[:, :, None], columns.clip(0, width - 1)[:, None, :], np.arange(count)[:, None, None]
    ]
    weights = sigmoid(cells) * inside
    total = np.maximum(weights.sum(axis=(1, 2)), 1e-9)
    x = (weights.sum(axis=1) * columns).sum(axis=1) / total / width
    y = (weights.sum(axis=2) * rows).sum(axis=1) / total / height
    on_map = ((centre >= 0) & (centre < (width, height))).all(axis=1)
    believed = on_map & (weights.max(axis=(1, 2)) >= HEAT_CONFIDENCE)
    moved: Floats = np.where(believed[:, None], np.stack([x, y], axis=1), shares).astype(np.float32)
    return moved


def to_pose(marks: Landmarks) -> tuple[Pose, World]:
    """The 18 joints of a person, in px and in metres; the neck has the lower of the shoulders' confidences."""
    pose, world = unseen_pose(), np.full((JOINTS, 3), np.nan, np.float32)
    seen = (marks.visibility[BODY] >= VISIBLE) & (BODY >= 0)
    pose[seen, :2] = marks.points[BODY[seen]]
    pose[seen, 2] = marks.visibility[BODY[seen]]
    world[seen] = marks.world[BODY[seen]]
    if seen[R_SHOULDER] and seen[L_SHOULDER]:
        pose[NECK] = (pose[R_SHOULDER] + pose[L_SHOULDER]) / 2
        pose[NECK, 2] = min(pose[R_SHOULDER, 2], pose[L_SHOULDER, 2])
        world[NECK] = (world[R_SHOULDER] + world[L_SHOULDER]) / 2
    return pose, world


def sigmoid(values: Floats) -> Floats:
    """1 / (1 + e^-x), without overflow."""
    result: Floats = 1 / (1 + np.exp(-np.clip(values, -80, 80)))
    return result
