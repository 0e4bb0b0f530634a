"""The Targets tab's handlers: they answer with sentences, and change nothing for strangers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from posetransfer.checkpoints.lookup import target_names
from space.errands import Errands
from space.requested import Services
from space.settings import Settings
from tests.made_targets import write_a_target
from tests.space.test_trainings import Desk

PUBLISH = {
    "do": "publish", "name": "anna", "to": "alice/anna", "consent": "This is me, and I agree.", "licence": "cc0-1.0",
    "public": True,
}  # fmt: skip


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSETRANSFER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GRADIO_SERVER_NAME", raising=False)
    write_a_target(tmp_path / "home" / "targets" / "anna")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def errands(desk: Desk) -> Errands:
    return Errands(Services(Settings.from_environment(), desk))  # type: ignore[arg-type]


def shelf_of(values: dict[str, Any]) -> dict[str, list[str]]:
    return {target["name"]: target["can"] for target in values["targets"]}


def test_what_can_be_done_depends_on_whose_it_is(desk: Desk) -> None:
    shelf = shelf_of(errands(desk).shelf())
    assert shelf["anna"] == ["rename", "publish", "remove"] and shelf["ines"] == []
    anna = next(target for target in errands(desk).shelf()["targets"] if target["name"] == "anna")
    assert anna["footage"] and anna["licence"] == "ask-the-person-shown" and anna["card"][0] == ["h4", "anna"]


def test_renamed_removed_and_refused(desk: Desk) -> None:
    tab = errands(desk)
    assert tab.act({"act": {"do": "rename", "name": "anna", "to": "ines"}}, "me")["problem"].startswith("There is a")
    assert tab.act({"act": {"do": "rename", "name": "anna", "to": "berta"}}, "me")["said"] == (
        "anna is called berta now."
    )
    assert tab.act({"act": {"do": "remove", "name": "../../anna"}}, "me")["problem"]
    assert tab.act({"act": {"do": "remove", "name": "berta"}}, "me")["said"] == "berta is removed."
    assert "berta" not in target_names()
    assert tab.act(None, "me")["problem"] == "" and tab.act({"act": {"do": "else"}}, "me")["said"] == ""


def test_publishing_is_a_job_and_needs_a_word_on_consent(desk: Desk) -> None:
    tab = errands(desk)
    assert tab.act({"act": {**PUBLISH, "consent": "ok"}}, "me")["problem"].startswith("Say in a sentence who is shown")
    assert "does not name a target" in tab.act({"act": {**PUBLISH, "to": "anna"}}, "me")["problem"]
    assert not desk.handed
    assert tab.act({"act": PUBLISH}, "me")["token"] == "token"
    kind, arguments, _ = desk.handed[0]
    assert kind == "push" and arguments["to"] == "alice/anna" and arguments["private"] is False


@pytest.mark.parametrize("place", [{"SPACE_ID": "alice/space"}, {"GRADIO_SERVER_NAME": "0.0.0.0"}])
def test_strangers_change_nothing_and_use_nobody_s_token(
    desk: Desk, place: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in place.items():
        monkeypatch.setenv(name, value)
    tab = errands(desk)
    assert not any(shelf_of(tab.shelf()).values())
    for act in (PUBLISH, {"do": "remove", "name": "anna"}, {"do": "rename", "name": "anna", "to": "eve"}):
        assert "belongs to somebody else" in tab.act({"act": act}, "me")["problem"]
    assert "belongs to somebody else" in tab.pull({"offer": {"reference": "alice/anna"}}, "me")["problem"]
    assert not desk.handed and "anna" in target_names()


def test_featured_targets_are_listed_without_asking_a_hub(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert errands(desk).featured() == {}, "there are none yet"
    mine, target = tmp_path / "featured.json", f"alice/anna@{'0' * 40}"
    monkeypatch.setenv("POSETRANSFER_FEATURED", str(mine))
    mine.write_text(f'[{{"target": "{target}", "title": "Anna", "licence": "cc0-1.0"}}]')
    assert errands(desk).featured() == {"found": [{"name": target, "title": "Anna", "licence": "cc0-1.0"}]}
    mine.write_text("{")
    assert "cannot be read" in errands(desk).featured()["problem"]
