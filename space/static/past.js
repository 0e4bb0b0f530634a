// <pt-past>: what this visitor made before, to be shown again or deleted.

import { ask, jobAddress, make, METHODS } from "./visitor.js";

const STATES = { waiting: "waiting", running: "under way", failed: "went wrong", stopped: "stopped" };

class Past extends HTMLElement {
  connect() {
    this.body = make("div");
    this.replaceChildren(this.body);
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
    const focused = this.body.contains(document.activeElement) ? document.activeElement.id : null;
    if (!jobs.length) return this.body.replaceChildren();
    const note = `Kept ${this.kept}; only this browser can find them.`;
    const all = make("button", { type: "button", id: "pt-delete-all", on: { click: () => this.forgetAll() } }, "Delete all of my files");
    const heading = make("h3", { tabindex: -1 }, "Your results");
    this.body.replaceChildren(
      make("section", { class: "pt-past", "aria-label": "Your results" }, heading,
        make("ul", {}, ...jobs.map((job) => this.item(job))), make("p", { class: "pt-note" }, note), all),
    );
    if (focused !== null) (document.getElementById(focused) ?? heading).focus({ preventScroll: true });
  }

  item(job) {
    const { driving, target, method } = job.title;
    const name = `${target} performs ${driving}`;
    const when = new Date(job.created * 1000).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    const state = job.result?.stopped_early ? "stopped, part kept" : STATES[job.state] ?? "";
    const picture = job.preview ? make("img", { src: jobAddress(job.token, job.preview), alt: "", loading: "lazy" }) : make("span", { class: "pt-nopicture" });
    const words = make("span", { class: "pt-card-words" }, make("strong", {}, name), [METHODS[method] ?? method, when, state].filter(Boolean).join(" · "));
    const which = `${name}, ${METHODS[method] ?? method}, ${when}`;
    const button = (word, click) =>
      make("button", { type: "button", id: `pt-${word.toLowerCase()}-${job.token}`, "aria-label": `${word} ${which}`, on: { click } }, word);
    const show = button("Show", () => window.dispatchEvent(new CustomEvent("posetransfer:show", { detail: job.token })));
    const remove = button("Delete", () => window.confirm("Delete this result and its files?") && this.forget([job]));
    return make("li", {}, picture, words, make("span", { class: "pt-buttons" }, show, remove));
  }

  /** Jobs of every kind: a look keeps a copy of the upload. */
  async forgetAll() {
    if (!window.confirm("Delete all of your results and uploads?")) return;
    try {
      await this.forget(await ask("posetransfer/jobs"));
    } catch (error) {
      this.complain(error.message);
    }
  }

  async forget(jobs) {
    this.complain(null);
    const gone = [];
    const discard = async ({ token }) => {
      try {
        await ask(`${jobAddress(token)}/discard`, "POST");
      } catch (error) {
        if (error.status !== 404) return this.complain(error.message);
      }
      gone.push(token);
    };
    await Promise.all(jobs.map(discard));
    window.dispatchEvent(new CustomEvent("posetransfer:deleted", { detail: gone }));
    await this.refresh();
  }

  /** Say below the list why something was not deleted; null: take that away. */
  complain(sentence) {
    this.problem?.remove();
    this.problem = sentence && make("p", { class: "pt-problem", role: "alert" }, sentence);
    if (sentence) this.append(this.problem);
  }
}

customElements.define("pt-past", Past);
