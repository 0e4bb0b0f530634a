"""The Live tab: the camera in, the target out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from posetransfer.checkpoints.lookup import target_summaries
from space import messages
from space.elements import element
from space.tabs.transfer import PRIVATE


def live_tab(blocks: gr.Blocks) -> Callable[[Any], None]:
    """Build the tab; gives what makes an event show the targets there are by then."""
    gr.Markdown(messages.LIVE_INTRODUCTION)
    live = element("pt-live", _choices())

    def renew(event: Any) -> None:
        event(_choices, None, live, **PRIVATE)

    renew(blocks.load)
    return renew


def _choices() -> dict[str, Any]:
    """The targets and what each can; the rest is between the browser and the stage (space/live)."""
    targets = [{"name": summary.name, "methods": list(summary.methods)} for summary in target_summaries()]
    return {"targets": targets, "methods": messages.METHOD_TITLES, "empty": messages.NO_TARGETS}
