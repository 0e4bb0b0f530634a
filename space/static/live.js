// <pt-live>: the camera and the target side by side, switched, measured and recorded while it runs.

import { Camera } from "./live-camera.js";
import { Flow } from "./live-flow.js";
import { openLink } from "./live-link.js";
import { duration, make } from "./visitor.js";

const STATES = {
  nobody: "Nobody is seen. Step back until your whole body is in view.",
  settling: "Stand still for two seconds, with your whole body in view: you are being measured.",
  part: "Your feet are not in view, so the target's legs only stand. Step back to move them too.",
  whole: "The target follows you.",
};
const LOST = "The connection was lost. Trying again …";
const AWAY = "The page's server does not answer. Is it still running?";
const TRIES = 24; // after a lost connection; the server frees a lost seat after 30 s
const PAUSE = 1500; // ms between two
const KEEPING = 5000; // ms that a recording may take to be finished before the seat is left

class Live extends HTMLElement {
  connect() {
    const select = (label, change) => make("select", { "aria-label": label, on: { change } });
    this.target = select("Target", () => this.targetChosen());
    this.method = select("Method", () => this.ask());
    this.mirror = make("input", { type: "checkbox", checked: true, on: { change: () => (this.camera.mirrored = this.mirror.checked) } });
    const button = (word, click, off = true) => make("button", { type: "button", class: "pt-button", disabled: off, on: { click } }, word);
    this.toggle = button("Start", () => (this.running ? this.stop() : this.start()), false);
    this.toggle.classList.add("pt-primary");
    this.again = button("Measure me again", () => this.say({ do: "measure" }));
    this.record = button("Record", () => this.say({ do: this.recording ? "keep" : "record" }));
    this.status = make("p", { class: "pt-said", role: "status" }, "Press Start. The browser will ask whether this page may use your camera.");
    this.problem = make("p", { class: "pt-problem", role: "alert", hidden: true });
    this.figures = make("p", { class: "pt-numbers" });
    this.result = make("div", { class: "pt-live-result" });
    const canvas = (label, width, height) => make("canvas", { role: "img", "aria-label": label, width, height });
    this.driving = canvas("Your camera", 640, 480);
    this.made = canvas("The target", 256, 256);
    this.camera = new Camera(this.driving, () => this.flow.taken(), (sentence) => this.stop(sentence));
    this.flow = new Flow(this.camera, this.made, (detail) => this.dispatchEvent(new CustomEvent("made", { detail })));
    this.replaceChildren(
      make("div", { class: "pt-live-choices" },
        make("label", {}, make("span", {}, "Target"), this.target), make("label", {}, make("span", {}, "Method"), this.method),
        make("label", { class: "pt-live-mirror" }, this.mirror, make("span", {}, "Mirror"))),
      make("div", { class: "pt-buttons" }, this.toggle, this.again, this.record),
      this.problem, this.status,
      make("div", { class: "pt-live-pictures" },
        make("figure", {}, this.driving, make("figcaption", {}, "You")),
        make("figure", {}, this.made, (this.caption = make("figcaption", {}, "The target")))),
      this.figures, this.result,
    );
    addEventListener("pagehide", () => this.link?.close());
  }

  /** value: {targets: [{name, methods}], methods: {name: title}, empty}. */
  show(value) {
    if (!value || JSON.stringify(value) === JSON.stringify(this.value)) return;
    this.value = value;
    const options = value.targets.map(({ name }) => make("option", { value: name }, name));
    const chosen = this.target.value || new URLSearchParams(location.search).get("target");
    this.target.replaceChildren(...options);
    if (value.targets.some(({ name }) => name === chosen)) this.target.value = chosen;
    if (!options.length) this.complain(value.empty);
    this.toggle.disabled = !options.length;
    this.targetChosen();
  }

  targetChosen() {
    const has = this.value.targets.find(({ name }) => name === this.target.value)?.methods ?? [];
    const before = this.method.value || "pose2pics";
    this.method.replaceChildren(...Object.entries(this.value.methods).map(([name, title]) =>
      make("option", { value: name, disabled: !has.includes(name) }, has.includes(name) ? title : `${title} (not trained for it)`)));
    this.method.value = has.includes(before) ? before : has[0];
    this.ask();
  }

