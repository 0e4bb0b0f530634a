"""Lists of targets: quick, in order, and not to be upset by a damaged folder among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from posetransfer.checkpoints import lookup
from posetransfer.checkpoints.folder import PREVIEW
from posetransfer.checkpoints.lookup import target_summaries
from tests.space.page_parts import damaged_targets, write_target


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of targets, and one for bundled ones that is empty."""
    monkeypatch.setenv("POSETRANSFER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(lookup, "BUNDLED", tmp_path / "bundled")
    return tmp_path / "home" / "targets"


def test_without_any_folder_there_is_none() -> None:
    assert target_summaries() == []


def test_bundled_ones_come_first_and_each_part_is_sorted(own: Path, tmp_path: Path) -> None:
    write_target(own / "zoe", "knn", "pose2pics", size=512)
    write_target(own / "ben", "knn")
    write_target(tmp_path / "bundled" / "yuki", "pics2pics")
    found = target_summaries()
    assert [summary.name for summary in found] == ["yuki", "ben", "zoe"]
    assert found[2].methods == ("knn", "pose2pics") and found[2].size == 512
    assert found[0].folder == tmp_path / "bundled" / "yuki" and found[0].methods == ("pics2pics",)


def test_damaged_ones_are_left_out(own: Path) -> None:
    own.mkdir(parents=True)
    damaged_targets(own)
    assert [summary.name for summary in target_summaries()] == ["whole"]


def test_of_two_with_one_name_the_one_that_would_be_opened_is_shown(own: Path, tmp_path: Path) -> None:
    write_target(own / "anna", "knn")
    write_target(tmp_path / "bundled" / "anna", "pose2pics")
    assert [summary.methods for summary in target_summaries()] == [("pose2pics",)]


def test_a_preview_is_there_or_not(own: Path) -> None:
    folder = write_target(own / "anna", "knn")
    assert target_summaries()[0].preview is None
    (folder / PREVIEW).write_bytes(b"a picture")
    assert target_summaries()[0].preview == folder / PREVIEW
