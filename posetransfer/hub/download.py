"""Files of one repository, each gone on with where it was cut, and checked against the Hub's own hash.

huggingface_hub throws a file away that was cut (2.4: its temporary name is drawn anew each time); people on slow lines
then never get a target of fifty megabytes. So files are kept by their hash until they are whole.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from httpx2 import HTTPError
from huggingface_hub import constants
from huggingface_hub.utils import hf_raise_for_status, http_stream_backoff

from posetransfer.errors import HubError

PIECE: Final = 1 << 18  # bytes between two reports
TRIES: Final = 3  # in a row without a single new byte
PAUSE: Final = 1.0  # seconds between two tries


@dataclass(frozen=True)
class RemoteFile:
    """A file at an address that answers ranges. size: bytes; oid: SHA-256, or of small files git's SHA-1."""

    name: str
    url: str
    size: int
    oid: str

    def is_whole(self, path: Path) -> bool:
        """Whether the file at `path` is this one."""
        if not path.is_file() or path.stat().st_size != self.size:
            return False
        if len(self.oid) == 64:
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == self.oid
        content = path.read_bytes()  # git's hash of a blob; only files that git itself keeps, so small ones
        return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest() == self.oid


def fetch(file: RemoteFile, path: Path, headers: dict[str, str]) -> Generator[int, None, None]:
    """Get `file` to `path`, yielding how many bytes there are, from those there were on.

    A line that breaks is taken up again, a few times. Raises HTTPError where nothing more comes and HubError for a
    file that came damaged, which is thrown away; else what has come is kept beside `path`.
    """
    part = path.with_name(path.name + ".part")
    if not file.is_whole(path):
        fruitless = 0
        while (there := _size(part)) < file.size:
            yield there
            try:
                yield from _go_on(file, part, there, headers)
            except HTTPError as error:
                if getattr(error, "response", None) is not None and not _is_passing(error):
                    raise
                fruitless = fruitless + 1 if _size(part) == there else 0
                if fruitless == TRIES:
                    raise
                time.sleep(PAUSE)
        if file.size == 0:
            part.touch()
        part.replace(path)
        if not file.is_whole(path):
            path.unlink()
            raise HubError(f"{file.name} came damaged over the line and was thrown away. Try again; the rest is kept.")
    yield file.size


def _go_on(file: RemoteFile, part: Path, there: int, headers: dict[str, str]) -> Generator[int, None, None]:
    wanted = {**headers, "Accept-Encoding": "identity", "Range": f"bytes={there}-"}
    asked = http_stream_backoff(
        "GET", file.url, headers=wanted, timeout=constants.HF_HUB_DOWNLOAD_TIMEOUT,
        retry_on_exceptions=(), retry_on_status_codes=(),  # `fetch` does it, from where the file stands
    )  # fmt: skip
    with asked as response:
        hf_raise_for_status(response)
        mode = "ab" if response.status_code == 206 else "wb"  # 200: the server sends it from the start
        with part.open(mode) as out:
            told = there = out.tell()
            for piece in response.iter_bytes():  # as they come: pieces of a set size would be lost with the line
                out.write(piece[: max(file.size - there, 0)])
                there = min(there + len(piece), file.size)
                if there - told >= PIECE:
                    told = there
                    yield there


def _is_passing(error: Exception) -> bool:
    """Whether the same request may well succeed in a moment."""
    response = getattr(error, "response", None)
    return response is not None and response.status_code in (500, 502, 503, 504)


def _size(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_size
    return 0
