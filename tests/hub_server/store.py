"""What the Hub on loopback keeps: repositories with their commits, and the files' bytes by their hash."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Blob:
    """A file of a commit. lfs: uploaded by hash; else it came inside the commit."""

    sha256: str
    git_sha1: str
    size: int
    lfs: bool


@dataclass
class Commit:
    sha: str
    files: dict[str, Blob]


@dataclass
class Repository:
    name: str
    private: bool
    gated: bool = False
    commits: list[Commit] = field(default_factory=list)

    def commit(self, revision: str) -> Commit | None:
        """The commit called `revision`: a hash, or main for the last."""
        if revision == "main":
            return self.commits[-1]
        return next((commit for commit in self.commits if commit.sha == revision), None)


class Store:
    """Repositories by name. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repositories: dict[str, Repository] = {}
        self.renamed: dict[str, str] = {}
        self.lock = threading.RLock()
        (folder / "blobs").mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        return self.folder / "blobs" / sha256

    def keep(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        self.path(sha256).write_bytes(content)
        return sha256

    def create(self, name: str, private: bool) -> Repository:
        with self.lock:
            repository = Repository(name, private)
            self.repositories[name] = repository
            self.add(repository, {".gitattributes": b"*.safetensors filter=lfs\n"}, {}, ())
            return repository

    def add(
        self, repository: Repository, inside: dict[str, bytes], lfs: dict[str, tuple[str, int]], gone: tuple[str, ...]
    ) -> Commit:
        """A further commit: files given in full, files uploaded before (hash, size), and files to delete."""
        with self.lock:
            files = dict(repository.commits[-1].files) if repository.commits else {}
            for name in gone:
                files.pop(name, None)
            for name, content in inside.items():
                git = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
                files[name] = Blob(self.keep(content), git, len(content), lfs=False)
            for name, (sha256, size) in lfs.items():
                files[name] = Blob(sha256, hashlib.sha1(sha256.encode()).hexdigest(), size, lfs=True)
            told = f"{repository.name} {len(repository.commits)} {sorted((n, b.sha256) for n, b in files.items())}"
            commit = Commit(hashlib.sha1(told.encode()).hexdigest(), files)
            repository.commits.append(commit)
            return commit

    def card_data(self, commit: Commit) -> dict[str, Any]:
        """The front matter of README.md."""
        card = commit.files.get("README.md")
        if card is None:
            return {}
        parts = self.path(card.sha256).read_text("utf-8").split("---\n")
        return dict(yaml.safe_load(parts[1]) or {}) if len(parts) > 2 else {}

    def info(self, repository: Repository, commit: Commit, blobs: bool) -> dict[str, Any]:
        """What /api/models/{name} answers."""
        data = self.card_data(commit)
        library = data.get("library_name")
        tags = [*data.get("tags", []), *([library] if library else [])]
        return {
            "_id": hashlib.sha1(repository.name.encode()).hexdigest()[:24],
            "id": repository.name,
            "modelId": repository.name,
            "author": repository.name.split("/")[0],
            "sha": commit.sha,
            "private": repository.private,
            "gated": "manual" if repository.gated else False,
            "disabled": False,
            "tags": sorted(set(tags)),
            "library_name": library,
            "cardData": data,
            "lastModified": "2026-11-22T10:00:00.000Z",
            "createdAt": "2026-11-22T10:00:00.000Z",
            "siblings": [_sibling(name, blob, blobs) for name, blob in sorted(commit.files.items())],
            "downloads": 0,
            "likes": 0,
        }


def tree_item(name: str, blob: Blob) -> dict[str, Any]:
    item: dict[str, Any] = {"type": "file", "path": name, "size": blob.size, "oid": blob.git_sha1}
    if blob.lfs:
        item["lfs"] = {"oid": blob.sha256, "size": blob.size, "pointerSize": 130}
    return item


def _sibling(name: str, blob: Blob, blobs: bool) -> dict[str, Any]:
    if not blobs:
        return {"rfilename": name}
    item = tree_item(name, blob)
    lfs = {"lfs": {"sha256": blob.sha256, "size": blob.size, "pointerSize": 130}} if blob.lfs else {}
    return {"rfilename": name, "size": blob.size, "blobId": item["oid"], **lfs}
