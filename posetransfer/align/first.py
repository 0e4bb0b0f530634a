"""The paper's alignment: the face stays where it first was."""

from __future__ import annotations

from typing import ClassVar

from posetransfer.align.aligner import Centre


class ToFirst:
    """Shifts each frame by whole px so that its face stands where it stood in the first frame that has one.

    Who walks is held on the spot, and a wrong face moves the picture as far as it likes: the baseline is kept as
    the paper has it. A frame without a face holds the last shift.
    """

    NAME: ClassVar[str] = "first"

    def __init__(self) -> None:
        self._first: Centre | None = None
        self._shift: Centre = (0, 0)

    def shift(self, made: Centre | None, wanted: Centre | None, size: int) -> Centre:
        """See `Aligner`; `wanted` is not looked at."""
        if made is not None:
            self._first = self._first or made
            self._shift = (round(self._first[0] - made[0]), round(self._first[1] - made[1]))
        return self._shift
