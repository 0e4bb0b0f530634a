"""A target's card as its page shows it: Markdown taken apart into parts of a few known kinds, never into HTML.

Cards are strangers' text. The browser makes each part an element of its kind without attributes, and each text a text
node (space/static/card.js), so nothing that a card says can be markup, load anything or lead anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from posetransfer.checkpoints.card import card_body

MOST_CHARACTERS: Final = 20_000  # ten pages; the worst texts of this length take a second to take apart
CUT: Final = "The card goes on; it is too long to be shown."
# the kinds of parts, by markdown-it-py's names of its nodes; headings stand below those of the page
KINDS: Final = {
    "paragraph": "p",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "blockquote",
    "strong": "strong",
    "em": "em",
    "code_inline": "code",
    "code_block": "pre",
    "fence": "pre",
    "hr": "hr",
    "hardbreak": "br",
    "table": "table",
    "thead": "thead",
    "tbody": "tbody",
    "tr": "tr",
    "th": "th",
    "td": "td",
}
HEADINGS: Final = {"h1": "h4", "h2": "h5", "h3": "h6"}

Part: TypeAlias = "str | list[Part]"  # a text, or a kind and the parts in it


def card_parts(text: str) -> list[Part]:
    """The parts of a card's text; links with their addresses as plain text, pictures as their descriptions."""
    body = card_body(text[:MOST_CHARACTERS])
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    parts = list(_inside(SyntaxTreeNode(markdown.parse(body))))
    return [*parts, ["p", CUT]] if len(text) > MOST_CHARACTERS else parts


def _inside(node: SyntaxTreeNode) -> Iterator[Part]:
    for child in node.children:
        yield from _parts(child)


def _parts(node: SyntaxTreeNode) -> Iterator[Part]:
    if node.type == "link":
        words, address = list(_inside(node)), str(node.attrs["href"])
        yield from words
        if words != [address]:
            yield f" ({address})"
    elif node.type == "image":
        yield f"[picture: {node.content}]"
    elif node.type == "softbreak":
        yield " "
    elif node.type == "heading":
        yield [HEADINGS.get(node.tag, "h6"), *_inside(node)]
    elif node.type in KINDS:
        yield [KINDS[node.type], *([node.content.rstrip("\n")] if node.content else _inside(node))]
    elif node.children:
        yield from _inside(node)
    elif node.content:
        yield node.content
