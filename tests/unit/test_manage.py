"""Targets renamed and removed: only those that are the user's to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from posetransfer.checkpoints import lookup, manage
from posetransfer.checkpoints.lookup import find_target, target_names
from posetransfer.checkpoints.manage import check_name, origin_of, remove_target, rename_target
from posetransfer.checkpoints.pulled import Pulled, pulled_folder, write_record
from posetransfer.errors import CheckpointError, TargetNotFound
from tests.made_targets import write_a_target


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSETRANSFER_HOME", str(tmp_path / "home"))
    for module in (lookup, manage):
        monkeypatch.setattr(module, "BUNDLED", tmp_path / "bundled")
    write_a_target(tmp_path / "bundled" / "ines")
    write_a_target(tmp_path / "home" / "targets" / "anna")
    folder = write_a_target(pulled_folder("bob/cleo"))
    write_record(folder, Pulled("bob/cleo", "0" * 40, "http://hub"))
    return tmp_path / "home"


def test_each_is_known_by_where_it_is_from() -> None:
    assert [origin_of(name) for name in target_names()] == ["bundled", "own", "pulled"]
    with pytest.raises(TargetNotFound, match="no target called dora any more"):
        origin_of("dora")
    with pytest.raises(TargetNotFound):
        origin_of("../targets/anna")


def test_own_ones_are_renamed_and_removed() -> None:
    rename_target("anna", "berta")
    assert find_target("berta").name == "berta" and "anna" not in target_names()
    remove_target("berta")
    assert target_names() == ["ines", "bob/cleo"]


def test_pulled_ones_are_removed_and_keep_their_name(shelf: Path) -> None:
    with pytest.raises(CheckpointError, match="not one of your own"):
        rename_target("bob/cleo", "cleo")
    remove_target("bob/cleo")
    assert target_names() == ["ines", "anna"] and not list((shelf / "pulled" / "bob").iterdir())


def test_bundled_ones_stay() -> None:
    with pytest.raises(CheckpointError, match="comes with the project"):
        remove_target("ines")
    with pytest.raises(CheckpointError, match="not one of your own"):
        rename_target("ines", "eve")


@pytest.mark.parametrize("name", ["", "../eve", "a/b", ".hidden", "x" * 61, "ines", "anna", "bob/cleo"])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(CheckpointError):
        check_name(name)
    with pytest.raises(CheckpointError):
        rename_target("anna", name)
    assert find_target("anna").name == "anna"
