"""The live stage of a real page, by a real WebSocket: who gets a seat, what is refused, and that lag cannot grow."""

from __future__ import annotations

import json
import threading
import time
from io import BytesIO
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from posetransfer.video.info import video_info
from space.live.wire import ASKED, MOST_PICTURE, encode, read_pieces
from tests.space.conftest import Page
from tests.space.live_visitor import SOON, hear, made, opened, performing, picture, say, visiting


def refused(connection: ClientConnection) -> str:
    """The sentence with which the server ends a connection."""
    sentence = str(hear(connection, "over")["over"])
    with pytest.raises(ConnectionClosed):
        connection.recv(SOON)
    return sentence


def test_pictures_come_back_made_with_their_numbers(page: Page) -> None:
    with visiting(page.address) as connection:
        assert performing(connection) | {"runtime": "numpy"} == {
            "playing": "ines", "method": "knn", "runtime": "numpy",
        }  # fmt: skip
        connection.send(picture(1))
        assert hear(connection, "state")["state"] == "settling"
        for number in (2, 7):
            connection.send(picture(number))
            answered, sent, shown = made(connection)
            while answered == 1:  # what the first one made may come before its word or after it
                answered, sent, shown = made(connection)
            assert (answered, sent) == (number, 1000.0 * number)
            assert shown is not None and shown.shape == (256, 256, 3)
        say(connection, do="change", target="kofi", method="knn")
        assert hear(connection, "playing")["playing"] == "kofi"
        connection.send(picture(8))
        other = made(connection)[2]
        assert other is not None and np.abs(other.astype(int) - shown).mean() > 10


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", None])
def test_pages_of_other_sites_are_refused(page: Page, origin: str | None) -> None:
    with visiting(page.address, origin) as connection:
        assert refused(connection).startswith("This connection was opened by another site")
    headers = {} if origin is None else {"Origin": origin}
    answer = httpx.post(f"{page.address}/posetransfer/live/seats", headers=headers, timeout=SOON)
    assert answer.status_code == 403 and "another site" in answer.json()["error"]


def test_one_sits_and_the_next_is_told_so_until_the_seat_is_free(page: Page) -> None:
    with visiting(page.address) as first:
        hear(first, "seat")
        with visiting(page.address) as second:
            assert (
                refused(second) == "Somebody else performs live here just now. Press Start again when they are done."
            )
        performing(first)
    end = time.monotonic() + SOON
    while time.monotonic() < end:
        with visiting(page.address) as third:
            message = third.recv(SOON)
            if "seat" in json.loads(message):
                return
    raise AssertionError("the seat did not become free")


def test_junk_is_answered_by_a_sentence_and_hurts_nobody(page: Page) -> None:
    with visiting(page.address) as connection:
        performing(connection)
        bomb = BytesIO()
        Image.new("L", (8_000, 8_000)).save(bomb, "JPEG", quality=1)
        header = ASKED.pack(1, 0.0)
        for junk, sentence in (
            (b"", "does not know"),
            (b"\x00" * 5, "does not know"),
            (header + b"no picture at all", "no JPEG"),
            (header + encode(np.zeros((1500, 20, 3), np.uint8)), "up to 1280 px a side"),
            (header + bomb.getvalue(), "up to 1280 px a side, not 8000x8000"),
            (header + encode(np.zeros((64, 64, 3), np.uint8))[:-200], "no JPEG"),
            (b"\x00" * (MOST_PICTURE + 1), "up to 1024 KB"),
            ("not json", "does not know"),
            ("[]", "does not know"),
            (json.dumps({"do": "dance"}), "does not know"),
            (json.dumps({"do": "leave" * 2000}), "does not know"),
            (json.dumps({"do": "change", "target": "../checkpoints/ines", "method": "knn"}), "no target called"),
            (json.dumps({"do": "change", "target": "ines", "method": "../x"}), "was not made for"),
            (json.dumps({"do": "change", "target": ["ines"], "method": None}), "no target called"),
        ):
            connection.send(junk)
            assert sentence in hear(connection, "problem")["problem"]
        connection.send(picture(99))
        while (answer := made(connection))[0] != 99:
            pass
        assert answer[2] is not None


