// <pt-check>: what footage is good for, before a minute of training is spent on it.

import { jobAddress, make } from "./visitor.js";
import { Watching } from "./watching.js";

const CAMERA = { still: "stands still", moving: "moves", unknown: "can't be told (a plain wall)" };

/** Its value gets `facts`, what was found. */
class Check extends Watching {
  looking = "Looking through the footage …";
  stopped = "Stopped. The footage can be learned from without having been looked through.";

  found(facts) {
    this.fill(make("div", { class: "pt-check", tabindex: -1 }, this.pictures(facts), this.numbers(facts), this.advice(facts)));
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
