"""What is known of the visitors behind jobs, in memory only: their requests, and the tokens they signed in with.

A job's file names its visit by a key, which leads nowhere once the page is closed.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from typing import Any, Final

from gradio.context import LocalContext

from posetransfer.errors import HubError

MOST: Final = 200  # visits remembered; older ones are forgotten
SIGN_IN: Final = "You are not signed in any more. Sign in again, then repeat this."


class Visits:
    """By key. A request is what a borrowed GPU is charged by; a hub's token goes nowhere but to the Hub."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[Any, str | None]] = OrderedDict()
        self._changing = threading.Lock()

    def remember(self, hub_token: str | None = None) -> str:
        """Keep what is known of the visitor whose request is being answered; gives the key."""
        key = secrets.token_hex(16)
        with self._changing:
            self._known[key] = (LocalContext.request.get(None), hub_token)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return key

    def request(self, key: str) -> Any:
        """The gradio request of a visit; None if it is forgotten."""
        return self._known.get(key, (None, None))[0]

    def hub_token(self, key: str) -> str:
        """The token that the visitor signed in with. Raises HubError."""
        token = self._known.get(key, (None, None))[1]
        if token is None:
            raise HubError(SIGN_IN)
        return token
