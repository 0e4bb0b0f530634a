"""The requests: a table of patterns, and a method for each."""

from __future__ import annotations

import json
import re
from http.server import ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from tests.hub_server.faults import Faults
from tests.hub_server.reading import Reading
from tests.hub_server.signing import Signing
from tests.hub_server.store import Store
from tests.hub_server.talk import Refused
from tests.hub_server.writing import Writing

NAME = r"(?P<name>[\w.-]+/[\w.-]+)"


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, store: Store, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.store, self.faults = store, Faults()
        self.log: list[dict[str, Any]] = []
        self.signs = "alice"  # who signs in
        self.codes: dict[str, dict[str, str]] = {}
        self.scopes: list[str] = []  # that were asked for

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(Reading, Writing, Signing):
    """Finds who answers, and turns refusals into the Hub's errors."""

    ROUTES: ClassVar[list[tuple[str, str]]] = [
        (r"GET /api/whoami-v2$", "whoami"),
        (r"POST /api/repos/create$", "create"),
        (r"POST /api/validate-yaml$", "validate"),
        (rf"POST /api/models/{NAME}/preupload/(?P<revision>[^/]+)$", "preupload"),
        (rf"POST /api/models/{NAME}/commit/(?P<revision>[^/]+)$", "commit"),
        (rf"GET /api/models/{NAME}/tree/(?P<revision>[^/]+)$", "tree"),
        (rf"GET /api/models/{NAME}(/revision/(?P<revision>[^/]+))?$", "info"),
        (r"GET /api/models$", "models"),
        (rf"POST /{NAME}\.git/info/lfs/objects/batch$", "batch"),
        (r"PUT /_upload/(?P<oid>\w+)$", "upload"),
        (r"POST /_verify$", "verify"),
        (rf"(GET|HEAD) /{NAME}/resolve/(?P<revision>[^/]+)/(?P<path>.+)$", "resolve"),
        (r"GET /\.well-known/openid-configuration$", "provider"),
        (r"GET /oauth/authorize$", "authorize"),
        (r"POST /oauth/token$", "hand_token"),
        (r"GET /oauth/keys$", "keys"),
        (r"POST /_control$", "control"),
        (r"GET /_log$", "told"),
    ]

    def handle_any(self) -> None:
        self.body = self.whole_body()
        split = urlsplit(self.path)
        self.query = {key: values for key, values in parse_qs(split.query).items()}
        request = f"{self.command} {unquote(split.path)}"
        ours = split.path.startswith("/_control") or split.path == "/_log"
        if not ours:
            self.server.log.append({"request": request, "range": self.headers.get("Range"), "sent": len(self.body)})
        self.fault = None if ours else self.server.faults.take(request)
        try:
            self.misbehave_first(self.fault)
            for pattern, name in self.ROUTES:
                if match := re.match(pattern, request):
                    getattr(self, name)(**{key: value for key, value in match.groupdict().items()})
                    return
            raise Refused(404, "", "Not found")
        except Refused as refused:
            headers = {"X-Error-Code": refused.code, "X-Error-Message": refused.message}
            self.answer(refused.status, {"error": refused.message}, headers)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_HEAD = handle_any  # noqa: N815

    # the test's own wishes

    def control(self) -> None:
        wanted = json.loads(self.body)
        if "faults" in wanted:
            self.server.faults.set(wanted["faults"])
        for name in wanted.get("gate", []):
            self.server.store.repositories[name].gated = True
        for old, new in wanted.get("rename", {}).items():
            self.server.store.repositories[new] = self.server.store.repositories.pop(old)
            self.server.store.repositories[new].name = new
            self.server.store.renamed[old] = new
        self.server.signs = wanted.get("signs", self.server.signs)
        if wanted.get("forget"):
            self.server.log.clear()
        self.answer(200, {})

    def told(self) -> None:
        self.answer(200, self.server.log)