  ask() {
    if (!this.link) return;
    this.caption.textContent = `Loading ${this.target.value} …`;
    this.say({ do: "change", target: this.target.value, method: this.method.value });
  }

  say(words) {
    this.link?.send(JSON.stringify(words));
  }

  async start() {
    this.running = true;
    this.toggle.textContent = "Stop";
    this.complain("");
    this.result.replaceChildren();
    this.tell("Waiting for the camera …");
    try {
      await this.camera.open();
    } catch (error) {
      return this.stop(error.message);
    }
    if (!this.running) return this.camera.close();
    this.numbers = setInterval(() => this.count(), 500);
    await this.join(1);
  }

  /** Take a seat. tries: how often, before the visitor is told why not. */
  async join(tries) {
    this.tries = tries;
    this.tell(tries > 1 ? LOST : "Getting ready: loading takes some seconds …");
    const link = await openLink((message) => this.heard(message), (last) => this.ended(last));
    if (!link) return;
    if (!this.running) return link.close();
    this.link = link;
    this.flow.connect(link);
    this.again.disabled = this.record.disabled = false;
    this.ask();
  }

  /** The seat is given up, with a sentence, or the connection was lost or never there. */
  ended({ over, taken }) {
    const before = this.link;
    this.disconnect();
    if (!this.running) return;
    if (before && !over) this.join(TRIES);
    else if (this.tries > 1 && (taken || !over)) setTimeout(() => this.running && this.join(this.tries - 1), PAUSE);
    else this.stop(over ?? AWAY);
  }

  disconnect() {
    this.link = null;
    this.flow.connect(null);
    this.again.disabled = this.record.disabled = true;
    this.recorded(false);
  }

  async stop(sentence = "") {
    if (this.recording) {
      this.say({ do: "keep" });
      await Promise.race([new Promise((kept) => (this.kept = kept)), new Promise((late) => setTimeout(late, KEEPING))]);
    }
    this.running = false;
    clearInterval(this.numbers);
    this.camera.close();
    this.link?.close();
    this.disconnect();
    this.toggle.textContent = "Start";
    this.figures.textContent = "";
    this.tell("Stopped.");
    this.complain(sentence);
  }

  heard(message) {
    if (message instanceof ArrayBuffer) return this.flow.arrived(message);
    if (message.problem) {
      this.complain(message.problem);
      this.caption.textContent = this.playing ?? "The target";
    }
    if (message.playing) {
      this.tries = 1;
      this.complain("");
      this.runtime = message.runtime;
      this.caption.textContent = this.playing = `${message.playing}, by ${this.value.methods[message.method]}`;
    }
    if (message.state) this.tell(STATES[message.state]);
    if ("recording" in message) this.recorded(message.recording);
    if ("recorded" in message) this.keep(message);
  }

  recorded(on) {
    this.recording = on;
    this.record.textContent = on ? "Stop recording" : "Record";
    this.record.classList.toggle("pt-live-recording", on);
  }

  keep({ recorded, seconds }) {
    this.recorded(false);
    this.kept?.();
    if (!recorded) return this.complain("Nothing was recorded: no picture was made meanwhile.");
    const href = new URL(`posetransfer/live/recordings/${recorded}`, document.baseURI).href;
    this.result.replaceChildren(
      make("video", { src: href, controls: true, muted: true, playsinline: true, "aria-label": "What you recorded" }),
      make("p", {}, make("a", { class: "pt-button", href, download: "posetransfer-live.mp4" }, `Download the recording (${duration(seconds)})`)),
      make("p", { class: "pt-note" }, "It carries the badge and a signed note that it is synthetic. It stays here for an hour."),
    );
  }

  count() {
    const numbers = this.flow.numbers();
    this.figures.textContent = numbers ? `${numbers.rate.toFixed(1)} pictures a second · ${Math.round(numbers.latency)} ms from camera to picture · ${this.runtime ?? ""}` : "";
  }

  tell(words) {
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  complain(sentence) {
    this.problem.textContent = sentence;
    this.problem.hidden = !sentence;
  }
}

customElements.define("pt-live", Live);
