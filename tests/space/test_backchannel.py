"""What a worker asks of the page, by a real process at the other end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from posetransfer.errors import HubError
from space.jobs.backchannel import ADDRESS, KEY, PAGE_GONE, Backchannel
from space.visits import SIGN_IN, Visits
from tests.space.conftest import ROOT

ASKS = """
import sys
from posetransfer.errors import PoseTransferError
from space.jobs.backchannel import ask
try:
    print(ask(*sys.argv[1:]))
except PoseTransferError as error:
    print(f"sentence: {error}")
"""


def asked(*words: str, **environment: str) -> str:
    command = [sys.executable, "-c", ASKS, *words]
    own = os.environ | environment
    return subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def visits() -> Visits:
    return Visits()


@pytest.fixture
def channel(visits: Visits) -> Iterator[Backchannel]:
    def fail() -> None:
        raise ValueError("a secret of the page")

    opened = Backchannel({"hub_token": visits.hub_token, "fail": fail})
    yield opened
    opened.close()


def test_a_worker_gets_the_token_of_its_visit_and_of_no_other(visits: Visits, channel: Backchannel) -> None:
    key, other = visits.remember("token-alice"), visits.remember()
    assert asked("hub_token", key) == "token-alice"
    assert asked("hub_token", other) == f"sentence: {SIGN_IN}" == asked("hub_token", "guessed")


def test_what_fails_on_the_page_is_a_sentence_that_tells_nothing(
    channel: Backchannel, caplog: pytest.LogCaptureFixture
) -> None:
    assert asked("fail") == "sentence: Something went wrong inside the page." == asked("no such question")
    assert "a secret of the page" in caplog.text, "whoever runs the page can look it up"
    caplog.clear()


def test_a_stranger_without_the_key_gets_nothing_and_disturbs_nobody(visits: Visits, channel: Backchannel) -> None:
    key = visits.remember("token-alice")
    assert "token-alice" not in asked("hub_token", key, **{KEY: "00" * 32})
    assert asked("hub_token", key) == "token-alice"


def test_without_a_page_it_is_said(channel: Backchannel) -> None:
    address, key = os.environ[ADDRESS], os.environ[KEY]
    channel.close()
    assert asked("hub_token", "any") == f"sentence: {PAGE_GONE}"
    assert asked("hub_token", "any", **{ADDRESS: address, KEY: key}) == f"sentence: {PAGE_GONE}"


def test_old_visits_are_forgotten(visits: Visits) -> None:
    first = visits.remember("token-alice")
    assert visits.hub_token(first) == "token-alice"
    for _ in range(200):
        visits.remember()
    with pytest.raises(HubError):
        visits.hub_token(first)
