"""Which target on a hub: owner/repo, with a revision if one is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from posetransfer.errors import TargetNotFound

_PART = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?"
_NAME = re.compile(rf"({_PART})/({_PART})(?:@([A-Za-z0-9][A-Za-z0-9._/-]{{0,98}}))?")
_PINNED = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Reference:
    """owner/repo, or owner/repo@revision: a commit's 40 hex digits, a tag or a branch; None: the newest."""

    owner: str
    repo: str
    revision: str | None = None

    @property
    def name(self) -> str:
        """owner/repo."""
        return f"{self.owner}/{self.repo}"

    @property
    def pinned(self) -> bool:
        """Whether the revision is a commit, which never changes."""
        return self.revision is not None and _PINNED.fullmatch(self.revision) is not None

    def __str__(self) -> str:
        return self.name if self.revision is None else f"{self.name}@{self.revision}"


def parse_reference(text: str) -> Reference:
    """A reference from what people type or paste: owner/repo, owner/repo@revision, or the page's address.

    Raises TargetNotFound, with what to type instead.
    """
    found = as_reference(text)
    if found is None:
        raise TargetNotFound(
            f"{text.strip()!r} does not name a target on a hub. Type owner/repo, owner/repo@revision, or paste the "
            "address of its page."
        )
    return found


def as_reference(text: str) -> Reference | None:
    """As `parse_reference`, but None for what is no reference."""
    text = text.strip()
    if "://" in text:
        text = _from_address(text)
    match = _NAME.fullmatch(text)
    if match is None or any(".." in part or "--" in part for part in match.groups() if part):
        return None
    return Reference(match[1], match[2], match[3])


def _from_address(address: str) -> str:
    """owner/repo[@revision] of an address such as https://huggingface.co/owner/repo/tree/revision; else ""."""
    try:
        split = urlsplit(address)
    except ValueError:
        return ""
    parts = [part for part in f"{split.netloc if split.scheme == 'hf' else ''}{split.path}".split("/") if part]
    if parts[:1] == ["models"]:
        parts = parts[1:]
    if split.scheme not in ("http", "https", "hf") or len(parts) < 2 or parts[0] in ("spaces", "datasets"):
        return ""
    revision = "/".join(parts[3:]) if len(parts) > 3 and parts[2] in ("tree", "commit") else ""
    return f"{parts[0]}/{parts[1]}" + (f"@{revision}" if revision else "")
