"""A visitor of the live stage who is no browser: messages as a browser sends them, over a real WebSocket."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import cv2
import numpy as np
from websockets.sync.client import ClientConnection, connect

from posetransfer.types import Frame
from space.live.wire import ASKED, MADE, encode
from tests.performers import KOFI, frame

SOON = 60.0  # s: a worker starts, on a machine that may have much else to do


@contextmanager
def visiting(address: str, origin: str | None = "own") -> Iterator[ClientConnection]:
    """A connection of a page of `origin`, by default the server's own."""
    socket = address.replace("http", "ws") + "/posetransfer/live"
    headers = {} if origin is None else {"Origin": address if origin == "own" else origin}
    with connect(socket, additional_headers=headers, open_timeout=SOON, max_size=2**22) as connection:
        yield connection


def picture(number: int, of: Frame | None = None) -> bytes:
    """A message with a picture of a dancer, sent at second `number`."""
    return ASKED.pack(number, 1000.0 * number) + encode(frame(KOFI, 150 + number % 100) if of is None else of)


def say(connection: ClientConnection, **content: Any) -> None:
    connection.send(json.dumps(content))


def hear(connection: ClientConnection, name: str, seconds: float = SOON) -> dict[str, Any]:
    """Wait for words in which `name` stands; gives them."""
    end = time.monotonic() + seconds
    while True:
        message = connection.recv(end - time.monotonic())
        if isinstance(message, str) and name in (content := json.loads(message)):
            return dict(content)


def made(connection: ClientConnection, seconds: float = SOON) -> tuple[int, float, Frame | None]:
    """Wait for a made picture: its number, the time it was sent with, and itself."""
    end = time.monotonic() + seconds
    while True:
        message = connection.recv(end - time.monotonic())
        if isinstance(message, bytes):
            return opened(message)


def opened(message: bytes) -> tuple[int, float, Frame | None]:
    """What a message with a made picture holds."""
    number, sent, _ = MADE.unpack_from(message)
    jpeg = np.frombuffer(message[MADE.size :], np.uint8)
    shown = np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR_RGB), np.uint8) if len(jpeg) else None
    return number, sent, shown


def performing(connection: ClientConnection) -> dict[str, Any]:
    """Have ines perform by k-NN; gives what the server says when she does."""
    say(connection, do="change", target="ines", method="knn")
    return hear(connection, "playing")
