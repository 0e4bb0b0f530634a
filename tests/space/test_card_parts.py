"""Cards are strangers' text: whatever they hold, only known parts and plain texts come of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from posetransfer.checkpoints.card import write_card
from space.card_parts import CUT, HEADINGS, KINDS, MOST_CHARACTERS, Part, card_parts
from space.routes import STATIC

KNOWN = {*KINDS.values(), *HEADINGS.values()}


def kinds_and_texts(parts: list[Part]) -> Iterator[tuple[str | None, str]]:
    for part in parts:
        if isinstance(part, str):
            yield None, part
        else:
            kind, *inside = part
            assert isinstance(kind, str)
            yield kind, ""
            yield from kinds_and_texts(inside)


def text_of(parts: list[Part]) -> str:
    return "".join(text for _, text in kinds_and_texts(parts))


def test_a_card_of_ours_is_formatted(tmp_path: Path) -> None:
    write_card(tmp_path, "anna", {"knn": {"frames": 900}})
    parts = card_parts((tmp_path / "README.md").read_text())
    assert parts[0] == ["h4", "anna"] and parts[-1][:2] == ["p", ["strong", "Consent."]]
    told = next(part for part in parts if part[0] == "ul")
    assert told[1][:2] == ["li", ["p", ["strong", "knn"], told[1][1][2]]] and "900 frames" in told[1][1][2]
    assert "license" not in text_of(parts) and "<!--" not in text_of(parts)


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "handler": 'Hello <img src=x onerror="alert(1)"> <b onclick=alert(1)>you</b>',
    "frame": "<iframe src='https://evil.example'></iframe>\n\n<svg onload=alert(1)>",
    "javascript": "[click](javascript:alert(1)) [again](JaVaScRiPt:alert(1)) <javascript:alert(1)>",
    "data": "[x](data:text/html;base64,PHNjcmlwdD4=) ![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "tracker": '![you were here](https://evil.example/pixel.png "title") ![ref][r]\n\n[r]: https://evil.example/p.gif',
    "link": "[our page](https://evil.example) <https://evil.example> [`code`](https://evil.example 't')",
    "entity": "&lt;script&gt; &#60;img src=x onerror=alert(1)&#62; [x](&#106;avascript:alert(1))",
    "attributes": "# x {onclick=alert(1)}\n\n```html onclick=alert(1)\n<script>\n```\n",
    "table": "| a | <b onclick=alert(1)> |\n|:-:|--|\n| <script> | ![x](https://evil.example/p.gif) |",
    "comment": "<!-- a --> seen <!-- <script> --><!--> <!-- never ends <b>x</b>",
    "control": "a\x00b \u202e evil \ufeff",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_of_a_hostile_card_is_markup(name: str) -> None:
    parts = card_parts(HOSTILE[name])
    for kind, text in kinds_and_texts(parts):
        assert kind is None or kind in KNOWN
        assert isinstance(text, str)
    json.dumps(parts)


def test_links_are_plain_addresses_and_pictures_their_descriptions() -> None:
    said = text_of(card_parts(HOSTILE["link"]))
    assert said == "our page (https://evil.example) https://evil.example code (https://evil.example)"
    assert text_of(card_parts(HOSTILE["tracker"])) == "[picture: you were here] [picture: ref]"
    assert "evil" not in text_of(card_parts(HOSTILE["tracker"]))
    assert text_of(card_parts(HOSTILE["script"])) == HOSTILE["script"], "shown as what it is"
    assert text_of(card_parts(HOSTILE["comment"])) == "seen <!--> <!-- never ends <b>x</b>"


NESTED = {
    "quotes": ">" * 5000,
    "lists": "\n".join("  " * depth + "- x" for depth in range(140)),
    "brackets": "[" * 20_000,
    "pictures": "![" * 10_000,
    "stars": "*a **b " * 3000,
    "comments": "<!--" * 5000,
    "links": "[a](" * 5000,
    "one line": "x" * 10**6,
}


@pytest.mark.parametrize("name", NESTED)
def test_huge_nesting_comes_to_an_end(name: str) -> None:
    parts = card_parts(NESTED[name])
    json.dumps(parts)
    assert (parts[-1:] == [["p", CUT]]) == (len(NESTED[name]) > MOST_CHARACTERS)


def test_the_browser_knows_every_kind_and_sets_no_markup() -> None:
    script = (STATIC / "card.js").read_text()
    listed = re.findall(r'new Set\("([a-z0-9 ]+)"', script)[0].split()
    assert set(listed) == KNOWN
    assert not any(
        "innerHTML" in path.read_text() or "insertAdjacentHTML" in path.read_text() for path in STATIC.glob("*.js")
    )
