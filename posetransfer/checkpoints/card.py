"""The card of a target: a README that says whose picture this is, how it was made, and what may be done with it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- methods: renewed by learn -->", "<!-- end of methods -->"
_CARD = """---
library_name: posetransfer
tags:
- posetransfer
license: other
license_name: ask-the-person-shown
---
# {name}

A person for posetransfer to perform as: videos made with it are synthetic, and are labelled so.

{methods}

**Consent.** Nothing is recorded here about the consent of the person shown. Do not publish this target, or videos
made with it, unless they agreed to it.
"""

_CONSENT = re.compile(r"^\*\*Consent\.\*\*.*?(?=\n\n|\Z)", re.DOTALL | re.MULTILINE)

_METHODS = {
    "knn": "the person's own frames, chosen by pose (this checkpoint contains their footage)",
    "pose2pics": "a network that draws the person from a pose",
    "pics2pics": "a network that turns pictures of one other person into the person",
}


def write_card(folder: Path, name: str, methods: dict[str, dict[str, Any]]) -> None:
    """Write README.md for the target `name`; in one that is there, only the rows on its methods are renewed."""
    card = folder / "README.md"
    rows = [f"- **{method}**: {_METHODS[method]}.{_facts(section)}" for method, section in methods.items()]
    about = "\n".join([BEGIN, *rows, END])
    if card.exists():
        text = card.read_text(encoding="utf-8")
        before, begin, rest = text.partition(BEGIN)
        _, end, after = rest.partition(END)
        if begin and end:  # else its writer took the rows out, and is right
            card.write_text(before + about + after, encoding="utf-8")
        return
    card.write_text(_CARD.format(name=name, methods=about), encoding="utf-8")


def published_card(folder: Path, name: str, consent: str, licence: str) -> str:
    """The card that goes to a hub: that of the folder, with what its publisher says of licence and consent.

    licence: the Hub's short name of one, or "other". A card without rows on its methods or without a paragraph on
    consent gets what is missing at its end.
    """
    card = folder / "README.md"
    body = front_matter_removed(card.read_text(encoding="utf-8")).strip() if card.is_file() else f"# {name}"
    told = f"**Consent.** {' '.join(consent.split())}"
    body, replaced = _CONSENT.subn(lambda _: told, body)
    named = "license: other\nlicense_name: ask-the-person-shown" if licence == "other" else f"license: {licence}"
    head = f"---\nlibrary_name: posetransfer\ntags:\n- posetransfer\n{named}\n---"
    return "\n\n".join([head, body, *([] if replaced else [told])]) + "\n"


def set_consent(folder: Path, consent: str) -> None:
    """Write what the person's consent is into the card of the target in `folder`, in place of what stands there."""
    card = folder / "README.md"
    text = card.read_text(encoding="utf-8")
    told = f"**Consent.** {' '.join(consent.split())}"
    changed, replaced = _CONSENT.subn(lambda _: told, text)
    card.write_text(changed if replaced else f"{text.rstrip()}\n\n{told}\n", encoding="utf-8")


def front_matter_removed(text: str) -> str:
    """A card's text without the YAML between --- lines at its head."""
    return re.sub(r"\A---\n.*?\n---\n", "", text, count=1, flags=re.DOTALL).lstrip()


def card_body(text: str) -> str:
    """A card's Markdown without front matter and without comments."""
    before, *rest = front_matter_removed(text).split("<!--")
    pieces = [before]
    for piece in rest:
        _, end, after = piece.partition("-->")
        pieces.append(after.removeprefix("\n") if end else f"<!--{piece}")  # one that never ends is none
    return "".join(pieces).strip()


def card_licence(folder: Path) -> str | None:
    """The licence that a card's front matter names; None where it names none."""
    card = folder / "README.md"
    text = card.read_text(encoding="utf-8", errors="replace") if card.is_file() else ""
    head = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    names = re.findall(r"^license(?:_name)?: *(.+?) *$", head[1], re.MULTILINE) if head else []
    return str(names[-1]) if names else None


def _facts(section: dict[str, Any]) -> str:
    training = section.get("training")
    if not training:
        return f" {section['frames']} frames." if "frames" in section else ""
    steps, minutes = training.get("steps"), training.get("seconds", 0) / 60
    held_out = (
        f" SSIM {training['held_out_ssim']:.2f} on held-out frames of the body." if "held_out_ssim" in training else ""
    )
    return f" Trained {steps} steps in {minutes:.1f} minutes on {training.get('pairs')} pairs.{held_out}"
