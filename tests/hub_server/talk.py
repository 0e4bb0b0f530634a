"""Answering, in good order or as a fault wants it, and who is asking for what."""

from __future__ import annotations

import json
import time
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from tests.hub_server.faults import Fault
from tests.hub_server.store import Commit, Repository

if TYPE_CHECKING:
    from tests.hub_server.server import Server

USERS = {"token-alice": ("alice", "write"), "token-bob": ("bob", "write"), "token-reader": ("alice", "read")}
PIECE = 16384


class Refused(Exception):
    """An error of the Hub: status, its code for clients, and a sentence."""

    def __init__(self, status: int, code: str = "", message: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Talk(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Server
    body: bytes
    query: dict[str, list[str]]
    fault: Fault | None

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def whole_body(self) -> bytes:
        """What was sent, in one piece or in chunks."""
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def misbehave_first(self, fault: Fault | None) -> None:
        if fault is None:
            return
        if fault.do == "hang":
            time.sleep(fault.value)
        if fault.do == "status":
            self.answer(int(fault.value), {"error": "as asked"}, fault.headers or {})
            self.close_connection = True
            raise BrokenPipeError

    def answer(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        content = json.dumps(value).encode()
        self.send(status, content, {"Content-Type": "application/json", **(headers or {})})

    def send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        """The answer, piece by piece where a fault wants it so."""
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(headers.get("Content-Length", len(content)))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        fault = self.fault
        if fault and fault.do == "spoil" and content:
            content = content[:-1] + bytes([content[-1] ^ 1])
        if fault and fault.do == "cut":
            self.wfile.write(content[: int(len(content) * fault.value)])
            self.close_connection = True
            return
        for start in range(0, len(content), PIECE):
            if fault and fault.do == "slow":
                time.sleep(fault.value)
            self.wfile.write(content[start : start + PIECE])

    def user(self) -> tuple[str, str] | None:
        """(name, role) of the asker; None for a stranger. Raises Refused for a token that isn't one."""
        given = self.headers.get("Authorization")
        if given is None:
            return None
        user = USERS.get(given.removeprefix("Bearer "))
        if user is None:
            raise Refused(401, "", "Invalid credentials in Authorization header")
        return user

    def repository(self, name: str) -> Repository:
        name = self.server.store.renamed.get(name, name)
        found, user = self.server.store.repositories.get(name), self.user()
        hidden = found is not None and found.private and (user is None or user[0] != name.split("/")[0])
        if found is None or hidden:
            raise Refused(401 if user is None else 404, "RepoNotFound", "Repository not found")
        return found

    def at(self, name: str, revision: str | None, *, gate: bool = False) -> tuple[Repository, Commit]:
        repository = self.repository(name)
        if gate and repository.gated and self.user() is None:
            raise Refused(401, "GatedRepo", f"Access to model {name} is restricted.")
        if gate and repository.gated and (self.user() or ("",))[0] != name.split("/")[0]:
            raise Refused(403, "GatedRepo", f"Access to model {name} is restricted.")
        commit = repository.commit(revision or "main")
        if commit is None:
            raise Refused(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return repository, commit

    def writer(self, owner: str) -> str:
        user = self.user()
        if user is None:
            raise Refused(401, "", "Invalid username or password.")
        if user[1] != "write" or user[0] != owner:
            raise Refused(403, "", "You don't have the rights to do this with this token.")
        return user[0]
