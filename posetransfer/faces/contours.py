"""Face contours: 68 places around the jaw, brows, nose, eyes and lips, by either of two sources.

The places are those of the iBUG 300-W marking (Sagonas et al. 2013), in dlib's order.
"""

from __future__ import annotations

from typing import ClassVar, Final, Protocol

from posetransfer.plugins import Registry
from posetransfer.types import Box, Face, Frame

CONTOURS: Final = Registry(
    "contour source",
    {"dlib68": "posetransfer.faces.dlib68:Dlib68", "facemesh": "posetransfer.faces.facemesh:FaceMesh"},
)

# The lines that the places lie on: (first, one past the last, whether the last joins the first).
LINES: Final = (
    (0, 17, False),  # jaw
    (17, 22, False),  # brow of the right eye
    (22, 27, False),  # brow of the left eye
    (27, 31, False),  # bridge of the nose
    (31, 36, False),  # under the nose
    (36, 42, True),  # right eye
    (42, 48, True),  # left eye
    (48, 60, True),  # lips, outside
    (60, 68, True),  # lips, inside
)

NOSE_TIP: Final = 30
RIGHT_EYE: Final = slice(36, 42)
LEFT_EYE: Final = slice(42, 48)


class ContourFinder(Protocol):
    """Finds the contours of a face whose box is known."""

    NAME: ClassVar[str]

    def find(self, frame: Frame, box: Box, roll: float = 0.0) -> Face | None:
        """[68, 2] px in the RGB frame, or None where the source sees no face.

        box: brows to chin, as a detector gives it; roll: radians by which the eyes are turned, clockwise
        in the picture, where it is known.
        """
        ...
