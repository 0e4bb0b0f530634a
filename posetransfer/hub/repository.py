"""One repository of the Hub: which files a revision of it has, and how they come into a folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout
from huggingface_hub import HfApi, ModelInfo, hf_hub_url

from posetransfer.errors import HubError, OutOfSpace
from posetransfer.hub.download import RemoteFile, fetch
from posetransfer.hub.reference import Reference
from posetransfer.types import Progress

PATIENCE: Final = 10.0  # seconds for an answer about a repository
MEGABYTE: Final = 1_000_000


def remote_files(
    api: HfApi, reference: Reference, choose: Callable[[Iterable[str]], Sequence[str]]
) -> tuple[Reference, ModelInfo, dict[str, RemoteFile]]:
    """The reference pinned to a commit (and by its new name, if it was renamed), and the files of that commit that
    `choose` takes from their names."""
    info = api.model_info(reference.name, revision=reference.revision, files_metadata=True, timeout=PATIENCE)
    owner, _, repo = info.id.partition("/")
    pinned = Reference(owner, repo, info.sha)
    files = {}
    siblings = {item.rfilename: item for item in info.siblings or ()}
    for name in choose(siblings):
        item = siblings[name]
        oid = item.lfs.sha256 if item.lfs else item.blob_id
        if item.size is None or oid is None:
            raise HubError(f"The Hub does not tell the size of {name} of {reference.name}. Try again later.")
        url = hf_hub_url(pinned.name, name, revision=info.sha, endpoint=api.endpoint)
        files[name] = RemoteFile(name, url, item.size, oid)
    return pinned, info, files


def fetch_all(
    wanted: Sequence[RemoteFile], parts: Path, headers: dict[str, str], stage: str, what: str
) -> Iterator[Progress]:
    """Every file into `parts`, under its hash; Progress of `stage` in megabytes. what: the subject of the sentence
    that says that the disk is full. Raises OutOfSpace."""
    total, done = sum(file.size for file in wanted), 0
    if shutil.disk_usage(parts).free < 2 * total:
        raise OutOfSpace(f"{what} {2 * total / 1e6:.0f} MB while it is pulled. Free some space.")
    for file in wanted:
        for there in fetch(file, parts / file.oid, headers):
            message = f"{file.name}: {(done + there) / 1e6:.1f} of {total / 1e6:.1f} MB"
            yield Progress(stage, (done + there) // MEGABYTE, max(total // MEGABYTE, 1), message)
        done += file.size


@contextmanager
def parts_of(target: Path, name: str) -> Iterator[Path]:
    """The folder of files that come in for `target`, beside it, held by one process at a time. name: for people."""
    folder = target.with_name(f".{target.name}.parts")
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".lock")
    try:
        with lock.acquire(timeout=5):
            yield folder
    except Timeout as error:
        raise HubError(f"{name} is being pulled already by another window. Wait for that one.") from error
