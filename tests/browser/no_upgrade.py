"""A proxy as some networks have it: it passes everything on but refuses every WebSocket."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

REFUSAL = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@contextmanager
def refusing_upgrades(address: str) -> Iterator[str]:
    """The address of such a proxy before the server at `address`, for the block."""
    server = urlsplit(address)

    class Passing(socketserver.BaseRequestHandler):
        """Browsers open a connection of its own for a WebSocket: the first request decides."""

        def handle(self) -> None:
            first = self.request.recv(2**16)
            if b"\r\nupgrade: websocket\r\n" in first.lower():
                self.request.sendall(REFUSAL)
                return
            with suppress(OSError), socket.create_connection((server.hostname, server.port)) as behind:
                behind.sendall(first)
                back = threading.Thread(target=_pour, args=(behind, self.request), daemon=True)
                back.start()
                _pour(self.request, behind)
                back.join()

    class Proxy(socketserver.ThreadingTCPServer):
        daemon_threads, block_on_close = True, False

    with Proxy(("127.0.0.1", 0), Passing) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{proxy.server_address[1]}"
        proxy.shutdown()


def _pour(source: socket.socket, into: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(2**16):
            into.sendall(part)
        into.shutdown(socket.SHUT_WR)
