"""The worker process of a seat: `python -m space.live.worker`. Pictures and words in by stdin, out by stdout.

What it is told: {"do": "change", "folder", "method"}, {"do": "measure"}, {"do": "record", "path"}, {"do": "keep"},
{"do": "leave"}. What it says: {"ready": true}, {"playing", "method", "runtime"}, {"state"}, {"recording": true},
{"recorded": path, "seconds"}, {"problem"}. It ends when stdin does.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from posetransfer.errors import PoseTransferError
from posetransfer.pipeline.live import LivePerformer
from posetransfer.pipeline.live_driver import Moment
from posetransfer.runtime.openvino import limit_threads
from space.jobs.limits import JobLimits, restrict
from space.live.wire import ASKED, MADE, decode, encode, read_pieces, words
from space.live.worker_parts import Came, Changes, Newest, Recorder, Voice

NICENESS: Final = 2  # after the page, before the jobs


def main() -> None:
    """Perform until stdin ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--memory-mb", type=float, required=True)
    options = parser.parse_args()
    voice = Voice(_private_stdout())
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    with contextlib.suppress(AttributeError, OSError):  # not on Windows
        os.nice(NICENESS)
    limit_threads(options.threads)
    performer = LivePerformer()
    restrict(JobLimits(memory_mb=options.memory_mb))
    pictures, recorder = Newest(), Recorder(voice)
    changes = Changes(performer, voice)
    voice.say(words(ready=True))
    listener = threading.Thread(
        target=_listen,
        args=(sys.stdin.buffer, pictures, performer, changes, recorder, voice),
        name="listener",
        daemon=True,
    )
    listener.start()
    _perform(performer, pictures, recorder, voice)
    recorder.keep()


def _listen(
    stream: BinaryIO, pictures: Newest, performer: LivePerformer, changes: Changes, recorder: Recorder, voice: Voice
) -> None:
    """Take what comes as it comes, so that no picture waits in the pipe for one before it."""
    for message in read_pieces(stream):
        if isinstance(message, bytes):
            pictures.put(message, voice.visit)
            continue
        asked = json.loads(message)
        if asked["do"] == "change":
            changes.wish(asked)
        elif asked["do"] == "record":
            recorder.begin(Path(asked["path"]))
        elif asked["do"] == "keep":
            recorder.keep()
        elif asked["do"] == "measure":
            performer.restart()
        elif asked["do"] == "leave":
            recorder.keep()
            performer.restart()
            voice.leave()
    pictures.end()


def _perform(performer: LivePerformer, pictures: Newest, recorder: Recorder, voice: Voice) -> None:
    said: tuple[int, str] | None = None
    for made in performer.perform(_moments(pictures, voice)):
        came: Came = made.moment.about
        number, sent = ASKED.unpack_from(came.picture)
        picture = b"" if made.frame is None else encode(made.frame)
        voice.say(MADE.pack(number, sent, (time.monotonic() - came.at) * 1e3) + picture, came.visit)
        if (came.visit, made.state) != said:
            said = came.visit, made.state
            voice.say(words(state=made.state), came.visit)
        recorder.write(made)


def _moments(pictures: Newest, voice: Voice) -> Iterator[Moment]:
    for came in pictures:
        try:
            frame = decode(came.picture[ASKED.size :])
        except PoseTransferError as error:
            voice.say(words(problem=str(error)), came.visit)
            continue
        yield Moment(frame, came.at, came)


def _private_stdout() -> BinaryIO:
    """What the page listens to. Descriptor 1 itself becomes stderr: native libraries print there as they like."""
    speak = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return speak


if __name__ == "__main__":
    main()
