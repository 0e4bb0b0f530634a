// What <pt-check> and <pt-pairs> have in common: a job looks through clips before a minute of training is spent on them.

import { Following, stopButton } from "./follow.js";
import { make } from "./visitor.js";

export class Watching extends HTMLElement {
  // a subclass has `looking` and `stopped`, what is said meanwhile and after a stop, and `found(facts)`, which draws

  connect(tell) {
    this.tell = tell;
  }

  /** value: {token, problem} and what the subclass adds. */
  show(value) {
    if (value?.token === this.token && (value?.problem ?? null) === this.problem) return;
    this.following?.end();
    this.value = value ?? {};
    this.token = this.value.token ?? null;
    this.problem = this.value.problem ?? null;
    this.replaceChildren();
    if (this.problem) return this.complain(this.problem);
    if (!this.token) return;
    this.wait();
    this.following = new Following(this.token, (job) => this.answered(job), (error) => this.complain(error.message));
  }

  wait() {
    this.said = make("p", { class: "pt-looking", role: "status" }, this.looking);
    this.replaceChildren(this.said, stopButton(this.token, (sentence) => this.complain(sentence)));
  }

  complain(sentence) {
    this.fill(make("p", { class: "pt-problem", role: "alert", tabindex: -1 }, sentence));
  }

  answered(job) {
    if (job.state === "failed") return this.complain(job.error);
    if (job.state === "stopped") return this.offerAgain();
    if (job.state === "done") return this.found(job.result);
    if (!this.said.isConnected) this.wait(); // the server was away and is back
    const share = job.total ? ` ${Math.round((100 * job.done) / job.total)} %` : "";
    this.said.textContent = job.state === "waiting" ? "Waiting for another job to end …" : `${this.looking}${share}`;
  }

  offerAgain() {
    const again = make("button", { type: "button", class: "pt-button", on: { click: () => this.tell(this.value, "again") } }, "Look again");
    this.fill(make("p", { class: "pt-said", role: "status", tabindex: -1 }, this.stopped), again);
  }

  /** Show this instead of what was there; the keyboard's place, if it was in it, goes to the new beginning. */
  fill(...children) {
    const inside = this.contains(document.activeElement);
    this.replaceChildren(...children);
    if (inside) this.querySelector("[tabindex='-1']")?.focus({ preventScroll: true });
  }
}
