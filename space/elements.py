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


def element(tag: str, value: Any, *, events: Sequence[str] = (), **settings: Any) -> gr.HTML:
    """The custom element `tag` as a component whose value is JSON. events: what it triggers, each a listener of it.

    A function and not a class of its own: gradio writes a stub file beside the source of every such class.
    """
    return gr.HTML(
        value,
        html_template=f"<{tag}></{tag}>",
        js_on_load=BRIDGE % (list(events), tag, tag),
        apply_default_css=False,
        **settings,
    )
