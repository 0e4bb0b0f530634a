"""What a seat's worker consists of: its voice, the newest picture, the recording under way, and what loads targets."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from posetransfer.checkpoints.folder import CONFIG, open_checkpoint
from posetransfer.errors import PoseTransferError
from posetransfer.pipeline.live import LivePerformer, Made
from posetransfer.pipeline.live_recording import LiveRecording
from space.live.wire import LEFT, Message, piece, words

logger = logging.getLogger(__name__)

MOST_RECORDED: Final = 600.0  # seconds
BUG = "Something went wrong inside posetransfer. Press Start again."


class Voice:
    """Says things to the page, from any thread, one message at a time and whole.

    visit: which visitor is spoken to. What is still made of an earlier one's pictures is not said.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.visit = 0
        self._stream, self._lock = stream, threading.Lock()

    def say(self, message: Message, visit: int | None = None) -> None:
        """Say it, unless it is for an earlier visitor."""
        with self._lock, contextlib.suppress(OSError):  # the page is gone; stdin's end says so too
            if visit in (None, self.visit):
                self._stream.write(piece(message))
                self._stream.flush()

    def leave(self) -> None:
        """The visitor is gone."""
        self.visit += 1
        self.say(LEFT)


class Came(NamedTuple):
    """A picture with its header, when it came (s), and from which visitor."""

    picture: bytes
    at: float
    visit: int


class Newest:
    """Holds the newest picture that came; those it replaces are never looked at, so that lag cannot grow."""

    def __init__(self) -> None:
        self._item: Came | None = None
        self._ended = False
        self._came = threading.Condition()

    def put(self, picture: bytes, visit: int) -> None:
        """A picture with its header, just in."""
        with self._came:
            self._item = Came(picture, time.monotonic(), visit)
            self._came.notify()

    def end(self) -> None:
        """No more will come."""
        with self._came:
            self._ended = True
            self._came.notify()

    def __iter__(self) -> Iterator[Came]:
        """Each picture that is still the newest when it is asked for."""
        while True:
            with self._came:
                self._came.wait_for(lambda: self._item is not None or self._ended)
                item, self._item = self._item, None
            if item is None:
                return
            yield item


class Recorder:
    """The recording under way, if there is one. Frames come from one thread, the visitor's word from another."""

    def __init__(self, voice: Voice) -> None:
        self._voice, self._lock = voice, threading.Lock()
        self._recording: LiveRecording | None = None

    def begin(self, path: Path) -> None:
        """Record from the next frame on."""
        self.keep()
        with self._lock:
            self._recording = LiveRecording(path)
        self._voice.say(words(recording=True))

    def write(self, made: Made) -> None:
        """Add a frame, if there is a recording."""
        with self._lock:
            recording = self._recording
            if recording is None or made.frame is None:
                return
            try:
                recording.write(made.frame, made.moment.seconds, made.method)
            except PoseTransferError as error:
                recording.discard()
                self._recording = None
                self._voice.say(words(problem=str(error), recording=False))
                return
        if recording.seconds > MOST_RECORDED:
            self.keep()

    def keep(self) -> None:
        """End the recording and say where it lies."""
        with self._lock:
            recording, self._recording = self._recording, None
            if recording is None:
                return
            try:
                path = recording.finish()
            except PoseTransferError as error:
                self._voice.say(words(problem=str(error), recording=False))
                return
        self._voice.say(words(recorded=None if path is None else str(path), seconds=recording.seconds))


class Changes:
    """Loads what is asked for, in a thread of its own: what performs goes on meanwhile. The newest wish counts."""

    def __init__(self, performer: LivePerformer, voice: Voice) -> None:
        self._performer, self._voice = performer, voice
        self._wish: dict[str, Any] | None = None
        self._loaded: tuple[object, ...] = ()
        self._runtime = ""
        self._came = threading.Condition()
        threading.Thread(target=self._serve, name="changes", daemon=True).start()

    def wish(self, wish: dict[str, Any]) -> None:
        """Perform as another target, or by another method, as soon as that is loaded."""
        with self._came:
            self._wish = wish
            self._came.notify()

    def _serve(self) -> None:
        while True:
            with self._came:
                self._came.wait_for(lambda: self._wish is not None)
                wish, self._wish = self._wish, None
            assert wish is not None
            try:
                self._load(Path(wish["folder"]), wish["method"])
            except PoseTransferError as error:
                self._voice.say(words(problem=str(error)))
            except Exception:  # the border: whatever loading raises must reach the visitor as a sentence
                logger.exception("Loading %s", wish)
                self._voice.say(words(problem=BUG))
            else:
                self._voice.say(words(playing=wish["name"], method=wish["method"], runtime=self._runtime))

    def _load(self, folder: Path, method: str) -> None:
        """Load it, unless it is what performs: the next visitor mostly wants the same."""
        config = folder / CONFIG
        wanted = folder, method, config.stat().st_mtime_ns if config.is_file() else None
        if wanted != self._loaded:
            self._runtime = self._performer.change(open_checkpoint(folder), method)
            self._loaded = wanted
