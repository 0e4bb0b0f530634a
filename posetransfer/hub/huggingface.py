"""The Hugging Face Hub: a target is a model repository, the same folder as on disk."""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, ModelInfo, constants
from huggingface_hub.utils import build_hf_headers, disable_progress_bars

from posetransfer.checkpoints.card import front_matter_removed, published_card
from posetransfer.checkpoints.folder import CONFIG, FORMAT, PREVIEW, open_checkpoint, replacing
from posetransfer.checkpoints.pulled import Pulled, pulled_folder, read_record, write_record
from posetransfer.errors import CheckpointError, HubError
from posetransfer.hub.contents import check_total, wanted_names
from posetransfer.hub.download import RemoteFile, fetch
from posetransfer.hub.failures import in_words
from posetransfer.hub.hub import Listing, Offer, Publication
from posetransfer.hub.reference import Reference
from posetransfer.hub.repository import PATIENCE, fetch_all, parts_of, remote_files
from posetransfer.types import Progress

TAG: Final = "posetransfer"  # of the library and of its targets


class HuggingFaceHub:
    """token: the user's; None: the one they logged in with, if they did. endpoint: where the Hub is, if elsewhere."""

    def __init__(self, token: str | None = None, endpoint: str | None = None) -> None:
        disable_progress_bars()  # its own, on stderr; ours are shown by whoever drives the generators
        self._token = token
        self._endpoint = endpoint or constants.ENDPOINT
        self._api = HfApi(endpoint=self._endpoint, token=token, library_name=TAG)

    def search(self, words: str = "", limit: int = 20) -> list[Listing]:
        """See `Hub`. Takes up to half a minute where the Hub can't be reached."""
        with in_words(None, self._endpoint):
            found = list(self._api.list_models(filter=[TAG], search=words or None, limit=limit, cardData=True))
        return [
            Listing(Reference(*info.id.split("/", 1)), _licence(info), bool(info.private))
            for info in found
            if info.id.count("/") == 1
        ]

    def look(self, reference: Reference) -> Offer:
        """See `Hub`."""
        with in_words(reference, self._endpoint), _scratch(reference) as folder:
            pinned, info, files = self._files(reference)
            config = self._config(files, folder, str(pinned))
            wanted = _named_in(config, files, str(pinned))
            small = {name: self._read(files[name], folder) for name in (PREVIEW, "README.md") if name in files}
        card = small.get("README.md", b"").decode("utf-8", "replace")
        size = int(config["target"]["window"]["size"])
        total = sum(file.size for file in wanted)
        licence, private, preview = _licence(info), bool(info.private), small.get(PREVIEW)
        text = front_matter_removed(card)
        return Offer(pinned, tuple(config["methods"]), size, licence, private, text, preview, total)

    def pull(self, reference: Reference) -> Generator[Progress, None, Path]:
        """See `Hub`. The target ends in the user's own folder, under its owner's name."""
        with in_words(reference, self._endpoint):
            yield Progress("connect", 0, None, str(reference))
            pinned, _, files = self._files(reference)
            folder = pulled_folder(pinned.name)
            if (record := read_record(folder)) is not None and record.revision == pinned.revision:
                return open_checkpoint(folder).folder
            with _scratch(pinned) as parts:
                config = self._config(files, parts, str(pinned))
                wanted = _named_in(config, files, str(pinned))
                yield from fetch_all(wanted, parts, self._headers(), "pull", "The target needs")
                with replacing(folder) as partial:
                    for file in wanted:
                        shutil.copyfile(parts / file.oid, partial / file.name)
                    write_record(partial, Pulled(pinned.name, str(pinned.revision), self._endpoint))
                    open_checkpoint(partial)
            shutil.rmtree(parts, ignore_errors=True)
            return folder

    def push(self, folder: Path, reference: Reference, publication: Publication) -> Generator[Progress, None, str]:
        """See `Hub`. Files that the Hub already has are not sent again; all becomes visible in one commit."""
        open_checkpoint(folder)
        with in_words(reference, self._endpoint):
            yield Progress("connect", 0, None, reference.name)
            self._api.create_repo(reference.name, private=publication.private, exist_ok=True)
            info = self._api.model_info(reference.name, timeout=PATIENCE)
            there = {item.rfilename for item in info.siblings or ()} - {".gitattributes"}
            if there and CONFIG not in there:
                raise HubError(
                    f"{reference.name} is there already and is not a target: it would be overwritten. Choose another "
                    "name."
                )
            card = published_card(folder, reference.repo, publication.consent, publication.licence)
            names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
            names = [name for name in names if name != "README.md"]
            additions = [CommitOperationAdd(name, folder / name) for name in names]
            for number, addition in enumerate(additions):
                yield Progress("send", number, len(additions) + 1, addition.path_in_repo)
                self._api.preupload_lfs_files(reference.name, [addition])
            gone = [CommitOperationDelete(name) for name in sorted(there - set(names) - {"README.md"})]
            operations: list[CommitOperationAdd | CommitOperationDelete] = [
                *additions,
                CommitOperationAdd("README.md", card.encode()),
                *gone,
            ]
            yield Progress("send", len(additions), len(additions) + 1, "README.md")
            self._api.create_commit(
                reference.name, operations, commit_message=f"Target {reference.repo}", parent_commit=info.sha
            )
            return f"{self._endpoint}/{reference.name}"

    def _files(self, reference: Reference) -> tuple[Reference, ModelInfo, dict[str, RemoteFile]]:
        """The reference pinned to a commit, and that commit's files as far as they make a target."""
        pinned, info, files = remote_files(self._api, reference, lambda names: wanted_names(names, reference.name))
        check_total(sum(file.size for file in files.values()), reference.name)
        return pinned, info, files

    def _config(self, files: dict[str, RemoteFile], folder: Path, name: str) -> dict[str, Any]:
        """config.json, got and read as far as is needed to know what else to get."""
        try:
            config = json.loads(self._read(files[CONFIG], folder))
            number = int(config["format"])
            dict(config["methods"]), dict(config["files"]), int(config["target"]["window"]["size"])
        except (ValueError, KeyError, TypeError) as error:
            raise CheckpointError(f"{CONFIG} of {name} is not that of a target ({error}).") from error
        if number != FORMAT:
            raise CheckpointError(
                f"{name} has format {number}, and this version reads format {FORMAT}. Update posetransfer."
            )
        return dict(config)

    def _read(self, file: RemoteFile, folder: Path) -> bytes:
        path = folder / file.oid
        for _ in fetch(file, path, self._headers()):
            pass
        return path.read_bytes()

    def _headers(self) -> dict[str, str]:
        return build_hf_headers(token=self._token, library_name=TAG)


def _named_in(config: dict[str, Any], files: dict[str, RemoteFile], name: str) -> list[RemoteFile]:
    """The files that make the target. Raises CheckpointError if one that config.json names is not published."""
    missing = sorted(set(config["files"]) - set(files))
    if missing:
        raise CheckpointError(f"{name} is incomplete: {missing[0]} was never published. Tell its publisher.")
    described = {CONFIG, PREVIEW, "README.md"} & set(files)
    return [files[wanted] for wanted in files if wanted in described or wanted in config["files"]]


def _licence(info: ModelInfo) -> str | None:
    data = info.card_data
    return None if data is None else data.get("license_name") or data.get("license")


def _scratch(reference: Reference) -> AbstractContextManager[Path]:
    """The folder of files that come in for one target."""
    return parts_of(pulled_folder(reference.name), reference.name)
