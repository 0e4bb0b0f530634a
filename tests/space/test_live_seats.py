"""Seats that end by themselves, with a real worker behind them; and that nothing of one visitor reaches the next."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from space.live import seat as seats
from space.live import stage as stages
from space.live.routes import live_routes
from space.live.seat import Seat
from space.live.stage import SeatTaken, Stage
from space.settings import Settings
from tests.space.live_visitor import SOON, picture


@pytest.fixture
def hosted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A Space's stage with one seat that lasts two seconds."""
    monkeypatch.setattr(stages, "HOSTED_SECONDS", 2.0)
    left = tmp_path / "live" / "of-a-killed-page.mp4"
    left.parent.mkdir()
    left.touch()
    settings = replace(Settings.from_environment(), hosted=True, shared=True, root=tmp_path / "jobs")
    stage = Stage(settings, seats=1)
    assert not left.exists()
    yield stage
    stage.close()
    assert not left.parent.exists()
    workers = [child for child in psutil.Process().children() if "space.live.worker" in child.cmdline()]
    assert not workers, "a closed stage leaves no worker"


async def last_words(seat: Seat) -> str:
    """The sentence with which a seat ends."""
    while True:
        for message in await asyncio.wait_for(seat.heard(), SOON):
            if isinstance(message, str) and "over" in (content := json.loads(message)):
                return str(content["over"])


def test_a_turn_ends_after_its_time_and_the_next_waits_for_that(hosted: Stage) -> None:
    async def two_turns() -> None:
        first = hosted.take()
        with pytest.raises(SeatTaken, match=r"Somebody else performs live here just now, for [12] s at most"):
            hosted.take()
        assert (await last_words(first)).startswith("Your 2 s on this stage are over")
        assert hosted.seat(first.token) is None
        second = hosted.take()
        assert second.process is first.process, "the worker is kept for the next"
        second.leave()

    asyncio.run(two_turns())


def test_the_sentence_comes_also_while_pictures_flow(hosted: Stage) -> None:
    own = {"Origin": "http://localhost"}
    with (
        TestClient(Starlette(routes=live_routes(hosted))) as browser,
        browser.websocket_connect("/posetransfer/live", headers=own) as connection,
    ):
        stop = threading.Event()

        def flow() -> None:
            while not stop.wait(0.01):
                connection.send_bytes(picture(1))

        flowing = threading.Thread(target=flow)
        flowing.start()
        try:
            said: list[str] = []
            while (message := connection.receive())["type"] == "websocket.send":
                said += [message["text"]] if message.get("text") else []
        finally:
            stop.set()
            flowing.join()
    assert "Your 2 s on this stage are over" in said[-1]


def test_who_is_away_loses_the_seat(hosted: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "SILENCE", 0.5)

    async def away() -> str:
        return await last_words(hosted.take())

    hosted.seconds = SOON
    assert asyncio.run(away()).startswith("Nothing came from your camera for a while")


def test_a_worker_that_dies_is_said_and_replaced(hosted: Stage) -> None:
    async def die() -> None:
        hosted.seconds = SOON
        seat = hosted.take()
        seat.process._process.kill()
        assert (await last_words(seat)).startswith("The process that makes the pictures ended")
        other = hosted.take()
        assert other.process is not seat.process and other.process.alive
        other.leave()

    asyncio.run(die())


def test_pictures_of_one_visitor_never_reach_the_next(hosted: Stage) -> None:
    async def two_visitors() -> list[bytes]:
        hosted.seconds = SOON
        first = hosted.take()
        first.word({"do": "change", "target": "ines", "method": "knn"})
        while not any(isinstance(message, str) and "playing" in message for message in await first.heard()):
            pass
        for number in range(1, 6):
            first.picture(picture(number))
            await asyncio.sleep(0.01)
        first.leave()
        second = hosted.take()
        assert second.process is first.process
        first.picture(picture(66))
        first.word({"do": "record"})
        second.picture(picture(77))
        heard: list[bytes] = []
        while not heard:
            heard += [message for message in await second.heard() if isinstance(message, bytes)]
        second.leave()
        return heard

    assert all(int.from_bytes(message[:4], "little") == 77 for message in asyncio.run(two_visitors()))
