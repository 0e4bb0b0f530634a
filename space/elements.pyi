"""Custom elements of space/static as components of the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

# A component's value goes to its element's `show`; what the visitor does there comes back through `tell`.
BRIDGE = """
const events = %s;
const part = element.querySelector('%s');
const tell = (value, event) => { props.value = value; if (event) trigger(event); };
customElements.whenDefined('%s').then(() => {
  part.connect(tell);
  part.show(props.value);
  watch('value', () => part.show(props.value));
});
"""

class Element(gr.HTML):  # type: ignore[misc]  # gradio's HTML is untyped
    """The custom element `tag`, whose value is JSON. events: the names it triggers, each usable as a listener."""

    def __init__(self, tag: str, value: Any, *, events: Sequence[str] = (), **settings: Any) -> None:
        super().__init__(
            value,
            html_template=f"<{tag}></{tag}>",
            js_on_load=BRIDGE % (list(events), tag, tag),
            apply_default_css=False,
            **settings,
        )

    def api_info(self) -> dict[str, Any]:
        """The value is free JSON; gradio would say a string."""
        return {}
    from typing import Callable, Literal, Sequence, Any, TYPE_CHECKING
    from gradio.blocks import Block
    if TYPE_CHECKING:
        from gradio.components import Timer
        from gradio.components.base import Component
