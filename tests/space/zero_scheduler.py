"""What lends GPUs on ZeroGPU, on loopback: the four requests that the real `spaces` client makes of it.

A lent GPU isn't there, so the client's fork fails when it wakes CUDA: the way to there is real, and so is a refusal.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Scheduler:
    """lends: whether a GPU is lent, or the quota is used up; asked: (path, query) of each request."""

    address: str = ""
    lends: bool = False
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)

    def queries(self, path: str) -> list[dict[str, list[str]]]:
        return [query for asked, query in self.asked if asked == path]


@contextmanager
def scheduler() -> Iterator[Scheduler]:
    """One that runs for the block."""
    state = Scheduler()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            split = urlsplit(self.path)
            state.asked.append((split.path, parse_qs(split.query)))
            if split.path != "/schedule":
                self._answer(200, {})
            elif state.lends:
                self._answer(200, {"idle": False, "nvidiaIndex": 0, "nvidiaUUID": "GPU-0", "allowToken": "allowed"})
            else:
                self._answer(429, {"left": 3, "wait": 3600})

        def do_GET(self) -> None:
            state.asked.append((urlsplit(self.path).path, {}))
            self._answer(404, {})

        def _answer(self, status: int, value: Any) -> None:
            content = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
