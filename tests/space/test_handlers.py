"""What the page does when its visitor does something: values for the page, sentences, and no exception."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from posetransfer.checkpoints import lookup
from posetransfer.checkpoints.folder import PREVIEW
from posetransfer.pipeline.options import TransferOptions
from space import messages
from space.handlers import AUTOMATIC, Handlers, interpolation
from space.targets import SIDE
from tests.space.open_jobs import at_end
from tests.space.page_parts import damaged_targets, services, write_target

CHOICES: dict[str, Any] = {
    "mirror": False, "sound": True, "canvas": "square", "interpolate": AUTOMATIC, "keyframe_every": AUTOMATIC,
    "align": AUTOMATIC, "smooth": "one-euro", "fill": "time", "retarget": "on", "metric": "joints", "k": 1,
    "combine": "path", "threshold": "", "contours": "dlib68", "pose": "mediapipe", "runtime": "auto",
}  # fmt: skip


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of targets: "anna" has k-NN and pose2pics, "ben" pics2pics."""
    monkeypatch.setenv("POSETRANSFER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(lookup, "BUNDLED", tmp_path / "bundled")
    place = tmp_path / "home" / "targets"
    write_target(place / "anna", "knn", "pose2pics", size=512)
    write_target(place / "ben", "pics2pics")
    return place


@pytest.fixture
def handlers(own: Path, tmp_path: Path) -> Iterator[Handlers]:
    with services(tmp_path / "jobs") as page:
        yield Handlers(page)


@pytest.fixture
def driving(tmp_path: Path) -> str:
    path = tmp_path / "dance.mp4"
    path.write_text("a person")
    return str(path)


def begin(handlers: Handlers, driving: str | None, *, target: str | None = "anna", method: str | None = "knn",
          look: dict[str, Any] | None = None, **choices: Any) -> dict[str, Any]:  # fmt: skip
    targets = handlers.targets(None) | {"chosen": target}
    return handlers.begin(driving, look, targets, {"chosen": method}, "key", *(CHOICES | choices).values())


def asked_for(handlers: Handlers, begun: dict[str, Any]) -> TransferOptions:
    """The options of the job that was begun."""
    assert "problem" not in begun
    result = at_end(handlers.services.jobs, begun["token"])["result"]
    return TransferOptions.from_json(result["arguments"]["options"])


def test_targets_are_cards_and_the_choice_is_kept(handlers: Handlers) -> None:
    first = handlers.targets(None)
    assert [(card["value"], card["text"]) for card in first["options"]] == [
        ("anna", "k-NN, pose2pics · 512 px"), ("ben", "pics2pics · 256 px"),
    ]  # fmt: skip
    assert first["chosen"] == "anna" and first["empty"] == messages.NO_TARGETS
    assert handlers.targets({"chosen": "ben"})["chosen"] == "ben"
    assert handlers.targets({"chosen": "deleted"})["chosen"] == "anna"


def test_damaged_targets_are_left_out(handlers: Handlers, own: Path) -> None:
    damaged_targets(own)
    assert [card["value"] for card in handlers.targets(None)["options"]] == ["anna", "ben", "whole"]


def test_a_target_is_seen_small_and_a_damaged_picture_not_at_all(handlers: Handlers, own: Path) -> None:
    assert handlers.targets(None)["options"][0]["picture"] is None
    cv2.imwrite(str(own / "anna" / PREVIEW), np.full((512, 256, 3), (20, 20, 200), np.uint8))
    (own / "ben" / PREVIEW).write_text("no picture")
    anna, ben = (card["picture"] for card in handlers.targets(None)["options"])
    assert anna.startswith("data:image/jpeg;base64,") and len(anna) < 20_000 and ben is None
    cv2.imwrite(str(own / "anna" / PREVIEW), np.full((SIDE, SIDE, 3), 255, np.uint8))
    assert handlers.targets(None)["options"][0]["picture"] != anna, "a new picture is shown"


def test_without_targets_the_page_says_how_to_get_one(handlers: Handlers, own: Path, driving: str) -> None:
    own.rename(own.with_name("elsewhere"))
    targets = handlers.targets({"chosen": "anna"})
    assert targets["options"] == [] and targets["chosen"] is None
    assert handlers.begin(driving, None, targets, {"chosen": "knn"}, "", *CHOICES.values()) == {
        "token": None,
        "problem": messages.NO_TARGETS,
    }


@pytest.mark.parametrize(
    ("target", "before", "off", "chosen"),
    [
        ("anna", None, ["pics2pics"], "pose2pics"),
        ("anna", "knn", ["pics2pics"], "knn"),
        ("anna", "pics2pics", ["pics2pics"], "pose2pics"),
        ("ben", "knn", ["knn", "pose2pics"], "pics2pics"),
        (None, "knn", [], "knn"),
        ("deleted", None, [], "pose2pics"),
    ],
)
def test_methods_that_a_target_lacks_are_off(
    handlers: Handlers, target: str | None, before: str | None, off: list[str], chosen: str
) -> None:
    methods = handlers.methods({"chosen": target}, {"chosen": before} if before else None)
    assert [method["value"] for method in methods["options"]] == ["knn", "pose2pics", "pics2pics"]
    assert [method["value"] for method in methods["options"] if method["off"]] == off
    assert {method["off"] for method in methods["options"]} <= {None, messages.NOT_LEARNED}
    assert methods["chosen"] == chosen and chosen not in off


def test_nothing_begins_without_a_driving_video_a_target_and_a_method(handlers: Handlers, driving: str) -> None:
    for begun, sentence in (
        (begin(handlers, None), messages.NO_DRIVING),
        (begin(handlers, driving, target=None), messages.NO_TARGET),
        (begin(handlers, driving, method=None), messages.NO_METHOD),
        (begin(handlers, driving, target="deleted"), "There is no target called deleted here. Pick one of the cards."),
        (begin(handlers, driving, method="pics2pics"), "anna was not made for pics2pics. It has: knn, pose2pics."),
        (begin(handlers, driving, threshold="much"), "--threshold is a number, not 'much'."),
        (begin(handlers, driving, threshold="-1"), "--threshold is a number from 0"),
        (begin(handlers, driving, look={"start": 3.0, "end": 2.0}), "--end (2.0 s) must come after"),
        (begin(handlers, driving + ".gone"), "The driving video is not here any more. Choose it again."),
    ):
        assert begun["token"] is None and begun["problem"].startswith(sentence)
    assert handlers.services.jobs.of_visitor("key") == []


def test_what_is_chosen_is_what_is_made(handlers: Handlers, driving: str) -> None:
    look = {"start": 1.5, "end": 4.0, "person_at": [12, 34], "facts": {"frames": 75}}
    begun = begin(
        handlers, driving, method="pose2pics", look=look, mirror=True, sound=False, canvas="full", interpolate="4",
        keyframe_every="2", align="first", smooth="kalman", fill="median", retarget="off", metric="angles", k=3,
        combine="mean", threshold=" 0.5 ", contours="facemesh", pose="openpose", runtime="torch",
    )  # fmt: skip
    assert asked_for(handlers, begun) == TransferOptions(
        "pose2pics", 1.5, 4.0, None, (12.0, 34.0), True, "full", "first", 4, 2, "kalman", "median", False, 0.5, 3,
        "mean", "angles", False, True, True, "openpose", "facemesh", "torch",
    )  # fmt: skip
    assert at_end(handlers.services.jobs, begun["token"])["result"]["arguments"]["frames"] == 75
    assert [job["token"] for job in handlers.services.jobs.of_visitor("key")] == [begun["token"]]


def test_what_is_left_alone_is_automatic(handlers: Handlers, driving: str) -> None:
    assert asked_for(handlers, begin(handlers, driving)) == TransferOptions(
        "knn", keyframe_every=3, side_by_side=True, views=True
    )


def test_automatic_interpolation() -> None:
    assert interpolation("knn", AUTOMATIC, AUTOMATIC) == (1, 3)
    for network in ("pose2pics", "pics2pics"):
        assert interpolation(network, AUTOMATIC, AUTOMATIC) == (2, 1)
    for method in messages.METHOD_TITLES:
        assert interpolation(method, "1", AUTOMATIC) == interpolation(method, AUTOMATIC, "1") == (1, 1)
        assert interpolation(method, "4", AUTOMATIC) == (4, 1)
        assert interpolation(method, AUTOMATIC, "5") == (1, 5)
        assert interpolation(method, "2", "3") == (2, 3)


def test_a_look_is_begun_or_says_why_not(handlers: Handlers, driving: str) -> None:
    nothing = handlers.look(None, "key")
    assert nothing["token"] is None and "problem" not in nothing
    look = handlers.look_again(driving, {"start": 2, "end": None, "person_at": [5, 6]}, "key")
    assert (look["start"], look["end"], look["person_at"], look["facts"]) == (2.0, None, [5, 6], None)
    assert at_end(handlers.services.jobs, look["token"])["result"]["arguments"]["person_at"] == [5, 6]
    assert handlers.look(driving + ".gone", "key")["problem"].endswith("Choose it again.")


def test_how_long_it_will_take(handlers: Handlers) -> None:
    seen, anna, knn = {"facts": {"frames": 300}}, {"chosen": "anna"}, {"chosen": "knn"}
    words = handlers.estimate(seen, anna, knn, AUTOMATIC, AUTOMATIC)
    expected = handlers.services.jobs.expected("knn", 512, 300)
    assert words.startswith(f"About {round(sum(expected.values()))} s for 300 pictures: ")
    assert f"{round(expected['poses'])} s to watch the driver" in words and "before yours" not in words
    longer = handlers.estimate(seen, anna, {"chosen": "pose2pics"}, "8", AUTOMATIC)
    assert longer != handlers.estimate(seen, anna, {"chosen": "pose2pics"}, "1", AUTOMATIC)


def test_nothing_is_said_that_is_not_known(handlers: Handlers) -> None:
    seen, anna, knn = {"facts": {"frames": 300}}, {"chosen": "anna"}, {"chosen": "knn"}
    for look, target, method in (
        (None, anna, knn), ({}, anna, knn), ({"facts": None}, anna, knn), ({"facts": {}}, anna, knn),
        (seen, {"chosen": None}, knn), (seen, {"chosen": "deleted"}, knn), (seen, anna, {"chosen": None}),
    ):  # fmt: skip
        assert handlers.estimate(look, target, method, AUTOMATIC, AUTOMATIC) == ""


def test_estimates_in_words() -> None:
    stages = {"poses": 80.0, "load": 0.1, "make": 600.0}
    words = "About 11 min for 900 pictures: 80 s to watch the driver, 1 s to load the target, 10 min to make them."
    assert messages.estimate(stages, 900, 0) == words
    assert messages.estimate(stages, 900, 1) == words + " One job is before yours."
    assert messages.estimate(stages, 900, 7) == words + " 7 jobs are before yours."
