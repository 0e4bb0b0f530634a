// <pt-check>: what footage is good for, before a minute of training is spent on it.

import { Following } from "./follow.js";
import { jobAddress, make } from "./visitor.js";

const CAMERA = { still: "stands still", moving: "moves", unknown: "can't be told (a plain wall)" };

class Check extends HTMLElement {
  connect(tell) {
    this.tell = tell;
  }

  /** value: {token, problem, facts}. */
  show(value) {
    if (value?.token === this.token && (value?.problem ?? null) === this.problem) return;
    this.following?.end();
    this.value = value ?? {};
    this.token = this.value.token ?? null;
    this.problem = this.value.problem ?? null;
    this.replaceChildren();
    if (this.problem) return this.complain(this.problem);
    if (!this.token) return;
    this.said = make("p", { class: "pt-looking", role: "status" }, "Looking through the footage …");
    this.append(this.said);
    this.following = new Following(this.token, (job) => this.answered(job), (error) => this.complain(error.message));
  }

  complain(sentence) {
    this.replaceChildren(make("p", { class: "pt-problem", role: "alert" }, sentence));
  }

  answered(job) {
    if (job.state === "failed" || job.state === "stopped") return this.complain(job.error ?? "The check was stopped.");
    if (job.state !== "done") {
      const share = job.total ? ` ${Math.round((100 * job.done) / job.total)} %` : "";
      this.said.textContent = job.state === "waiting" ? "Waiting for another job to end …" : `Looking through the footage …${share}`;
      return;
    }
    const facts = job.result;
    this.replaceChildren(make("div", { class: "pt-check" }, this.pictures(facts), this.numbers(facts), this.advice(facts)));
    this.value = { ...this.value, facts };
    this.tell(this.value, "change");
  }

  pictures({ files }) {
    const figure = (name, alt, caption) =>
      make("figure", {}, make("img", { src: jobAddress(this.token, files[name]), alt }), make("figcaption", {}, caption));
    return make(
      "div", { class: "pt-check-pictures" },
      figure("footage", "A picture from the middle of the footage", "The footage"),
      figure("coverage", "A figure whose limbs carry roses of the directions they were seen in", "Directions each limb was seen in: the fuller, the better"),
    );
  }

  numbers({ seconds, frames, usable, faces, camera, movements }) {
    const percent = (share) => `${Math.round(share * 100)} %`;
    const row = (name, text) => [make("dt", {}, name), make("dd", {}, text)];
    const seen = movements.filter((move) => move.seen).map((move) => move.name);
    return make(
      "dl", {},
      ...row("Length", `${seconds.toFixed(1)} s, ${frames} pictures, ${usable} of them usable`),
      ...row("Face", `found in ${percent(faces)} of them`),
      ...row("Camera", CAMERA[camera]),
      ...row("Movements seen", seen.join(", ") || "none"),
    );
  }

  advice({ advice }) {
    if (!advice.length) return make("p", { class: "pt-good", role: "status" }, "Good footage: nothing is missing.");
    const items = advice.map(({ text }) => make("li", {}, text));
    return make("div", { role: "status" }, make("p", {}, "It can be learned from as it is. It would be better with:"), make("ul", { class: "pt-advice" }, ...items));
  }
}

customElements.define("pt-check", Check);
