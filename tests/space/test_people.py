"""Whose page it is, on a machine of one's own, on a shared one and on a Space."""

from __future__ import annotations

from dataclasses import replace

import pytest

from space.people import can_sign_in, may_change
from space.settings import Settings

ALICE = {"preferred_username": "alice", "sub": "1"}
BOB = {"preferred_username": "bob", "sub": "2"}


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("SPACE_ID", "SPACE_AUTHOR_NAME", "SPACE_CREATOR_USER_ID", "POSETRANSFER_OWNERS", "OAUTH_CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    return replace(Settings.from_environment(), hosted=False, shared=False)


def test_one_s_own_machine_is_one_s_own_and_a_shared_one_nobody_s(plain: Settings) -> None:
    assert may_change(plain, None)
    assert not may_change(replace(plain, shared=True), None)
    assert not may_change(replace(plain, shared=True), ALICE), "nobody signs in there: the profile is made up"


def test_a_space_belongs_to_its_account(plain: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    hosted = replace(plain, hosted=True, shared=True)
    assert not may_change(hosted, None) and not may_change(hosted, ALICE)
    monkeypatch.setenv("SPACE_AUTHOR_NAME", "alice")
    assert may_change(hosted, ALICE) and not may_change(hosted, BOB) and not may_change(hosted, None)


def test_a_space_of_an_organisation_belongs_to_its_creator_and_to_those_named(
    plain: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted = replace(plain, hosted=True, shared=True)
    monkeypatch.setenv("SPACE_AUTHOR_NAME", "club")
    monkeypatch.setenv("SPACE_CREATOR_USER_ID", "2")
    assert may_change(hosted, BOB) and not may_change(hosted, ALICE)
    monkeypatch.setenv("POSETRANSFER_OWNERS", "carol, alice")
    assert may_change(hosted, ALICE)
    monkeypatch.setenv("POSETRANSFER_OWNERS", "")
    assert not may_change(hosted, {"preferred_username": "", "sub": ""}), "an empty name is nobody's"


def test_signing_in_is_offered_where_it_works(plain: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not can_sign_in()
    monkeypatch.setenv("OAUTH_CLIENT_ID", "x")
    assert not can_sign_in(), "outside a Space gradio would want this machine's own token"
    monkeypatch.setenv("SPACE_ID", "alice/space")
    assert can_sign_in()
