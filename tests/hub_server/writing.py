"""What changes the Hub: new repositories, uploads and commits."""

from __future__ import annotations

import base64
import json
from typing import Any

from tests.hub_server.talk import Refused, Talk


class Writing(Talk):
    """Requests that write."""

    def create(self) -> None:
        asked = json.loads(self.body)
        user = self.user()
        owner = asked.get("organization") or (user[0] if user else "")
        self.writer(owner)
        name = f"{owner}/{asked['name']}"
        told = {"url": f"{self.server.address}/{name}", "name": name, "id": name}
        if name in self.server.store.repositories:
            self.answer(409, {"error": "You already created this model repo", **told})
            return
        self.server.store.create(name, asked.get("visibility") == "private" or bool(asked.get("private")))
        self.answer(200, told)

    def validate(self) -> None:
        self.answer(200, {"warnings": [], "errors": []})

    def preupload(self, name: str, revision: str) -> None:
        _, commit = self.at(name, revision)
        self.writer(name.split("/")[0])
        told = []
        for file in json.loads(self.body)["files"]:
            lfs, known = (
                file["path"].endswith((".safetensors", ".mp4", ".png", ".bin")),
                commit.files.get(file["path"]),
            )
            item = {"path": file["path"], "uploadMode": "lfs" if lfs else "regular", "shouldIgnore": False}
            told.append(item | ({"oid": known.sha256 if lfs else known.git_sha1} if known else {}))
        self.answer(200, {"files": told})

    def batch(self, name: str) -> None:
        self.writer(name.split("/")[0])
        told = []
        for item in json.loads(self.body)["objects"]:
            actions = {
                "upload": {"href": f"{self.server.address}/_upload/{item['oid']}"},
                "verify": {"href": f"{self.server.address}/_verify"},
            }
            there = self.server.store.path(item["oid"]).is_file()
            told.append(dict(item) if there else {**item, "actions": actions})
        self.answer(200, {"transfer": "basic", "objects": told})

    def upload(self, oid: str) -> None:
        if self.server.store.keep(self.body) != oid:
            raise Refused(422, "", "The content does not have this hash")
        self.answer(200, {})

    def verify(self) -> None:
        there = self.server.store.path(json.loads(self.body)["oid"]).is_file()
        self.answer(200 if there else 404, {})

    def commit(self, name: str, revision: str) -> None:
        repository, last = self.at(name, revision)
        self.writer(name.split("/")[0])
        lines = [json.loads(line) for line in self.body.splitlines() if line]
        values: dict[str, list[Any]] = {}
        for line in lines:
            values.setdefault(line["key"], []).append(line["value"])
        if values["header"][0].get("parentCommit") not in (None, last.sha):
            raise Refused(412, "", "A commit has happened since. Please refresh and try again.")
        inside = {file["path"]: base64.b64decode(file["content"]) for file in values.get("file", [])}
        lfs = {file["path"]: (file["oid"], file["size"]) for file in values.get("lfsFile", [])}
        gone = tuple(file["path"] for file in values.get("deletedFile", []))
        made = self.server.store.add(repository, inside, lfs, gone)
        url = f"{self.server.address}/{name}/commit/{made.sha}"
        self.answer(200, {"success": True, "commitOid": made.sha, "commitUrl": url})
