"""Frames named in a line of text, and what no clip can have."""

from __future__ import annotations

import pytest

from posetransfer.errors import TrainingError
from posetransfer.pairs.frame_ranges import MOST_FRAMES, frames_text, parse_frames


def test_runs_are_ranges_and_come_back() -> None:
    assert frames_text([30, 12, 13, 20, 21, 22, 12]) == "12-13,20-22,30"
    assert parse_frames("12-13,20-22,30") == (12, 13, 20, 21, 22, 30)
    assert frames_text([]) == "" and parse_frames("") == parse_frames(" , ") == ()
    assert parse_frames("7, 3,5-6,6") == (3, 5, 6, 7)


@pytest.mark.parametrize("text", ["x", "-3", "3-", "9-3", "1.5", "1e3", "\u0663", "1-2-3", "1;2", f"{10**12}"])
def test_what_names_no_frames_is_refused(text: str) -> None:
    with pytest.raises(TrainingError, match="names no frames"):
        parse_frames(text)


@pytest.mark.parametrize("text", [f"{MOST_FRAMES}", "0-999999999", ",".join(["0-600000"] * 9)])
def test_more_than_a_clip_has_is_refused_before_it_is_written_out(text: str) -> None:
    with pytest.raises(TrainingError, match="is too much"):
        parse_frames(text)
