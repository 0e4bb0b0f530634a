"""High dynamic range to the eight bits that the rest of the program sees."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from posetransfer.types import Frame

PQ, HLG = 16, 18  # transfer characteristics by their numbers in ITU-T H.273
WHITE = 203.0  # cd/m², the light of a white sheet in both (ITU-R BT.2408)
HLG_PEAK = 1000.0  # cd/m², the display HLG is graded for
KNEE = 0.5  # light up to here, relative to WHITE, is kept as it is; faces lie below
STEPS = 4096  # of the tables; finer than the 10 or 12 bits that come in
BRIGHTEST = 64.0  # relative to WHITE, over PQ's 10,000 cd/m²

# ITU-R BT.2087: linear BT.2020 to linear BT.709
TO_709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]],
    np.float32,
)


def to_standard_range(wide: NDArray[np.uint16], transfer: int) -> Frame:
    """[H, W, 3] BT.2020 RGB, 16 bits full range, coded by `transfer` (PQ or HLG), as an sRGB frame.

    The tone curve works on each channel of linear light x, in units of reference white: x up to `KNEE`, above it
    KNEE + (1 − KNEE)·u / (1 + u) with u = (x − KNEE) / (1 − KNEE), which goes on without a kink and ends at 1.
    What is lit like a person in an ordinary video so looks like one; highlights are pressed together.
    """
    light = _light_table(transfer)[wide >> 4]
    light = np.asarray(cv2.transform(light, TO_709), np.float32)
    # the table of the curve is even in the square root of light, where dark steps are as fine as the eye needs
    index = np.sqrt(np.clip(light, 0, BRIGHTEST) * np.float32((STEPS - 1) ** 2 / BRIGHTEST))
    return np.ascontiguousarray(_curve_table()[index.astype(np.uint16)])


@cache
def _light_table(transfer: int) -> NDArray[np.float32]:
    """[4096] linear light relative to WHITE for a code 0..1."""
    code = np.linspace(0, 1, STEPS)
    return (_pq_light(code) if transfer == PQ else _hlg_light(code)).astype(np.float32)


def _pq_light(code: NDArray[np.float64]) -> NDArray[np.float64]:
    """SMPTE ST 2084 EOTF."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    root = code ** (1 / m2)
    light: NDArray[np.float64] = 10000 / WHITE * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1)
    return light


def _hlg_light(code: NDArray[np.float64]) -> NDArray[np.float64]:
    """ITU-R BT.2100 HLG, inverse OETF and OOTF (gamma 1.2); the OOTF by channel, which is exact for greys."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
    light: NDArray[np.float64] = HLG_PEAK / WHITE * scene**1.2
    return light


@cache
def _curve_table() -> NDArray[np.uint8]:
    """[4096] sRGB values for light 0..BRIGHTEST, even in its square root."""
    light = np.linspace(0, 1, STEPS) ** 2 * BRIGHTEST
    over = np.maximum(light - KNEE, 0) / (1 - KNEE)
    toned = np.minimum(light, KNEE) + (1 - KNEE) * over / (1 + over)
    coded = np.where(toned <= 0.0031308, toned * 12.92, 1.055 * toned ** (1 / 2.4) - 0.055)
    table: NDArray[np.uint8] = np.round(coded * 255).astype(np.uint8)
    return table
