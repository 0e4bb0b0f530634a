"""Coverage of pose space as a picture: a figure whose every limb carries a rose of the directions it was seen in."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from posetransfer.poses.angles import Joints
from posetransfer.poses.movements import ENOUGH, SECTORS, sectors_seen
from posetransfer.types import Frame

SIDE: Final = 480  # px
RADIUS: Final = 46
PAPER, LINE, EMPTY = (250, 250, 252), (120, 124, 140), (226, 228, 236)
SEEN: Final = (79, 70, 229)  # the page's indigo
NAMES: Final = ("upper arm", "forearm", "upper arm", "forearm", "thigh", "shin", "thigh", "shin")
# where the roses stand, in the order of `LIMBS_SHOWN`, as seen by a camera: the person's right on the left
PLACES: Final = (
    (150, 120), (62, 190), (330, 120), (418, 190),
    (186, 262), (160, 388), (294, 262), (320, 388),
)  # fmt: skip
SCALE: Final = 4  # drawn this much larger, for smooth edges


def coverage_picture(joints: Joints) -> Frame:
    """[SIDE, SIDE, 3] from [T, 18, 3]: sectors in which a limb pointed in 1 % of the frames are filled, the fuller the
    more often; the others are pale."""
    picture = np.full((SIDE * SCALE, SIDE * SCALE, 3), PAPER, np.uint8)
    cv2.circle(picture, _scaled(240, 52), 30 * SCALE, EMPTY, cv2.FILLED, cv2.LINE_AA)
    for start, end in ((240, 84), (240, 230)), ((186, 120), (294, 120)), ((204, 230), (276, 230)):
        cv2.line(picture, _scaled(*start), _scaled(*end), EMPTY, 12 * SCALE, cv2.LINE_AA)
    for place, name, shares in zip(PLACES, NAMES, sectors_seen(joints), strict=True):
        for sector, share in enumerate(shares):
            _sector(picture, place, sector, float(share))
        cv2.circle(picture, _scaled(*place), RADIUS * SCALE, LINE, SCALE, cv2.LINE_AA)
        _label(picture, name, place[0], place[1] + RADIUS + 16)
    small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(small, np.uint8)


def _sector(picture: Frame, place: tuple[int, int], sector: int, share: float) -> None:
    """One wedge of a rose; sector 0 points to the right, the next ones follow clockwise on the screen."""
    width = 360 / SECTORS
    if share >= ENOUGH:
        strength = 0.35 + 0.65 * min(float(np.sqrt(share / 0.2)), 1.0)
        colour = tuple(round(p + strength * (s - p)) for p, s in zip(PAPER, SEEN, strict=True))
    else:
        colour = EMPTY
    axes = (RADIUS * SCALE, RADIUS * SCALE)
    begin, end = (sector - 0.5) * width + 1.5, (sector + 0.5) * width - 1.5  # a gap between two
    cv2.ellipse(picture, _scaled(*place), axes, 0, begin, end, colour, cv2.FILLED, cv2.LINE_AA)


def _label(picture: Frame, text: str, x: int, y: int) -> None:
    font, size = cv2.FONT_HERSHEY_SIMPLEX, 0.42 * SCALE
    (width, _), _ = cv2.getTextSize(text, font, size, SCALE)
    cv2.putText(picture, text, (x * SCALE - width // 2, y * SCALE), font, size, LINE, SCALE, cv2.LINE_AA)


def _scaled(x: int, y: int) -> tuple[int, int]:
    return x * SCALE, y * SCALE
