"""One picture of several videos: the right moments in the right places."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from posetransfer.errors import OutOfSpace
from posetransfer.pipeline.contact_sheet import CELL, GAP, PAPER, STRIP, write_contact_sheet
from posetransfer.types import Frame
from tests.drawn_clips import make_clip, number_of, stripes


def cell(sheet: Frame, row: int, column: int) -> Frame:
    top, left = STRIP + row * (STRIP + CELL + GAP) + STRIP, GAP + column * (CELL + GAP)
    return sheet[top : top + CELL, left : left + CELL]


def read(path: Path) -> Frame:
    return np.asarray(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB), np.uint8)


def clip(path: Path, frames: int, width: int, height: int, first: int = 0) -> Path:
    return make_clip(path, (stripes(first + index, width, height) for index in range(frames)))


def test_rows_are_videos_and_columns_evenly_spaced_moments(tmp_path: Path) -> None:
    videos = {
        "driving": clip(tmp_path / "a.mp4", 40, 128, 64),
        "ines by knn": clip(tmp_path / "b.mp4", 40, 64, 64, 99),
    }
    write_contact_sheet(tmp_path / "sheet.png", videos, columns=4)
    sheet = read(tmp_path / "sheet.png")
    assert [number_of(cell(sheet, 0, column)) for column in range(4)] == [5, 15, 25, 35]
    assert [number_of(cell(sheet, 1, column)) for column in range(4)] == [104, 114, 124, 134]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4", "b.mp4", "sheet.png"]


def test_a_wide_picture_is_whole_and_every_row_and_column_is_labelled(tmp_path: Path) -> None:
    write_contact_sheet(tmp_path / "sheet.png", {"driving": clip(tmp_path / "a.mp4", 8, 128, 64)}, columns=2)
    sheet = read(tmp_path / "sheet.png")
    wide = cell(sheet, 0, 0)
    assert (wide[: CELL // 4 - 2] == PAPER).all() and (wide[-CELL // 4 + 2 :] == PAPER).all()
    assert (wide[CELL // 4 + 2 : -CELL // 4 - 2].mean(axis=2) > 30).all()
    for top, left in ((0, GAP), (0, GAP + CELL + GAP), (STRIP, GAP)):
        assert (sheet[top : top + STRIP, left : left + CELL] != PAPER).any()


def test_a_video_with_fewer_frames_than_columns_shows_each_once(tmp_path: Path) -> None:
    write_contact_sheet(tmp_path / "sheet.png", {"driving": clip(tmp_path / "a.mp4", 2, 64, 64)}, columns=4)
    sheet = read(tmp_path / "sheet.png")
    assert [number_of(cell(sheet, 0, column)) for column in range(2)] == [0, 1]
    assert (cell(sheet, 0, 2) == PAPER).all()


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutOfSpace, match="Choose another place"):
        write_contact_sheet(tmp_path / "nowhere" / "sheet.png", {"driving": clip(tmp_path / "a.mp4", 2, 64, 64)})
