"""The demo: which target performs which video, and what lies in the folder in the end."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from posetransfer.checkpoints import lookup
from posetransfer.checkpoints.folder import Checkpoint, Target
from posetransfer.errors import OutOfSpace, PoseTransferError, TargetNotFound
from posetransfer.pipeline import demo as demo_module
from posetransfer.pipeline.demo import demo, demo_driving, demo_target
from posetransfer.pipeline.learn import learn
from posetransfer.pipeline.options import LearnOptions
from posetransfer.video.info import video_info
from tests.driven import driven
from tests.performers import INES, KOFI, piece
from tests.space.page_parts import write_target


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No target, no example, a user who has nothing."""
    for name in ("HOME", "CACHE"):
        monkeypatch.setenv(f"POSETRANSFER_{name}", str(tmp_path / name))
    monkeypatch.setattr(lookup, "BUNDLED", tmp_path / "bundled")
    monkeypatch.setattr(demo_module, "EXAMPLES", tmp_path / "examples")


def bundle_examples(folder: Path, *names: str) -> None:
    (folder / "examples").mkdir()
    for name in names:
        (folder / "examples" / name).touch()


def test_without_anything_bundled_there_is_a_sentence(tmp_path: Path) -> None:
    write_target(tmp_path / "HOME" / "targets" / "own", "knn")
    with pytest.raises(TargetNotFound, match="--target"):
        demo_target(None)
    with pytest.raises(PoseTransferError, match="--driving"):
        demo_driving("ines")


def test_the_first_bundled_target_with_the_most_methods_performs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_target(tmp_path / "bundled" / "anna", "knn")
    write_target(tmp_path / "bundled" / "ben", "knn", "pose2pics")
    write_target(tmp_path / "bundled" / "cleo", "knn", "pose2pics")
    write_target(tmp_path / "HOME" / "targets" / "own", "knn", "pose2pics", "pics2pics")
    opened: list[str] = []
    monkeypatch.setattr(lookup, "find_target", opened.append)
    demo_target(None)
    demo_target("own")
    assert opened == [str(tmp_path / "bundled" / "ben"), "own"]


def test_another_performer_drives_if_there_is_one(tmp_path: Path) -> None:
    bundle_examples(tmp_path, "ines-dances.mp4", "kofi-dances.mp4", "README.md")
    assert demo_driving("ines").name == "kofi-dances.mp4"
    assert demo_driving("kofi").name == demo_driving("own").name == "ines-dances.mp4"
    (tmp_path / "examples" / "ines-dances.mp4").unlink()
    assert demo_driving("kofi").name == "kofi-dances.mp4"


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "demo").touch()
    anna = Checkpoint(tmp_path / "anna", cast("Target", None), {})
    with pytest.raises(OutOfSpace, match="Choose another --out"):
        next(demo(tmp_path / "a.mp4", anna, tmp_path / "demo"))


@pytest.mark.slow
def test_every_method_gives_a_video_and_the_sheet_shows_them_all(tmp_path: Path) -> None:
    options = LearnOptions(size=64, steps=1)
    footage, driving = piece(tmp_path / "ines.mp4", INES, 25), piece(tmp_path / "kofi.mp4", KOFI, 25)
    for _ in learn([footage], str(tmp_path / "ines"), options):
        pass
    stages, done = driven(demo(driving, demo_target(str(tmp_path / "ines")), tmp_path / "demo"))
    assert list(done.videos) == list(done.beside) == ["knn", "pose2pics"]
    wanted = {done.sheet, *done.videos.values(), *done.beside.values()}
    assert set((tmp_path / "demo").iterdir()) == wanted and len(wanted) == 5
    for path in wanted - {done.sheet}:
        assert video_info(path).frames == 25
    assert done.sheet.name == "kofi-as-ines.png"
    names = list(dict.fromkeys(progress.stage for progress in stages))
    assert names == ["poses", "load", "make knn", "make pose2pics", "sheet"]
    watched = [progress.done for progress in stages if progress.stage == "poses"]
    assert watched == sorted(watched), "watched once"
