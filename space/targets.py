"""Targets as the page shows them: cards with a small picture."""

from __future__ import annotations

import base64
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
from numpy.typing import NDArray

from posetransfer.checkpoints.lookup import Summary, target_summaries
from space.messages import METHOD_TITLES

SIDE = 192  # px of a card's picture: sharp on a phone's screen, about 8 KB


def target_card(summary: Summary) -> dict[str, Any]:
    """One target as an option of the cards element."""
    preview = summary.preview
    methods = ", ".join(METHOD_TITLES.get(name, name) for name in summary.methods)
    return {
        "value": summary.name,
        "title": summary.name,
        "text": f"{methods} · {summary.size} px",
        "picture": None if preview is None else _picture(preview, preview.stat().st_mtime_ns),
    }


def find_summary(name: str | None) -> Summary | None:
    """The target called `name`, if the page shows one."""
    return next((summary for summary in target_summaries() if summary.name == name), None)


@lru_cache(maxsize=256)
def _picture(path: Path, changed: int) -> str | None:
    """A data URI, so that a card needs no request of its own. changed: a new picture gets a new entry."""
    picture: NDArray[Any] | None = cv2.imread(str(path))
    if picture is None:
        return None
    scale = SIDE / max(picture.shape[:2])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, encoded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 85])
    return "data:image/jpeg;base64," + base64.b64encode(encoded.tobytes()).decode("ascii")
