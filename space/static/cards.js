// <pt-cards>: one of several, as cards with a picture or a sentence. Native radio buttons, so that keyboards and
// screen readers know them.

import { make } from "./visitor.js";

class Cards extends HTMLElement {
  connect(tell) {
    this.tell = tell;
    this.addEventListener("change", (event) => {
      this.wanted = event.target.value;
      this.value = { ...this.value, chosen: event.target.value };
      this.tell(this.value, "change");
    });
  }

  /** value: {name, legend, options: [{value, title, text, picture, off}], chosen, empty}; off: why it can't be chosen. */
  show(value) {
    this.value = value ?? this.value;
    const { options, legend, name } = this.value;
    const drawn = JSON.stringify([options, legend]);
    if (drawn !== this.drawn) this.draw(name, legend, options);
    this.drawn = drawn;
    for (const input of this.querySelectorAll("input")) input.checked = input.value === this.value.chosen;
    this.keepWanted();
  }

  /** What the visitor chose stays chosen while it can be, whatever answer of the server is still on its way; at first
   * that is what a link names: ?target=NAME&method=NAME. */
  keepWanted() {
    this.wanted ??= new URLSearchParams(location.search).get(this.value.name) ?? "";
    const possible = this.value.options.some(({ value, off }) => value === this.wanted && !off);
    if (!possible || this.wanted === this.value.chosen) return;
    this.show({ ...this.value, chosen: this.wanted });
    this.tell(this.value, "change");
  }

  draw(name, legend, options) {
    const focused = this.contains(document.activeElement) ? document.activeElement.value : null;
    const cards = options.map((option) => this.card(name, option));
    const empty = cards.length ? null : make("p", { class: "pt-empty" }, this.value.empty ?? "");
    this.replaceChildren(
      make("fieldset", { class: "pt-cards" }, make("legend", {}, legend), make("div", { class: `pt-cards-row${options.some(({ picture }) => picture) ? " pt-pictures" : ""}` }, ...cards), empty),
    );
    // the keyboard's place is kept: a new target may be answered while somebody is in the methods already
    if (focused !== null) [...this.querySelectorAll("input:enabled")].find(({ value }) => value === focused)?.focus({ preventScroll: true });
  }

  card(name, option) {
    const input = make("input", { type: "radio", name, value: option.value, disabled: Boolean(option.off) });
    const picture = option.picture ? make("img", { src: option.picture, alt: "" }) : null;
    const text = make("span", { class: "pt-card-text" }, option.off ?? option.text ?? "");
    const words = make("span", { class: "pt-card-words" }, make("strong", {}, option.title), text);
    const line = make("span", { class: "pt-card-line" }, input, words);
    return make("label", { class: `pt-card${option.off ? " pt-off" : ""}` }, picture, line);
  }
}

customElements.define("pt-cards", Cards);
