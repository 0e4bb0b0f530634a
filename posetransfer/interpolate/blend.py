"""A cross-dissolve: what moves is seen twice, half transparent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from posetransfer.interpolate.warp import mixed
from posetransfer.types import Frame


class Blend:
    """Weights the two frames by how near they are in time."""

    NAME: ClassVar[str] = "blend"

    def between(self, a: Frame, b: Frame, times: Sequence[float]) -> list[Frame]:
        """See `Interpolator`."""
        return [mixed(a, b, time) for time in times]
