"""The card of a target: a README that says whose picture this is, how it was made, and what may be done with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_FRONT = """---
library_name: posetransfer
tags:
- posetransfer
license: other
license_name: ask-the-person-shown
---
"""

_METHODS = {
    "knn": "the person's own frames, chosen by pose (this checkpoint contains their footage)",
    "pose2pics": "a network that draws the person from a pose",
    "pics2pics": "a network that turns pictures of one other person into the person",
}


def write_card(folder: Path, name: str, methods: dict[str, dict[str, Any]]) -> None:
    """Write README.md for the target `name` with these methods' sections, where there is none yet."""
    card = folder / "README.md"
    if card.exists():
        return
    rows = [f"- **{method}**: {_METHODS[method]}.{_facts(section)}" for method, section in methods.items()]
    text = "\n".join(
        [
            f"# {name}",
            "",
            "A person for posetransfer to perform as: videos made with it are synthetic, and are labelled so.",
            "",
            *rows,
            "",
            "**Consent.** Nothing is recorded here about the consent of the person shown. Do not publish this target,",
            "or videos made with it, unless they agreed to it.",
            "",
            "",
        ]
    )
    card.write_text(_FRONT + text, encoding="utf-8")


def _facts(section: dict[str, Any]) -> str:
    training = section.get("training")
    if not training:
        return f" {section['frames']} frames." if "frames" in section else ""
    steps, minutes = training.get("steps"), training.get("seconds", 0) / 60
    return f" Trained {steps} steps in {minutes:.1f} minutes on {training.get('pairs')} pairs."
