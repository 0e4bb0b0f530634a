"""Footage looked through before training: rendered people, whose reels need no folder of footage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from posetransfer.cli.show import drain
from posetransfer.pipeline.camera import Camera
from posetransfer.pipeline.footage_check import COVERAGE, PREVIEW, FootageCheck, check_footage
from posetransfer.pipeline.options import LearnOptions
from posetransfer.types import Box
from tests.performers import FPS, SIDE, frame, piece

PERSON = Box(110, 80, 280, 370)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSETRANSFER_CACHE", str(tmp_path / "cache"))


def checked(clip: Path, folder: Path) -> FootageCheck:
    return drain(check_footage([clip], LearnOptions(size=64), folder))


def test_a_short_calm_piece_is_told_what_it_lacks(tmp_path: Path) -> None:
    found = checked(piece(tmp_path / "calm.mp4", "train-a-ines", 50), tmp_path)
    assert (found.frames, found.usable, found.size, found.camera) == (50, 50, (SIDE, SIDE), "still")
    assert found.seconds == 50 / FPS and found.faces > 0.5
    told = [advice.text for advice in found.advice]
    assert "Only 2 s show you." in told[0]
    assert "Raise your right arm above your head. No frame shows it." in told
    assert sum(advice.kind == "movement" for advice in found.advice) == 6, "the rest in one sentence"
    for name in (COVERAGE, PREVIEW):
        assert cv2.imread(str(tmp_path / name)) is not None
    values = found.to_json()
    assert values["movements"][0] == {"name": "right arm up", "share": 0.0, "seen": False}


def moved(shift: float) -> Iterator[tuple[np.ndarray, Box]]:
    """The performer in her room; the camera goes `shift` px to the side with each picture."""
    for number in range(0, 60, 10):
        picture = np.asarray(frame("train-a-ines", number))
        move = np.array([[1, 0, shift * number / 10], [0, 1, 0]], np.float32)
        yield cv2.warpAffine(picture, move, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE), PERSON


@pytest.mark.parametrize(("shift", "verdict"), [(0.0, "still"), (3.0, "moving")])
def test_a_moving_camera_is_told_from_a_moving_person(shift: float, verdict: str) -> None:
    camera = Camera()
    assert camera.verdict == "unknown"
    for picture, box in moved(shift):
        camera.add(picture, box)
    assert camera.verdict == verdict


def test_before_a_plain_wall_nothing_is_claimed() -> None:
    camera = Camera()
    for _ in range(3):
        camera.add(np.full((SIDE, SIDE, 3), 200, np.uint8), PERSON)
    assert camera.verdict == "unknown"
