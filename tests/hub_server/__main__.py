"""Run the Hub: python -m tests.hub_server FOLDER [PORT]; prints its address and serves until it is killed."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.hub_server.server import Server
from tests.hub_server.store import Store

if __name__ == "__main__":
    server = Server(Store(Path(sys.argv[1])), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    print(server.address, flush=True)
    server.serve_forever()
