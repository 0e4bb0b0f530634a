"""The Train tab's wishes, checked on the server; and the jobs of a check and a training themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from posetransfer.checkpoints.lookup import find_target
from posetransfer.errors import PoseTransferError
from posetransfer.video.info import video_info
from space.jobs import check, train
from space.jobs.curve import CURVE, POINTS, Curve
from space.jobs.folder import JobFolder, Request
from space.messages import training_estimate
from space.requested import Services
from space.settings import Settings
from space.tabs.train import TrainHandlers
from space.trainings import HELD_OUT, Trainings, Wish
from tests.driven import driven
from tests.performers import piece


class Desk:
    """Stands where jobs are handed in, and keeps what came."""

    def __init__(self) -> None:
        self.handed: list[tuple[str, dict[str, Any], dict[str, Path]]] = []

    def submit(
        self, kind: str, arguments: dict[str, Any], title: dict[str, str], visitor: str,
        files: dict[str, Path] | None = None,
    ) -> str:  # fmt: skip
        self.handed.append((kind, arguments, files or {}))
        return "token"


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSETRANSFER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("POSETRANSFER_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def trainings(desk: Desk) -> Trainings:
    return Trainings(Services(Settings.from_environment(), desk))  # type: ignore[arg-type]


@pytest.fixture
def wish(tmp_path: Path) -> Wish:
    clip = tmp_path / "my dance.mp4"
    clip.write_bytes(b"pictures")
    return Wish([clip], [], "anna", 10, 256, ["knn", "pose2pics"], True, "This is me, and I agree.")


def test_a_whole_wish_is_handed_in(trainings: Trainings, desk: Desk, wish: Wish) -> None:
    assert trainings.train(wish, "me") == "token"
    kind, arguments, files = desk.handed[0]
    assert kind == "train" and files == {"clip0-my-dance.mp4": wish.clips[0]}
    assert arguments["clips"] == ["clip0-my-dance.mp4"] and arguments["consent"] == "This is me, and I agree."
    assert arguments["options"]["methods"] == ["knn", "pose2pics"] and arguments["options"]["hold_out"] == HELD_OUT


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"clips": []}, "Give footage first"),
    ({"clips": [Path("gone.mp4")]}, "not here any more"),
    ({"name": ""}, "A target's name is made of"),
    ({"name": "../anna"}, "A target's name is made of"),
    ({"name": "ines"}, "a target called ines already"),
    ({"agreed": False}, "Tick the box"),
    ({"consent": "yes"}, "say in a sentence who is shown"),
    ({"minutes": 0}, "Train between"),
    ({"minutes": 1e9}, "Train between"),
    ({"methods": []}, "Pick a method"),
    ({"methods": ["pics2pics"]}, "clip of them too"),
    ({"sources": [Path(__file__)], "dropped": "all"}, "names no frames"),
    ({"sources": [Path(__file__)], "dropped": "0-999999999"}, "is too much"),
]


@pytest.mark.parametrize(("change", "words"), REFUSED, ids=[row[1] for row in REFUSED])
def test_what_lacks_is_said_before_anything_begins(
    trainings: Trainings, desk: Desk, wish: Wish, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(PoseTransferError, match=words):
        trainings.train(replace(wish, **change), "me")
    assert not desk.handed


def test_a_hosted_page_trains_for_its_owner_only(desk: Desk, wish: Wish, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACE_ID", "alice/space")
    monkeypatch.setenv("SPACE_AUTHOR_NAME", "alice")
    hosted = Trainings(Services(Settings.from_environment(), desk))  # type: ignore[arg-type]
    with pytest.raises(PoseTransferError, match="for its owner, signed in"):
        hosted.train(wish, "me")
    with pytest.raises(PoseTransferError, match="another account's"):
        hosted.train(wish, "me", {"preferred_username": "bob"})
    assert hosted.train(wish, "me", {"preferred_username": "alice"})
    with pytest.raises(PoseTransferError, match="for its owner, signed in"):
        hosted.pairs(wish.clips, wish.clips, 256, "me")


def test_pairs_are_looked_at_once_both_clips_are_there(trainings: Trainings, desk: Desk, wish: Wish) -> None:
    handlers, clip = TrainHandlers(trainings), str(wish.clips[0])
    assert (
        handlers.pairs([clip], None, None, 256, "me") == handlers.pairs([], None, clip, 256, "me") == {"token": None}
    )
    assert not desk.handed
    assert handlers.pairs([clip], None, clip, 128, "me") == {"token": "token", "source": clip}
    kind, arguments, files = desk.handed[0]
    assert kind == "pairs" and arguments["options"] == {"size": 128} and len(files) == 2
    assert handlers.pairs([clip], None, "gone.mp4", 128, "me")["problem"].endswith("Choose it again.")


def test_what_was_dropped_of_this_source_goes_with_the_wish(trainings: Trainings, desk: Desk, wish: Wish) -> None:
    handlers, clip = TrainHandlers(trainings), str(wish.clips[0])
    rest = ("10", 64, ["pics2pics"])
    pairs = {"token": "token", "source": clip, "dropped": "4,7-9"}
    for shown in (pairs, pairs | {"source": "another.mp4"}, {"token": None}, None):
        answer = handlers.train([clip], None, clip, "anna", *rest, shown, True, "Me, and I do agree.", "me")
        assert answer == {"token": "token"}
    dropped = [arguments["options"]["dropped_source_frames"] for _, arguments, _ in desk.handed]
    assert dropped == [(4, 7, 8, 9), (), (), ()]


def test_handlers_answer_with_sentences(trainings: Trainings) -> None:
    handlers = TrainHandlers(trainings)
    assert handlers.check(None, None, 256, "me") == {"token": None}
    answer = handlers.train([], None, None, "anna", "ten", 256, ["knn"], None, True, "Me, I do agree.", "me")
    assert answer == {"token": None, "problem": "Minutes are a number, such as 10."}
    assert handlers.estimate(None, "10", ["knn"]) == "" and "number" in handlers.estimate({}, "ten", [])


def test_the_estimate_says_what_to_expect() -> None:
    assert "a blur" in training_estimate(60, 1500, 5.0, 10, 1)
    words = training_estimate(60, 1500, 0.5, 20, 2)
    assert "steady likeness" in words and "2400 steps" in words and "42 min" in words
    assert training_estimate(60, 1500, None, 10, 1).endswith("for each network.")


def a_folder(tmp_path: Path, kind: str, arguments: dict[str, Any], clip: Path) -> JobFolder:
    (tmp_path / "jobs").mkdir(exist_ok=True)
    return JobFolder.create(tmp_path / "jobs", Request(kind, "", 0.0, {}, arguments), {"clip0-a.mp4": clip})


def test_a_check_and_a_training_by_their_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if find_spec("trackio") is not None:
        monkeypatch.setenv("POSETRANSFER_TRACK", "1")
    clip = piece(tmp_path / "ines.mp4", "train-a-ines", 240)
    look = {"clips": ["clip0-a.mp4"], "options": {"size": 64}}
    folder = a_folder(tmp_path, "check", look, clip)
    _, found = driven(check.run(folder, look, lambda: 0))
    assert found["usable"] == 240 and found["seconds_a_step"] > 0
    assert all((folder.path / name).is_file() for name in found["files"].values())

    asked = {
        "clips": ["clip0-a.mp4"], "sources": [], "name": "anna", "consent": "Nobody: she is rendered.",
        "options": {"size": 64, "steps": 4, "methods": ["knn", "pose2pics"], "hold_out": 0.1},
    }  # fmt: skip
    folder = a_folder(tmp_path, "train", asked, clip)
    cut = train.run(folder, asked, lambda: 0)
    while "step 2" not in next(cut).message:
        pass
    cut.close()  # as a pause does
    seen, result = driven(train.run(folder, asked, lambda: 0))
    steps = [progress.figures["step"] for progress in seen if progress.figures]
    assert steps == [3, 4], "it goes on where it was"
    target = find_target("anna")
    assert result["methods"] == list(target.methods) == ["knn", "pose2pics"] and not result["stopped_early"]
    assert "Nobody: she is rendered." in (target.folder / "README.md").read_text()
    assert (
        video_info(folder.path / result["files"]["comparison"]).width
        > video_info(folder.path / result["files"]["result"]).width
    )
    assert not (folder.path / train.WORK).exists(), "pictures of the person are not left behind"
    curve = json.loads((folder.path / CURVE).read_text())["pose2pics"]
    assert len(curve["steps"]) == 4 and curve["held_out"]
    if find_spec("trackio") is not None:
        from trackio.sqlite_storage import SQLiteStorage

        logs = SQLiteStorage.get_logs("posetransfer", "anna")
        assert [row["step"] for row in logs] == [1, 2, 3, 4], "a paused training goes on in its run"
        assert [row["pose2pics/l1"] for row in logs] == pytest.approx([l1 for _, l1, _ in curve["steps"]], abs=1e-4)
        assert 0 < logs[0]["pose2pics/ssim"] < 1


def test_a_stop_keeps_what_is_learned(tmp_path: Path) -> None:
    clip = piece(tmp_path / "ines.mp4", "train-a-ines", 40)
    asked = {
        "clips": ["clip0-a.mp4"], "sources": [], "name": "anna", "consent": "",
        "options": {"size": 64, "steps": 4000, "methods": ["pose2pics"]},
    }  # fmt: skip
    folder, presses = a_folder(tmp_path, "train", asked, clip), [0]

    def pressed() -> int:
        presses[0] += 1
        return int(presses[0] > 3)

    _, result = driven(train.run(folder, asked, pressed))
    assert result["stopped_early"] and result["training"]["pose2pics"]["steps"] < 10


@pytest.fixture
def curve(tmp_path: Path) -> Callable[[], Curve]:
    folder = a_folder(tmp_path, "train", {}, Path(__file__))
    return lambda: Curve(folder)


def test_a_long_curve_is_thinned_and_a_cut_off_end_is_taken_back(tmp_path: Path, curve: Callable[[], Curve]) -> None:
    first = curve()
    for step in range(1, 4 * POINTS):
        first.add("train pose2pics", {"step": step, "seconds": step * 0.5, "l1": 0.1, "gan": 1.0})
    first.write()
    path = next((tmp_path / "jobs").iterdir()) / CURVE
    points = json.loads(path.read_text())["pose2pics"]["steps"]
    assert POINTS / 2 <= len(points) <= POINTS and points[0][0] <= 2 and points[-1][0] > 590
    again = curve()
    again.add("train pose2pics", {"step": 800, "seconds": 400.0, "l1": 0.2, "gan": 1.0, "ssim": 0.5})
    again.write()
    values = json.loads(path.read_text())["pose2pics"]
    assert values["steps"][-1] == [400.0, 0.2, 1.0] and values["held_out"] == [[400.0, 0.5]]
