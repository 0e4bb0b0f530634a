"""Where targets are shared: found, looked at, pulled and pushed."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from posetransfer.checkpoints.lookup import find_target
from posetransfer.errors import PoseTransferError, TargetNotFound
from posetransfer.hub.reference import Reference, as_reference
from posetransfer.plugins import Registry
from posetransfer.types import Progress

HUBS: Final = Registry(
    "hub",
    {
        "local": "posetransfer.hub.local:LocalHub",
        "huggingface": "posetransfer.hub.huggingface:HuggingFaceHub",
    },
)


@dataclass(frozen=True)
class Listing:
    """One line of a search."""

    reference: Reference
    licence: str | None
    private: bool


@dataclass(frozen=True)
class Offer:
    """A target on a hub, before anything but its description is pulled.

    reference: pinned to one commit; methods, size: px of the made square; card: the README's text without its front
    matter; preview: the picture's bytes (PNG), if there is one; total: bytes that a pull transfers.
    """

    reference: Reference
    methods: tuple[str, ...]
    size: int
    licence: str | None
    private: bool
    card: str
    preview: bytes | None
    total: int


@dataclass(frozen=True)
class Publication:
    """What whoever publishes a target says about it. Raises PoseTransferError without a word on consent.

    licence: the Hub's short name of one, or "other"; consent: who is shown, and that they agreed, in the publisher's
    words; private: only the publisher sees it.
    """

    consent: str
    licence: str = "other"
    private: bool = True

    def __post_init__(self) -> None:
        if len(self.consent.split()) < 3:
            raise PoseTransferError(
                "Say in a sentence who is shown and that they agreed to be published: it stands on the target's card."
            )


class Hub(Protocol):
    """A place that targets are shared by. Every method raises HubError with a sentence; nothing is lost by one."""

    def search(self, words: str = "", limit: int = 20) -> list[Listing]:
        """Targets whose name has `words` in it. Shows strangers' likenesses: ask before you show it."""
        ...

    def look(self, reference: Reference) -> Offer:
        """What is known of one target before it is pulled. Raises CheckpointError if it is none or is not safe."""
        ...

    def pull(self, reference: Reference) -> Generator[Progress, None, Path]:
        """Get the target, verify it, and return its folder; what was got before is not got again.

        Closing the generator keeps what has come. Raises CheckpointError too.
        """
        ...

    def push(self, folder: Path, reference: Reference, publication: Publication) -> Generator[Progress, None, str]:
        """Publish the target in `folder` and return the address of its page; what was sent before is not sent again.

        Raises CheckpointError if there is no whole target in `folder`.
        """
        ...


def to_pull(name: str) -> Reference | None:
    """What must be pulled before the target called `name` can be used; None where nothing can or need be.

    Raises CheckpointError if it is here and damaged.
    """
    try:
        find_target(name)
    except TargetNotFound:
        return as_reference(name)
    return None
