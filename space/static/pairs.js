// <pt-pairs>: what pics2pics would learn from, as pictures of driver and target in groups, each to be kept or dropped.

import { jobAddress, make } from "./visitor.js";
import { Watching } from "./watching.js";

/** Its value has `source`, the clip that was paired, and gets `dropped`: the driver's frames, as 12,13,20-30. */
class Pairs extends Watching {
  looking = "Pairing the driver with the footage …";
  stopped = "Stopped. pics2pics can learn without its pairs having been looked at.";

  found({ groups, pairs, coverage, columns, rows, files }) {
    const sheet = { address: jobAddress(this.token, files.pairs), columns, rows };
    this.total = pairs;
    this.boxes = groups.map(({ frames, count }) => Object.assign(make("input", { type: "checkbox", checked: true, on: { change: () => this.chosen() } }), { frames, count }));
    this.kept = make("p", { role: "status" });
    const all = (word, checked) => make("button", { type: "button", class: "pt-button", on: { click: () => this.set(checked) } }, word);
    this.fill(
      make("section", { class: "pt-pairs", "aria-label": "Pairs for pics2pics", tabindex: -1 },
        make("h3", {}, "Pairs for pics2pics"),
        make("p", {}, `On the left the driver, on the right the picture that pics2pics learns to make of them. Each stands for pairs that look like it, those that fit worst first: drop it if the two do different things. The driver comes near ${Math.round(coverage * 100)} % of the target's poses.`),
        make("div", { class: "pt-buttons" }, all("Keep all", true), all("Drop all", false)), this.kept,
        make("ul", {}, ...groups.map((group, index) => this.group(group, index, sheet)))),
    );
    this.chosen();
  }

  group({ count, seconds, distance }, index, { address, columns, rows }) {
    const at = `${seconds.toFixed(1)} s`;
    const picture = make("span", { class: "pt-pair", role: "img", "aria-label": `Driver at ${at}, and target` });
    const share = (place, places) => `${places > 1 ? (100 * place) / (places - 1) : 0}%`;
    Object.assign(picture.style, {
      backgroundImage: `url("${address}")`,
      backgroundSize: `${100 * columns}% ${100 * rows}%`,
      backgroundPosition: `${share(index % columns, columns)} ${share(Math.floor(index / columns), rows)}`,
    });
    const words = make("span", {}, make("strong", {}, "Keep"), ` ${at} · ${count === 1 ? "1 pair" : `${count} pairs`} · off by ${distance.toFixed(2)}`);
    return make("li", {}, make("label", { title: "Off by: distance of the joints, in lengths of the torso" }, picture, make("span", { class: "pt-card-line" }, this.boxes[index], words)));
  }

  set(checked) {
    for (const box of this.boxes) box.checked = checked;
    this.chosen();
  }

  chosen() {
    const dropped = this.boxes.filter((box) => !box.checked);
    const left = dropped.reduce((rest, { count }) => rest - count, this.total);
    this.kept.textContent = left ? `${left} of ${this.total} pairs are kept.` : "No pair is kept: pics2pics has nothing to learn from.";
    this.value = { ...this.value, dropped: dropped.map(({ frames }) => frames).join(",") };
    this.tell(this.value);
  }
}

customElements.define("pt-pairs", Pairs);
