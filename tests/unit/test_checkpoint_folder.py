from __future__ import annotations

import json
from pathlib import Path

import pytest

from posetransfer.checkpoints.folder import CONFIG, open_checkpoint, replacing, write_config
from posetransfer.checkpoints.lookup import find_target, target_folder, target_names
from posetransfer.errors import CheckpointError, MethodMissing, OutOfSpace, TargetNotFound
from tests.made_targets import a_target


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "dancer"
    with replacing(made) as partial:
        (partial / "frames.mp4").write_bytes(b"pictures")
        write_config(partial, a_target(), {"knn": {"frames": 2}})
    return made


def test_what_is_written_is_opened(folder: Path) -> None:
    opened = open_checkpoint(folder)
    assert opened.name == "dancer"
    assert opened.methods == {"knn": {"frames": 2}}
    assert opened.target.to_json() == a_target().to_json()
    assert opened.target.shares_pictures_with(a_target())


def test_a_missing_method_names_those_there_are(folder: Path) -> None:
    with pytest.raises(MethodMissing, match=r"not made for pose2pics. It has: knn"):
        open_checkpoint(folder).load_method("pose2pics")


def spoil_hash(folder: Path) -> None:
    (folder / "frames.mp4").write_bytes(b"Pictures")


def spoil_missing(folder: Path) -> None:
    (folder / "frames.mp4").unlink()


def spoil_extra(folder: Path) -> None:
    (folder / "weights.pkl").write_bytes(b"")


def spoil_json(folder: Path) -> None:
    (folder / CONFIG).write_text("{")


def spoil_body(folder: Path) -> None:
    config = json.loads((folder / CONFIG).read_text())
    del config["target"]["body"]["limbs"]
    (folder / CONFIG).write_text(json.dumps(config))


def spoil_escape(folder: Path) -> None:
    config = json.loads((folder / CONFIG).read_text())
    config["files"]["../secret"] = "0" * 64
    (folder / CONFIG).write_text(json.dumps(config))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (spoil_hash, "its hash differs"),
        (spoil_missing, "is missing"),
        (spoil_extra, "weights.pkl"),
        (spoil_json, "damaged"),
        (spoil_body, "limbs"),
        (spoil_escape, "outside"),
    ],
)
def test_a_spoilt_folder_is_refused_with_a_sentence(folder: Path, spoil: object, sentence: str) -> None:
    spoil(folder)  # type: ignore[operator]
    with pytest.raises(CheckpointError, match=sentence):
        open_checkpoint(folder)


def test_a_newer_format_asks_for_an_update(folder: Path) -> None:
    config = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps({**config, "format": 99}))
    with pytest.raises(CheckpointError, match="Update posetransfer"):
        open_checkpoint(folder)


def test_an_error_while_writing_keeps_the_old_folder(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError), replacing(folder) as partial:
        (partial / "half").write_bytes(b"")
        raise ZeroDivisionError
    assert open_checkpoint(folder).methods == {"knn": {"frames": 2}}
    assert [p.name for p in folder.parent.iterdir()] == ["dancer"]


def test_a_full_disk_is_a_sentence(folder: Path) -> None:
    with pytest.raises(OutOfSpace, match="could not be written"), replacing(folder):
        Path("/dev/full").write_bytes(b"x" * 10_000)
    assert open_checkpoint(folder)


def test_targets_are_found_by_path_and_by_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = folder.parent / "home"
    monkeypatch.setenv("POSETRANSFER_HOME", str(home))
    assert find_target(str(folder)).name == "dancer"
    with pytest.raises(TargetNotFound, match="Known targets"):
        find_target("dancer")
    (home / "targets").mkdir(parents=True)
    folder.rename(home / "targets" / "dancer")
    assert find_target("dancer").name == "dancer"
    assert "dancer" in target_names()


def test_out_is_a_name_or_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSETRANSFER_HOME", str(tmp_path))
    assert target_folder("me") == tmp_path / "targets" / "me"
    assert target_folder("./me") == Path("me").resolve()
    assert target_folder(str(tmp_path / "x")) == tmp_path / "x"


def test_a_folder_that_is_no_target_is_never_replaced(tmp_path: Path) -> None:
    footage = tmp_path / "anna"
    footage.mkdir()
    (footage / "holiday.mp4").write_bytes(b"precious")
    with pytest.raises(CheckpointError, match="would be lost"), replacing(footage):
        pass
    assert (footage / "holiday.mp4").read_bytes() == b"precious"
    file = tmp_path / "file"
    file.write_text("precious")
    with pytest.raises(CheckpointError, match="would be lost"), replacing(file):
        pass
    assert file.read_text() == "precious"


def test_hidden_files_are_no_part_of_a_target(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"x")
    assert open_checkpoint(folder)
    write_config(folder, a_target(), {"knn": {"frames": 2}})
    (folder / ".DS_Store").unlink()
    assert open_checkpoint(folder)


@pytest.mark.parametrize("out", ["", ".", "..", "/"])
def test_out_must_name_a_folder(out: str) -> None:
    with pytest.raises(TargetNotFound, match="no place"):
        target_folder(out)