def test_a_flood_is_thinned_and_what_comes_back_is_new(page: Page) -> None:
    """300 pictures a second come in, far more than can be made: most are passed over, and lag stays that of a few."""
    with visiting(page.address) as connection:
        performing(connection)
        sent = {0: time.monotonic()}
        stop = threading.Event()
        pictures = [picture(number) for number in range(100)]

        def flood() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                sent[number] = time.monotonic()
                connection.send(ASKED.pack(number, 0.0) + pictures[number % 100][ASKED.size :])
                time.sleep(1 / 300)

        flooding = threading.Thread(target=flood)
        flooding.start()
        try:
            answers = [(made(connection)[0], time.monotonic()) for _ in range(60)]
        finally:
            stop.set()
            flooding.join()
        numbers = [number for number, _ in answers]
        assert numbers == sorted(set(numbers)) and numbers[-1] > 2 * len(numbers)
        behind = [at - sent[number] for number, at in answers]
        pace = (answers[-1][1] - answers[0][1]) / len(answers)
        # no more than are at work at once: one waits, one is watched, one is made, one is on its way, and a spare
        assert np.median(behind[-20:]) < 5 * pace


def test_what_is_recorded_can_be_fetched_and_is_a_video(page: Page, tmp_path: Path) -> None:
    with visiting(page.address) as connection:
        performing(connection)
        say(connection, do="record")
        assert hear(connection, "recording")["recording"] is True
        for number in range(1, 8):
            connection.send(picture(number))
            made(connection)
            time.sleep(1.5 / 25)  # as a camera would: of two pictures in one frame's time the later is recorded
        say(connection, do="keep")
        token = hear(connection, "recorded")["recorded"]
    address = f"{page.address}/posetransfer/live/recordings/{token}"
    answer = httpx.get(address, timeout=SOON)
    (tmp_path / "live.mp4").write_bytes(answer.content)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    info = video_info(tmp_path / "live.mp4")
    assert (info.width, info.height, info.fps) == (256, 256, 25) and info.frames is not None and info.frames >= 7
    for nothing in ("0" * 32, "..%2f" + token, "*"):
        where = f"{page.address}/posetransfer/live/recordings/{nothing}"
        assert httpx.get(where, timeout=SOON).status_code == 404


def ask(page: Page, rest: str, data: bytes = b"", kind: str = "application/octet-stream") -> httpx.Response:
    """A plain request of a page of the server."""
    headers = {"Origin": page.address, "Content-Type": kind}
    return httpx.post(f"{page.address}/posetransfer/live/seats{rest}", content=data, headers=headers, timeout=SOON)


def test_plain_requests_do_the_same(page: Page) -> None:
    seat = f"/{ask(page, '').json()['seat']}"
    try:
        wish = json.dumps({"do": "change", "target": "ines", "method": "knn"}).encode()
        assert ask(page, f"{seat}/tell", wish, "application/json").status_code == 204
        end, came = time.monotonic() + SOON, []
        while not any(isinstance(message, bytes) and opened(message)[2] is not None for message in came):
            assert time.monotonic() < end
            ask(page, f"{seat}/tell", picture(5))
            came += read_pieces(BytesIO(ask(page, f"{seat}/hear").content))
        assert any('"playing": "ines"' in message for message in came if isinstance(message, str))
        assert ask(page, f"{seat}/tell", b"x" * (MOST_PICTURE + 1)).status_code == 413
        second = ask(page, "")
        assert second.status_code == 409 and "Somebody else" in second.json()["error"]
    finally:
        ask(page, f"{seat}/tell", b'{"do": "leave"}', "application/json")
    assert list(read_pieces(BytesIO(ask(page, f"{seat}/hear").content))) == ['{"over": null}']
    assert ask(page, f"{seat}/tell", picture(5)).status_code == 204
