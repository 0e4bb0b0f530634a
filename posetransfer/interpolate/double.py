"""No interpolation: the nearer frame is shown again. The baseline of the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from posetransfer.types import Frame


class Double:
    """Repeats the nearer frame, the earlier one at half way."""

    NAME: ClassVar[str] = "double"

    def between(self, a: Frame, b: Frame, times: Sequence[float]) -> list[Frame]:
        """See `Interpolator`."""
        return [a if time <= 0.5 else b for time in times]
