"""What a worker process may ask of the page while a job runs: things that only the page has and no file may hold.

A socket of this machine, whose address and key the workers inherit as environment variables. Each question is one
connection: (name, arguments) there, (True, answer) or (False, a sentence) back.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Callable, Mapping
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from typing import Any, Final

from posetransfer.errors import PoseTransferError

logger = logging.getLogger(__name__)

ADDRESS: Final = "POSETRANSFER_BACKCHANNEL"
KEY: Final = "POSETRANSFER_BACKCHANNEL_KEY"
PAGE_GONE: Final = "The page that this was begun on is not there any more. Begin it again."


class Backchannel:
    """The page's side. answers: by name, what is called with the arguments of a question; it may raise sentences."""

    def __init__(self, answers: Mapping[str, Callable[..., Any]]) -> None:
        self._answers = dict(answers)
        key = secrets.token_hex(32)
        self._listener = Listener(authkey=bytes.fromhex(key))
        os.environ[ADDRESS], os.environ[KEY] = str(self._listener.address), key
        self._closing = threading.Event()
        threading.Thread(target=self._serve, name="backchannel", daemon=True).start()

    def close(self) -> None:
        """Answer no more."""
        self._closing.set()
        os.environ.pop(ADDRESS, None)
        os.environ.pop(KEY, None)
        self._listener.close()

    def _serve(self) -> None:
        while not self._closing.is_set():
            try:
                connection = self._listener.accept()
            except Exception as error:  # a stranger without the key, or the end
                if not self._closing.is_set():
                    logger.warning("Nobody who may ask was at the backchannel: %s", error)
                continue
            threading.Thread(target=self._answer, args=(connection,), name="backchannel-answer", daemon=True).start()

    def _answer(self, connection: Connection[Any, Any]) -> None:
        with connection:
            try:
                name, arguments = connection.recv()
                connection.send((True, self._answers[name](*arguments)))
            except PoseTransferError as error:
                connection.send((False, str(error)))
            except (EOFError, OSError):
                return  # the worker is gone
            except Exception:  # the worker waits for an answer, whatever happened
                logger.exception("A question of a worker")
                connection.send((False, "Something went wrong inside the page."))


def ask(name: str, *arguments: Any) -> Any:
    """The page's answer. Raises PoseTransferError with its sentence, also where there is no page to ask."""
    address, key = os.environ.get(ADDRESS), os.environ.get(KEY)
    if not address or not key:
        raise PoseTransferError(PAGE_GONE)
    try:
        with Client(address, authkey=bytes.fromhex(key)) as connection:
            connection.send((name, arguments))
            well, answer = connection.recv()
    except (EOFError, OSError, AuthenticationError) as error:
        raise PoseTransferError(PAGE_GONE) from error
    if not well:
        raise PoseTransferError(answer)
    return answer
