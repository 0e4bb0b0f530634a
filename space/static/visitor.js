// Who visits, and how the page asks its server. Results are found again by a random key that stays in this browser.

/** Methods as people read them, where that differs. */
export const METHODS = { knn: "k-NN" };

const KEY = "posetransfer-visitor";

function storage() {
  try {
    localStorage.setItem(`${KEY}-tried`, "1");
    return localStorage;
  } catch {
    return null; // refused in private windows and in frames: the key then lasts as long as the page
  }
}

const kept = storage();
let passing = null;

/** The visitor's key: 128 random bits, made at the first visit. */
export function visitor() {
  const known = kept?.getItem(KEY) ?? passing;
  if (known) return known;
  passing = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  kept?.setItem(KEY, passing);
  return passing;
}

/** Remember a small fact in this browser, or read it back (value left out). */
export function remembered(name, value) {
  if (value === undefined) return kept?.getItem(`posetransfer-${name}`) ?? null;
  kept?.setItem(`posetransfer-${name}`, value);
  return value;
}

/** The address of a job, or of one of its files. Relative, so that it works behind any proxy path. */
export function jobAddress(token, file = "", download = "") {
  const address = `posetransfer/jobs/${token}${file && `/files/${file}`}`;
  return download ? `${address}?download=${encodeURIComponent(download)}` : address;
}

/** Ask the server; gives the JSON it answers. Throws an Error with the server's sentence, and `status` 0 if unreachable. */
export async function ask(address, method = "GET") {
  let answer;
  try {
    answer = await fetch(address, { method, headers: { "X-Visitor": visitor() } });
  } catch {
    throw Object.assign(new Error("The page's server does not answer. Trying again."), { status: 0 });
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const sentence = body.error ?? "The page's server had a problem. Trying again.";
    throw Object.assign(new Error(sentence), { status: answer.status });
  }
  return body;
}

/** An element with attributes and children; strings become text, never markup. */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Seconds in words: "8 s", "1 min 20 s", "12 min". */
export function duration(seconds) {
  const whole = Math.max(Math.round(seconds), 1);
  if (whole < 60) return `${whole} s`;
  if (whole < 600) return `${Math.floor(whole / 60)} min${whole % 60 ? ` ${whole % 60} s` : ""}`;
  return `${Math.round(whole / 60)} min`;
}

/** The component that hands the visitor's key to the page. */
class Visitor extends HTMLElement {
  connect(tell) {
    tell(visitor());
  }

  show() {}
}

customElements.define("pt-visitor", Visitor);
