"""What is asked of the Hub without changing it."""

from __future__ import annotations

import re

from tests.hub_server.store import tree_item
from tests.hub_server.talk import Refused, Talk


class Reading(Talk):
    """Requests that read."""

    def whoami(self) -> None:
        user = self.user()
        if user is None:
            raise Refused(401, "", "Invalid credentials in Authorization header")
        token = {"displayName": "t", "role": user[1]}
        auth = {"type": "access_token", "accessToken": token}
        self.answer(200, {"type": "user", "name": user[0], "fullname": user[0], "orgs": [], "auth": auth})

    def info(self, name: str, revision: str | None) -> None:
        repository, commit = self.at(name, revision)
        self.answer(200, self.server.store.info(repository, commit, "blobs" in self.query))

    def models(self) -> None:
        store, wanted = self.server.store, set(self.query.get("filter", []))
        found = []
        for repository in store.repositories.values():
            told = store.info(repository, repository.commits[-1], blobs=False)
            words = self.query.get("search", [""])[0].lower()
            if not repository.private and wanted <= set(told["tags"]) and words in repository.name.lower():
                found.append(told)
        self.answer(200, found[: int(self.query.get("limit", ["100"])[0])])

    def tree(self, name: str, revision: str) -> None:
        _, commit = self.at(name, revision)
        self.answer(200, [tree_item(path, blob) for path, blob in sorted(commit.files.items())])

    def resolve(self, name: str, revision: str, path: str) -> None:
        _, commit = self.at(name, revision, gate=True)
        blob = commit.files.get(path)
        if blob is None:
            raise Refused(404, "EntryNotFound", "Entry not found")
        content = self.server.store.path(blob.sha256).read_bytes()
        headers = {"X-Repo-Commit": commit.sha, "ETag": f'"{blob.git_sha1}"', "Accept-Ranges": "bytes"}
        if blob.lfs:
            headers |= {"X-Linked-Etag": f'"{blob.sha256}"', "X-Linked-Size": str(blob.size)}
        asked = re.match(r"bytes=(\d+)-(\d*)$", self.headers.get("Range") or "")
        if asked is None:
            self.send(200, content, headers)
            return
        start, end = int(asked[1]), int(asked[2] or len(content) - 1)
        headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
        self.send(206, content[start : end + 1], headers)
