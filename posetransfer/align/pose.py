"""Alignment by the pose: the face goes where the driver's retargeted face is, so that a walk stays a walk."""

from __future__ import annotations

from math import hypot
from typing import ClassVar

from posetransfer.align.aligner import Centre

FURTHEST = 1 / 8  # of the size: a face further from where the pose has it is another thing that looks like one
STEADY = 1 / 64  # of the size: smaller changes of the shift are mostly the detector's own noise
LEAST = 0.3  # share of the smallest change that is followed at once


class ToPose:
    """Shifts each frame, to fractions of a px, so that its face stands where the pose has it.

    Changes under `STEADY` are followed in part, the smaller the less, so that the detector's noise is not added to a
    steady picture; larger ones at once, so that shake is undone without lag. A frame without a face, or with one
    that cannot be it, holds the last shift.
    """

    NAME: ClassVar[str] = "pose"

    def __init__(self) -> None:
        self._shift: Centre | None = None

    def shift(self, made: Centre | None, wanted: Centre | None, size: int) -> Centre:
        """See `Aligner`."""
        if made is not None and wanted is not None:
            asked = (wanted[0] - made[0], wanted[1] - made[1])
            if hypot(*asked) <= FURTHEST * size:
                self._shift = self._follow(asked, size)
        return self._shift or (0.0, 0.0)

    def _follow(self, asked: Centre, size: int) -> Centre:
        if self._shift is None:
            return asked
        change = (asked[0] - self._shift[0], asked[1] - self._shift[1])
        share = min(max(hypot(*change) / (STEADY * size), LEAST), 1.0)
        return self._shift[0] + share * change[0], self._shift[1] + share * change[1]
