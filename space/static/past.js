// <pt-past>: what this visitor made before, to be shown again or deleted.

import { ask, jobAddress, make, METHODS } from "./visitor.js";

const STATES = { waiting: "waiting", running: "under way", failed: "went wrong", stopped: "stopped" };

class Past extends HTMLElement {
  connect() {
    window.addEventListener("posetransfer:changed", () => this.refresh());
    this.refresh();
  }

  /** value: {kept}: how long results stay, in words. */
  show(value) {
    this.kept = value?.kept ?? "";
  }

  async refresh() {
    try {
      this.draw((await ask("posetransfer/jobs")).filter((job) => job.kind === "transfer"));
    } catch {
      // the job above says that the server is away; the list stays as it was
    }
  }

  draw(jobs) {
    if (!jobs.length) return this.replaceChildren();
    const note = `Kept ${this.kept}; only this browser can find them.`;
    const all = make("button", { type: "button", on: { click: () => this.forget(jobs) } }, "Delete all of my files");
    this.replaceChildren(
      make("section", { class: "pt-past", "aria-label": "Your results" }, make("h3", {}, "Your results"),
        make("ul", {}, ...jobs.map((job) => this.item(job))), make("p", { class: "pt-note" }, note), jobs.length > 1 ? all : ""),
    );
  }

  item(job) {
    const { driving, target, method } = job.title;
    const name = `${target} performs ${driving}`;
    const when = new Date(job.created * 1000).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    const state = job.result?.stopped_early ? "stopped, part kept" : STATES[job.state] ?? "";
    const picture = job.preview ? make("img", { src: jobAddress(job.token, job.preview), alt: "", loading: "lazy" }) : make("span", { class: "pt-nopicture" });
    const words = make("span", { class: "pt-card-words" }, make("strong", {}, name), [METHODS[method] ?? method, when, state].filter(Boolean).join(" · "));
    const show = make("button", { type: "button", "aria-label": `Show ${name}`, on: { click: () => window.dispatchEvent(new CustomEvent("posetransfer:show", { detail: job.token })) } }, "Show");
    const remove = make("button", { type: "button", "aria-label": `Delete ${name}`, on: { click: () => this.forget([job]) } }, "Delete");
    return make("li", {}, picture, words, make("span", { class: "pt-buttons" }, show, remove));
  }

  async forget(jobs) {
    const sure = jobs.length === 1 ? "Delete this result and its files?" : `Delete all ${jobs.length} results and their files?`;
    if (!window.confirm(sure)) return;
    await Promise.all(jobs.map(({ token }) => ask(`${jobAddress(token)}/discard`, "POST").catch(() => null)));
    window.dispatchEvent(new CustomEvent("posetransfer:deleted", { detail: jobs.map(({ token }) => token) }));
    this.refresh();
  }
}

customElements.define("pt-past", Past);
