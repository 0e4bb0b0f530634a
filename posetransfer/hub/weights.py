"""Weights of estimators from the Hub: got once, checked, and put where the estimator looks for them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

from huggingface_hub import HfApi, constants
from huggingface_hub.utils import build_hf_headers, disable_progress_bars

from posetransfer.errors import CheckpointError, HubError, WeightsMissing
from posetransfer.hub.download import RemoteFile
from posetransfer.hub.failures import in_words
from posetransfer.hub.repository import fetch_all, parts_of, remote_files
from posetransfer.poses.weights import PublishedFile, WeightsSource
from posetransfer.types import Progress


def get_weights(
    source: WeightsSource, token: str | None = None, endpoint: str | None = None
) -> Generator[Progress, None, Path]:
    """Get what `source` names and return the network's file; nothing is asked of the Hub if that is here.

    A download that was cut, or closed, goes on where it stopped. Every file is checked against the hash that the Hub
    names, then against the source's own. token, endpoint: as for `HuggingFaceHub`. Raises WeightsMissing with what
    went wrong and what else can be done, OutOfSpace, and HubError while another process gets the same.
    """
    if source.path.is_file():
        return source.path
    with parts_of(source.path, source.path.name) as parts:
        if not source.path.is_file():  # else another process got it while this one waited
            try:
                yield from _got(source, parts, token, endpoint or constants.ENDPOINT)
            except (HubError, CheckpointError) as error:
                reason = str(error).rstrip(".")
                raise WeightsMissing(f"{source.path.name} could not be got. {reason}. Or {source.by_hand}") from error
    shutil.rmtree(parts, ignore_errors=True)
    return source.path


def _got(source: WeightsSource, parts: Path, token: str | None, endpoint: str) -> Iterator[Progress]:
    disable_progress_bars()
    api = HfApi(endpoint=endpoint, token=token, library_name="posetransfer")
    with in_words(source.reference, endpoint, "repository"):
        yield Progress("weights", 0, None, source.reference.name)
        files = _files(api, source)
        headers = build_hf_headers(token=token, library_name="posetransfer")
        yield from fetch_all(files, parts, headers, "weights", f"{source.path.name} needs")
        _keep(source, files, parts)


def _files(api: HfApi, source: WeightsSource) -> list[RemoteFile]:
    """The source's files as the Hub has them. Raises HubError if one is missing or has another size."""

    def chosen(names: Iterable[str]) -> list[str]:
        there = set(names)
        missing = [file.name for file in source.files if file.name not in there]
        if missing:
            raise HubError(f"{source.reference} has no file {missing[0]} on the Hub (any more).")
        return [file.name for file in source.files]

    _, _, files = remote_files(api, source.reference, chosen)
    for file in source.files:
        if file.size is not None and files[file.name].size != file.size:
            raise _another(file, source)
    return list(files.values())


def _keep(source: WeightsSource, files: list[RemoteFile], parts: Path) -> None:
    """Put the files that came in their places, the network last. Raises HubError, and keeps none, if one is not the
    source's."""
    for file, remote in zip(source.files, files, strict=True):
        if file.checksum is not None and not _has(parts / remote.oid, file.checksum):
            (parts / remote.oid).unlink()
            raise _another(file, source)
    for file, remote in reversed(list(zip(source.files, files, strict=True))):
        (parts / remote.oid).replace(source.place(file))


def _has(path: Path, checksum: str) -> bool:
    algorithm, _, digits = checksum.partition("=")
    with path.open("rb") as content:
        return hashlib.file_digest(content, algorithm).hexdigest() == digits


def _another(file: PublishedFile, source: WeightsSource) -> HubError:
    return HubError(
        f"{file.name} of {source.reference} on the Hub is not the file that is known here: it was refused."
    )
