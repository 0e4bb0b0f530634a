// A target's card: the parts that the server took a stranger's Markdown apart into, as elements with nothing else of it.

import { make } from "./visitor.js";

const KINDS = new Set("p h4 h5 h6 ul ol li blockquote strong em code pre hr br table thead tbody tr th td".split(" "));

/** parts: texts, and lists of a kind and the parts in it. What is of no known kind is its texts alone. */
export function card(parts) {
  return make("div", { class: "pt-cardtext" }, ...parts.flatMap(nodes));
}

function nodes(part) {
  if (typeof part === "string") return [part];
  const [kind, ...inside] = part;
  const children = inside.flatMap(nodes);
  const ours = kind === "table" ? { tabindex: 0 } : {}; // a wide one is scrolled by keys too
  return KINDS.has(kind) ? [make(kind, ours, ...children)] : children;
}
