"""How networks run best on this machine, found out once: facts about each, and the int8 models that were made."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from posetransfer.errors import PoseTransferError
from posetransfer.places import cache_folder, file_hash
from posetransfer.runtime.openvino import core, openvino

MOST_ENTRIES = 24  # a model is 14 MB (ngf 32) or 54 MB (ngf 64); the entry unused for longest goes first

T = TypeVar("T")

_log = logging.getLogger(__name__)


class NetworkCache:
    """A folder of KEY.json, and KEY.xml with KEY.bin where there is a model. It may be deleted at any time."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: by default `networks` in POSETRANSFER_CACHE or in the platform's folder for caches."""
        self.folder = cache_folder() / "networks" if folder is None else folder

    def get(self, key: str, read: Callable[[dict[str, Any]], T]) -> tuple[T, Any] | None:
        """What `read` makes of the facts under `key`, and the model or None. None if nothing was put, or if it is
        damaged, which deletes it. read: may raise KeyError, TypeError or ValueError.
        """
        path = self._path(key, "json")
        if not path.is_file():
            return None
        try:
            entry = json.loads(path.read_text(encoding="utf-8"))
            facts, hashes = read(entry["facts"]), dict(entry["hashes"])
            if any(file_hash(self._path(key, kind)) != wanted for kind, wanted in hashes.items()):
                raise ValueError("a file of the model is not as it was written")
            model = core().read_model(self._path(key, "xml")) if hashes else None
            path.touch()
        except (OSError, ValueError, KeyError, TypeError, PoseTransferError) as error:
            _log.info("The kept network %s is made anew: %s", path, error)
            self._drop(key)
            return None
        return facts, model

    def put(self, key: str, facts: Mapping[str, Any], model: Any = None) -> None:
        """Keep facts that JSON can hold, and a model. A full disk costs only the entry."""
        passing = f"{key}.{os.getpid()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            hashes = {}
            if model is not None:
                openvino().save_model(model, self._path(passing, "xml"), compress_to_fp16=False)
                for kind in ("bin", "xml"):
                    hashes[kind] = file_hash(self._path(passing, kind))
                    self._path(passing, kind).replace(self._path(key, kind))
            entry = json.dumps({"facts": dict(facts), "hashes": hashes}, indent=1)
            self._path(passing, "json").write_text(entry, encoding="utf-8")
            self._path(passing, "json").replace(self._path(key, "json"))  # last: without it the others are nothing
            self._drop_oldest()
        except (OSError, RuntimeError, PoseTransferError) as error:  # OpenVINO tells of a full disk by RuntimeError
            _log.warning("The network is not kept for next time: %s", error)
            with suppress(OSError):
                self._drop(passing)

    def _path(self, key: str, kind: str) -> Path:
        return self.folder / f"{key}.{kind}"

    def _drop(self, key: str) -> None:
        for kind in ("json", "xml", "bin"):
            self._path(key, kind).unlink(missing_ok=True)

    def _drop_oldest(self) -> None:
        entries = sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for path in entries[:-MOST_ENTRIES]:
            self._drop(path.stem)
