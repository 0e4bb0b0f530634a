"""One visitor's place on the live stage: what they send goes to the worker, what it says waits for them."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from posetransfer.errors import PoseTransferError
from space.live.process import LiveProcess
from space.live.wire import Message, words
from space.requested import chosen_target

SILENCE: Final = 30.0  # seconds without a word of either side, or a picture, after which a seat is free again
LAST_WORDS: Final = 1.0  # seconds to finish a recording when the visitor's time is up, and to say so
MOST_SAID: Final = 100  # words that wait for a visitor who does not listen
MOST_MADE: Final = 2  # pictures that do
TIME_IS_UP = "Your {seconds:.0f} s on this stage are over; others may be waiting. Press Start for another turn."
AWAY = "Nothing came from your camera for a while, so the seat was given back. Press Start to go on."
BROKEN = "The process that makes the pictures ended. Press Start again."
UNKNOWN = "The live page sent something that this server does not know. Reload the page."


class Seat:
    """Belongs to the event loop in which it is made. seconds: what it lasts, None without end; freed: is told when
    the visitor has left; next_recording: gives the path for one.

    token: what the visitor's later requests are known by. Of pictures that wait for the visitor the newest are kept.
    """

    def __init__(
        self,
        process: LiveProcess,
        seconds: float | None,
        freed: Callable[[Seat], None],
        next_recording: Callable[[], Path],
    ) -> None:
        self.token = secrets.token_hex(16)
        self.process = process
        self.left = False
        self.begun = self._last_word = time.monotonic()
        self._seconds, self._freed, self._next_recording = seconds, freed, next_recording
        self._loop = asyncio.get_running_loop()
        self._said: deque[str] = deque(maxlen=MOST_SAID)
        self._made: deque[bytes] = deque(maxlen=MOST_MADE)
        self._came = asyncio.Event()
        process.listen(self._overhear)
        self._tell(words(seat=self.token, seconds=seconds))
        self._watching = self._loop.create_task(self._watch())

    @property
    def seconds_left(self) -> float | None:
        """Until it is free at the latest."""
        return None if self._seconds is None else self.begun + self._seconds - time.monotonic()

    def picture(self, data: bytes) -> None:
        """A picture of the visitor's camera, with its header."""
        self._last_word = time.monotonic()
        if not self.left:  # else the worker may be another visitor's by now
            self.process.show(data)

    def word(self, content: dict[str, Any]) -> None:
        """What the visitor's page asks for. Raises sentences."""
        self._last_word = time.monotonic()
        if self.left:
            return
        do = content.get("do")
        if do == "change":
            method = str(content.get("method"))
            summary = chosen_target(content.get("target"), method)
            self.process.say(words(do=do, folder=str(summary.folder), method=method, name=summary.name))
        elif do == "record":
            self.process.say(words(do=do, path=str(self._next_recording())))
        elif do in ("keep", "measure"):
            self.process.say(words(do=do))
        elif do == "leave":
            self.leave()
        else:
            raise PoseTransferError(UNKNOWN)

    async def heard(self, timeout: float | None = None) -> list[Message]:
        """What came for the visitor, at least one message; none when the seat is given up or `timeout` s are over."""
        try:
            await asyncio.wait_for(self._came.wait(), timeout)
        except TimeoutError:
            return []
        if not self.left:
            self._came.clear()
        messages: list[Message] = [*self._said, *self._made]
        self._said.clear()
        self._made.clear()
        return messages

    def complain(self, sentence: str) -> None:
        """Tell the visitor what could not be done."""
        self._tell(words(problem=sentence))

    def leave(self, sentence: str | None = None) -> None:
        """Give the seat up. sentence: what the visitor is told."""
        if self.left:
            return
        self.left = True
        self._watching.cancel()
        self._tell(words(over=sentence))
        self._freed(self)

    def _tell(self, message: Message) -> None:
        if isinstance(message, str):
            self._said.append(message)
        else:
            self._made.append(message)
        self._came.set()

    def _overhear(self, message: Message | None) -> None:
        """In a thread of the worker's."""
        self._loop.call_soon_threadsafe(self._received, message)

    def _received(self, message: Message | None) -> None:
        """Something from the worker; None when it has ended."""
        if message is None:
            self.leave(BROKEN)
        elif not self.left:
            if isinstance(message, str):
                self._last_word = time.monotonic()  # who waits while something is loaded is not away
            self._tell(_addressed(message))

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            if self.seconds_left is not None and self.seconds_left <= 0:
                self.process.say(words(do="keep"))
                await asyncio.sleep(LAST_WORDS)
                self.leave(TIME_IS_UP.format(seconds=self._seconds))
            elif time.monotonic() - self._last_word > SILENCE:
                self.leave(AWAY)


def _addressed(message: Message) -> Message:
    """A worker's word as the visitor gets it: a recording by its token, not its path."""
    if isinstance(message, bytes) or '"recorded"' not in message:
        return message
    content = json.loads(message)
    if content["recorded"] is not None:
        content["recorded"] = Path(content["recorded"]).stem
    return words(**content)
