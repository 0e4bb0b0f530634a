from __future__ import annotations

from pathlib import Path

import pytest

from posetransfer.errors import PoseTransferError
from posetransfer.pipeline.checks import check_out
from posetransfer.pipeline.options import Watch


def test_a_good_place_is_let_through(tmp_path: Path) -> None:
    check_out(tmp_path / "out.mp4", ".mp4", [tmp_path / "in.mp4"])


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        ("out.avi", "ends so"),
        ("in.mp4", "would be replaced"),
        ("no/out.mp4", "does not exist"),
        ("dir.mp4", "a folder"),
    ],
)
def test_a_bad_place_is_refused(tmp_path: Path, out: str, sentence: str) -> None:
    (tmp_path / "dir.mp4").mkdir()
    with pytest.raises(PoseTransferError, match=sentence):
        check_out(tmp_path / out, ".mp4", [tmp_path / "in.mp4"])


@pytest.mark.parametrize(("start", "end"), [(2.0, 1.0), (1.0, 1.0), (float("nan"), None), (0.0, float("inf"))])
def test_times_that_make_no_span_are_refused(start: float, end: float | None) -> None:
    with pytest.raises(PoseTransferError, match="--end"):
        Watch(start, end)
