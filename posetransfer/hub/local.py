"""A folder as a hub: a shared disk, a stick, a class's network drive. Targets lie in it as owner/repo."""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator
from pathlib import Path

from posetransfer.checkpoints.card import card_licence, front_matter_removed, published_card
from posetransfer.checkpoints.folder import CONFIG, PREVIEW, open_checkpoint, refuse_to_replace, replacing
from posetransfer.checkpoints.pulled import Pulled, pulled_folder, write_record
from posetransfer.errors import CheckpointError, HubUnreachable, TargetNotFound
from posetransfer.hub.contents import check_total, wanted_names
from posetransfer.hub.hub import Listing, Offer, Publication
from posetransfer.hub.reference import Reference
from posetransfer.places import file_hash
from posetransfer.types import Progress


class LocalHub:
    """root: the shared folder. A target's revision is the beginning of its config.json's SHA-256, 40 digits."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def search(self, words: str = "", limit: int = 20) -> list[Listing]:
        """See `Hub`."""
        if not self._root.is_dir():
            raise HubUnreachable(f"The shared folder {self._root} is not there. Is its disk connected?")
        found = [folder for folder in sorted(self._root.glob("*/*")) if (folder / CONFIG).is_file()]
        listings = [
            Listing(Reference(folder.parent.name, folder.name, _revision(folder)), card_licence(folder), private=False)
            for folder in found
            if words.lower() in f"{folder.parent.name}/{folder.name}".lower()
        ]
        return listings[:limit]

    def look(self, reference: Reference) -> Offer:
        """See `Hub`."""
        folder, names = self._found(reference)
        try:
            config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
            methods, size = tuple(config["methods"]), int(config["target"]["window"]["size"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CheckpointError(f"{CONFIG} of {reference.name} is not that of a target ({error}).") from error
        card, preview = folder / "README.md", folder / PREVIEW
        return Offer(
            Reference(reference.owner, reference.repo, _revision(folder)),
            methods,
            size,
            card_licence(folder),
            private=False,
            card=front_matter_removed(card.read_text(encoding="utf-8")) if card.is_file() else "",
            preview=preview.read_bytes() if preview.is_file() else None,
            total=sum((folder / name).stat().st_size for name in names),
        )

    def pull(self, reference: Reference) -> Generator[Progress, None, Path]:
        """See `Hub`."""
        source, names = self._found(reference)
        check_total(sum((source / name).stat().st_size for name in names), reference.name)
        folder, revision = pulled_folder(reference.name), _revision(source)
        with replacing(folder) as partial:
            for number, name in enumerate(names):
                yield Progress("pull", number, len(names), name)
                shutil.copyfile(source / name, partial / name)
            write_record(partial, Pulled(reference.name, revision, str(self._root)))
            open_checkpoint(partial)
        return folder

    def push(self, folder: Path, reference: Reference, publication: Publication) -> Generator[Progress, None, str]:
        """See `Hub`. Whoever may read the shared folder sees it: `private` can't be kept here."""
        open_checkpoint(folder)
        place = self._root / reference.owner / reference.repo
        refuse_to_replace(place)
        card = published_card(folder, reference.repo, publication.consent, publication.licence)
        names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
        with replacing(place) as partial:
            for number, name in enumerate(names):
                yield Progress("send", number, len(names), name)
                shutil.copyfile(folder / name, partial / name)
            (partial / "README.md").write_text(card, encoding="utf-8")
        return str(place)

    def _found(self, reference: Reference) -> tuple[Path, list[str]]:
        folder = self._root / reference.owner / reference.repo
        if not folder.is_dir():
            raise TargetNotFound(f"The shared folder {self._root} has no target {reference.name}.")
        names = wanted_names([path.name for path in folder.iterdir() if path.is_file()], reference.name)
        if reference.revision is not None and not _revision(folder).startswith(reference.revision):
            raise TargetNotFound(
                f"{reference.name} in {self._root} is of another revision than {reference.revision}. Leave "
                f"@{reference.revision} out."
            )
        return folder, names


def _revision(folder: Path) -> str:
    return file_hash(folder / CONFIG)[:40]
