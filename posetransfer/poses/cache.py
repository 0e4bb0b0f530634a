"""Poses kept from one run to the next, by what the video's file holds and how it was watched."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from posetransfer.errors import OutOfSpace, PoseTransferError
from posetransfer.places import cache_folder
from posetransfer.poses.sequence import load_with_facts, save_sequence
from posetransfer.types import PoseSequence

MOST_ENTRIES = 200  # a minute of video is 1 to 2 MB; the entry unused for longest goes first

_log = logging.getLogger(__name__)


class PoseCache:
    """A folder of pose sequences, one file a key. It may be deleted at any time."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: by default `poses` in POSETRANSFER_CACHE or in the platform's folder for caches."""
        self.folder = cache_folder() / "poses" if folder is None else folder

    @staticmethod
    def key(content: str, options: Mapping[str, Any]) -> str:
        """A key made of a file's hash and of whatever else decides what its poses are; options must be JSON."""
        text = json.dumps({"content": content, "options": dict(options)}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def get(self, key: str) -> tuple[PoseSequence, dict[str, Any]] | None:
        """What was put under `key`, with its facts; None if nothing was, or if it is damaged."""
        path = self._path(key)
        if not path.is_file():
            return None
        try:
            kept = load_with_facts(path)
            path.touch()
        except (PoseTransferError, OSError) as error:
            _log.info("The cached poses %s are passed over: %s", path, error)
            return None
        return kept

    def put(self, key: str, sequence: PoseSequence, facts: Mapping[str, Any] | None = None) -> None:
        """Keep a sequence, with facts that JSON can hold. A full disk costs only the entry."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            save_sequence(sequence, self._path(key), facts)
            self._drop_oldest()
        except (OutOfSpace, OSError) as error:
            _log.warning("The poses are not kept for next time: %s", error)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.npz"

    def _drop_oldest(self) -> None:
        entries = sorted(self.folder.glob("*.npz"), key=lambda path: path.stat().st_mtime)
        for path in entries[:-MOST_ENTRIES]:
            path.unlink(missing_ok=True)
