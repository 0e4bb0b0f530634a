"""Driving videos one click away: what is shown of a folder, and that nothing in it can keep the page from opening."""

from __future__ import annotations

import base64
from pathlib import Path

import cv2
import numpy as np

from space.examples import SIDE, examples
from tests.performers import INES, KOFI, frame, piece


def test_videos_are_shown_by_name_with_a_picture_of_their_middle(tmp_path: Path) -> None:
    piece(tmp_path / "kofi-dances.mp4", KOFI, 11)
    piece(tmp_path / "ines.mp4", INES, 11)
    (tmp_path / "README.md").write_text("not a video")
    found = examples(tmp_path)
    assert [(example.path.name, example.label) for example in found] == [
        ("ines.mp4", "ines"),
        ("kofi-dances.mp4", "kofi dances"),
    ]
    for example, reel in zip(found, (INES, KOFI), strict=True):
        kind, _, data = example.picture.partition(",")
        assert kind == "data:image/jpeg;base64" and len(data) < 20_000
        picture = cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_COLOR)[:, :, ::-1]
        truth = cv2.resize(frame(reel, 5), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        assert np.abs(picture.astype(int) - truth).mean() < 5


def test_a_damaged_file_is_left_out_and_there_need_be_no_folder(tmp_path: Path) -> None:
    whole = piece(tmp_path / "broken.mp4", INES, 2)
    whole.write_bytes(whole.read_bytes()[:500])
    (tmp_path / "empty.webm").touch()
    (tmp_path / "folder.mov").mkdir()
    assert examples(tmp_path) == examples(tmp_path / "nowhere") == []
