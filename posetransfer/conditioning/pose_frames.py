"""Pose frames: a pose and a face drawn as the picture that a generator reads."""

from __future__ import annotations

import colorsys
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from posetransfer.conditioning.edges import canny_edges
from posetransfer.errors import UnknownName
from posetransfer.faces.contours import LINES
from posetransfer.poses.skeleton import HEAD, L_EAR, L_EYE, LIMBS, R_EAR, R_EYE
from posetransfer.types import FACE_POINTS, JOINTS, Face, Frame, Pose, check_shape

STYLES: Final = ("limbs", "paper")
Style = Literal["limbs", "paper"]
Colour = tuple[int, int, int]

BITS: Final = 4  # of a pixel's fraction, so that a slow move is drawn as one
LINE_SHARE: Final = 64  # limbs are size / 64 wide, those of the face half of that: they lie on its contours
FACE_SHARE: Final = 512  # contours are size / 512 wide, at least a pixel: a face is a tenth of the picture
DIMMEST: Final = 0.4  # brightness of a limb of confidence 0, so that a guess is seen to be there
EDGE_GREY: Final = 96
FACE_ENDS: Final = (R_EYE, L_EYE, R_EAR, L_EAR)

# Seventeen even hues, dealt out so that limbs that meet or mirror each other lie far apart.
HUE_STEP: Final = 7
LIMB_COLOURS: Final[tuple[tuple[float, float, float], ...]] = tuple(
    colorsys.hsv_to_rgb(limb * HUE_STEP % len(LIMBS) / len(LIMBS), 1.0, 1.0) for limb in range(len(LIMBS))
)


def draw_pose_frame(
    pose: Pose, face: Face | None, size: int, style: Style = "limbs", edges_of: Frame | None = None
) -> Frame:
    """A pose in window pixels as [size, size, 3].

    `limbs`: one colour per limb, so that left and right differ, confidence as brightness, the face in white.
    `paper`: the skeleton in red, the face in green, edges in blue. What is nan is not drawn. edges_of: the
    [size, size, 3] frame whose Canny edges are drawn too (in grey under the rest in `limbs`); None: no edges.
    Raises UnknownName for another style and ShapeError for arrays of another shape.
    """
    check_shape("pose", pose, (JOINTS, 3))
    if face is not None:
        check_shape("face", face, (FACE_POINTS, 2))
    if edges_of is not None:
        check_shape("edges_of", edges_of, (size, size, 3))
    if style not in STYLES:
        raise UnknownName(f"There is no style of pose frames called {style!r}. Choose one of: {', '.join(STYLES)}.")
    edges = None if edges_of is None else canny_edges(edges_of)
    return _draw_limbs(pose, face, size, edges) if style == "limbs" else _draw_paper(pose, face, size, edges)


def _draw_limbs(pose: Pose, face: Face | None, size: int, edges: NDArray[np.uint8] | None) -> Frame:
    canvas = np.zeros((size, size, 3), np.uint8)
    if edges is not None:
        canvas[edges > 0] = EDGE_GREY
    limbs = [
        _dimmed(colour, float(min(pose[parent, 2], pose[child, 2])))
        for (parent, child), colour in zip(LIMBS, LIMB_COLOURS, strict=True)
    ]
    dots = [_dimmed((1.0, 1.0, 1.0), float(confidence)) for confidence in pose[:, 2]]
    _skeleton(canvas, pose, limbs, dots)
    _contours(canvas, face, (255, 255, 255))
    return canvas


def _draw_paper(pose: Pose, face: Face | None, size: int, edges: NDArray[np.uint8] | None) -> Frame:
    red, green = np.zeros((size, size), np.uint8), np.zeros((size, size), np.uint8)
    _skeleton(red, pose, [(255, 255, 255)] * len(LIMBS), [(255, 255, 255)] * JOINTS)
    _contours(green, face, (255, 255, 255))
    blue = np.zeros((size, size), np.uint8) if edges is None else edges
    return np.asarray(cv2.merge([red, green, blue]), np.uint8)


def _skeleton(canvas: NDArray[np.uint8], pose: Pose, limbs: list[Colour], dots: list[Colour]) -> None:
    """Limbs as lines and joints as dots onto [size, size] or [size, size, 3]."""
    size = canvas.shape[0]
    seen = pose[:, 2] > 0
    points = _fixed(pose[:, :2], size)
    for (parent, child), colour in zip(LIMBS, limbs, strict=True):
        if seen[parent] and seen[child]:
            width = size / LINE_SHARE / (2 if child in FACE_ENDS else 1)
            cv2.line(canvas, points[parent], points[child], colour, _thickness(width), cv2.LINE_AA, BITS)
    for joint in np.flatnonzero(seen):
        radius = size / LINE_SHARE * (0.3 if joint in HEAD else 0.6)
        cv2.circle(canvas, points[joint], max(round(radius * 2**BITS), 1), dots[joint], cv2.FILLED, cv2.LINE_AA, BITS)


def _contours(canvas: NDArray[np.uint8], face: Face | None, colour: Colour) -> None:
    """The lines of a face onto [size, size] or [size, size, 3]; a line with an unseen place is left out."""
    if face is None:
        return
    size = canvas.shape[0]
    points = np.array(_fixed(face, size), np.int32)
    seen = ~np.isnan(face).any(axis=1)
    width = _thickness(size / FACE_SHARE)
    for first, end, closed in LINES:
        if seen[first:end].all():
            cv2.polylines(canvas, [points[first:end]], closed, colour, width, cv2.LINE_AA, BITS)


def _thickness(width: float) -> int:
    """OpenCV's thickness for a line `width` px wide, to a pixel: its soft edges add 0.4 px, 1.4 or 2.4."""
    return max(round(width) - 2, 1)


def _fixed(places: NDArray[np.float32], size: int) -> list[tuple[int, int]]:
    """Places [n, 2] px as OpenCV's fixed-point numbers, at most a few pictures away; unseen ones at (0, 0)."""
    near = np.nan_to_num(np.clip(places, -4 * size, 5 * size))
    return [(int(x), int(y)) for x, y in np.round(near * 2**BITS)]


def _dimmed(colour: tuple[float, float, float], confidence: float) -> Colour:
    brightness = 255 * (DIMMEST + (1 - DIMMEST) * min(confidence, 1.0))
    red, green, blue = (round(brightness * part) for part in colour)
    return red, green, blue
