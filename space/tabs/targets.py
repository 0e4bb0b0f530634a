"""The Targets tab: all targets as cards, what can be done with them, and the way to the Hub."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from space import messages
from space.elements import element
from space.errands import Errands
from space.tabs.transfer import PRIVATE


def targets_tab(
    errands: Errands, blocks: gr.Blocks, visitor: gr.HTML, others: Callable[[Any], None]
) -> Callable[[Any], None]:
    """Build the tab and wire it up. others: for the cards elsewhere; gives the like for this tab."""
    gr.Markdown(messages.TARGETS_INTRODUCTION)
    shelf = element("pt-shelf", errands.shelf(), events=("act", "change"))
    with gr.Row(equal_height=False):
        with gr.Column():
            gr.Markdown(f"### {messages.HUB_LABEL}")
            name = gr.Textbox(label=messages.HUB_NAME, max_length=200, elem_id="hub-name")
            look = gr.Button(messages.LOOK_AT_IT, elem_id="hub-look")
            with gr.Accordion(messages.SEARCH_LABEL, open=False):
                gr.Markdown(messages.SEARCH_WARNING)
                words = gr.Textbox(label="Words in the name", max_length=100, elem_id="hub-words")
                search = gr.Button(messages.SEARCH, elem_id="hub-search")
        with gr.Column():
            offer = element("pt-offer", errands.featured(), events=("pull", "pick"))

    shelf.act(errands.act, [shelf, visitor], shelf, **PRIVATE)
    for asked in (look.click, name.submit):
        asked(errands.look, name, offer, **PRIVATE)
    for asked in (search.click, words.submit):
        asked(errands.search, words, offer, **PRIVATE)
    offer.pick(lambda value: errands.look(str((value or {}).get("picked", ""))), offer, offer, **PRIVATE)
    offer.pull(errands.pull, [offer, visitor], shelf, **PRIVATE)
    others(shelf.change)

    def renew(event: Any) -> None:
        event(errands.shelf, None, shelf, **PRIVATE)

    renew(blocks.load)
    return renew
