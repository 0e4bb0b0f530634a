"""Who may open a live connection: pages of this server, and no other that a visitor's browser happens to show.

A browser lets any page open a WebSocket to any server, and sends along where the page came from.
"""

from __future__ import annotations

import os
from typing import Final
from urllib.parse import urlsplit

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
FOREIGN = "This connection was opened by another site, and only pages of this server may. Open the page itself."


def own_origin(origin: str | None, host: str | None, shared: bool) -> bool:
    """Whether the header Origin names a page of this server. host: the header Host; shared: whether others than this
    machine's user may come.

    Where only this machine's user may come, the page is on localhost: a name that leads to this machine could have
    been made to do so by somebody else's name server (DNS rebinding). On a Space the proxy's name counts too.
    """
    try:
        asked = urlsplit(origin or "")
        name = asked.hostname
    except ValueError:
        return False
    if asked.scheme not in ("http", "https") or not name:
        return False
    if name in LOOPBACK or name == os.environ.get("SPACE_HOST"):
        return True
    return shared and asked.netloc == host
