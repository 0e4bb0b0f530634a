"""The visible label: made pictures say that they are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from posetransfer.streams import closing_source
from posetransfer.types import Frame

TEXT = "AI-generated"
COMMENT = "Synthetic video made by posetransfer: the person shown did not perform this."


def label(frames: Iterable[Frame]) -> Iterator[Frame]:
    """Put a small badge into the lower left corner of each frame [H, W, 3]; the input frames are not changed."""
    with closing_source(frames) as iterator:
        for frame in iterator:
            yield labelled(frame)


def labelled(frame: Frame) -> Frame:
    """A copy of `frame` with the badge on it."""
    badge = _badge(*frame.shape[:2])
    height, width = min(badge.shape[0], frame.shape[0]), min(badge.shape[1], frame.shape[1])
    marked = frame.copy()
    corner = marked[-height:, :width]
    # white letters on the picture darkened to a third: readable on any background
    corner[:] = np.maximum(corner // 3, badge[-height:, :width, None])
    return marked


@cache
def _badge(picture_height: int, picture_width: int) -> NDArray[np.uint8]:
    """The letters as [h, w], about a twenty-fourth of the picture high, and smaller where they would not fit."""
    size = max(picture_height / 24, 9.0)
    scale, thick = size / 26, max(round(size / 16), 1)
    (width, height), below = cv2.getTextSize(TEXT, cv2.FONT_HERSHEY_SIMPLEX, scale, thick)
    room = picture_width - 2 * max(height // 3, 2)
    if width > room:
        scale *= max(room, 1) / width
        (width, height), below = cv2.getTextSize(TEXT, cv2.FONT_HERSHEY_SIMPLEX, scale, thick)
    pad = max(height // 3, 2)
    letters = np.zeros((height + below + pad, width + 2 * pad), np.uint8)
    cv2.putText(letters, TEXT, (pad, height + pad // 2), cv2.FONT_HERSHEY_SIMPLEX, scale, (255,), thick, cv2.LINE_AA)
    return letters
