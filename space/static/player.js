/** <pt-player>: up to six views of one dance, playing in step under one control bar. */

import { InStep } from "./in-step.js";

const SPEEDS = [0.25, 0.5, 1];
const UNLOADED = 4; // MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED: also what a missing file gives

/** An element with properties, attributes (those with a dash, and role) and children; text stays text. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

/**
 * @typedef {object} View
 * @property {string} name the key that `sound` refers to
 * @property {string} title shown below the video
 * @property {string} src address of an mp4
 * @property {string} [note] a sentence below the title
 * @property {string} [download] file name to download it as; without one there is no link
 */

/** The element. Load player.css beside it. It never starts by itself. */
export class Player extends HTMLElement {
  #step = null;
  #closed = null;
  #figures = new Map(); // view's name -> {figure, video, enlarge, title}
  #sound = null;
  #fps = 30;
  #parts = {};

  /**
   * Show these views instead of what was there.
   *
   * @param {object} options
   * @param {View[]} options.views of nearly the same duration; the shortest ends the play
   * @param {number} options.fps pictures a second; a view may have twice as many
   * @param {string|null} options.sound name of the one view that is heard, and whose clock counts
   */
  load({ views, fps, sound = null }) {
    this.unload();
    this.#fps = fps;
    this.#closed = new AbortController();
    const grid = make("div", { className: "pt-views" }, ...views.map((view) => this.#figure(view, sound)));
    this.append(grid, this.#bar());
    this.setAttribute("data-views", String(views.length));
    this.#sound = this.#figures.get(sound)?.video ?? null;
    const videos = [...this.#figures.values()].map(({ video }) => video);
    this.#step = new InStep(videos, fps, this.#sound ?? videos[0]);
    this.#step.addEventListener("change", () => this.#show());
    this.#step.addEventListener("time", () => this.#showTime());
    document.addEventListener("keydown", (event) => this.#escape(event), { signal: this.#closed.signal });
    this.#show();
  }

  /** Stop, and leave nothing: no video, no connection, no listener. */
  unload() {
    this.#closed?.abort();
    this.#step?.close();
    this.#step = null;
    for (const { video } of this.#figures.values()) {
      video.removeAttribute("src");
      video.load(); // lets go of the connection; removing the element does not
    }
    this.#figures.clear();
    this.#sound = null;
    this.replaceChildren();
  }

  disconnectedCallback() {
    // a moved element is back at once
    queueMicrotask(() => this.isConnected || this.unload());
  }

  #figure(view, sound) {
    const video = make("video", { playsInline: true, preload: "auto", muted: view.name !== sound });
    video.setAttribute("aria-label", view.title);
    video.disableRemotePlayback = true; // one view on the television would leave the others behind
    const enlarge = make("button", { type: "button", onclick: () => this.#enlarge(view.name) });
    const caption = make("figcaption", {}, make("span", { className: "pt-title", textContent: view.title }));
    if (view.note) caption.append(make("span", { className: "pt-note", textContent: view.note }));
    const actions = make("div", { className: "pt-actions" }, enlarge);
    if (view.download) {
      const link = make("a", { href: view.src, download: view.download, textContent: "Download" });
      link.setAttribute("aria-label", `Download ${view.title}`);
      actions.append(link);
    }
    const figure = make("figure", {}, make("div", { className: "pt-stage" }, video), caption, actions);
    this.#figures.set(view.name, { figure, video, enlarge, title: view.title });
    this.#nameEnlarge(view.name, false);
    video.addEventListener("error", () => this.#failed(view.name), { signal: this.#closed.signal });
    video.src = view.src;
    return figure;
  }

  #bar() {
    const step = (pictures) => () => this.#step.step(pictures);
    const button = (textContent, onclick, more) => make("button", { type: "button", textContent, onclick, ...more });
    const parts = {
      play: button("Play", () => this.#toggle(), { className: "pt-play" }),
      back: button("\u2039 Frame", step(-1), { "aria-label": "Previous frame" }),
      on: button("Frame \u203a", step(1), { "aria-label": "Next frame" }),
      seek: make("input", { type: "range", min: "0", max: "0", step: "any", value: "0", "aria-label": "Position" }),
      time: make("span", { className: "pt-time" }),
      speed: make("select", {}, ...SPEEDS.map((x) => new Option(`${x}\u00d7`, x, x === 1, x === 1))),
      mute: button("Mute", () => this.#toggleSound()),
      loop: make("input", { type: "checkbox" }),
      status: make("p", { className: "pt-status", role: "status" }),
    };
    parts.seek.oninput = () => this.#step.seek(Number(parts.seek.value));
    parts.speed.onchange = () => (this.#step.rate = Number(parts.speed.value));
    parts.loop.onchange = () => (this.#step.loop = parts.loop.checked);
    this.#parts = parts;
    const speed = make("label", {}, "Speed ", parts.speed);
    const loop = make("label", {}, parts.loop, " Loop");
    const seek = make("div", { className: "pt-seek" }, parts.seek, parts.time);
    const controls = [parts.play, parts.back, parts.on, seek, speed, loop, parts.mute, parts.status];
    return make("div", { className: "pt-bar", role: "group", "aria-label": "All views together" }, ...controls);
  }

  #toggle() {
    if (this.#step.playing) this.#step.pause();
    else this.#step.play();
  }

  #toggleSound() {
    this.#sound.muted = !this.#sound.muted;
    this.#show();
  }

  #show() {
    if (!this.#step) return;
    const { play, back, on, seek, speed, mute, status } = this.#parts;
    const { end, playing, any, busy } = this.#step;
    play.textContent = playing ? "Pause" : "Play";
    for (const control of [play, back, on, seek, speed]) control.disabled = !end;
    mute.hidden = !this.#sound;
    mute.textContent = this.#sound?.muted ? "Unmute" : "Mute";
    status.textContent = any ? "" : "None of the videos could be loaded. Reload the page to try again.";
    this.toggleAttribute("data-busy", busy);
    if (end) {
      seek.step = String(1 / this.#fps);
      seek.max = String((this.#step.count - 1) / this.#fps);
    }
    this.#showTime();
  }

  #showTime() {
    const { seek, time } = this.#parts;
    const { end } = this.#step;
    if (!end) {
      time.textContent = "";
      return;
    }
    const now = this.#step.time;
    const text = `${Math.min(now, end).toFixed(1)} of ${end.toFixed(1)}`;
    seek.value = String(Math.floor(now * this.#fps + 0.01) / this.#fps);
    if (time.textContent === `${text} s`) return; // ten times a second is often enough for a text
    time.textContent = `${text} s`;
    seek.setAttribute("aria-valuetext", `${text} seconds`);
  }

  #failed(name) {
    const { figure, video, enlarge } = this.#figures.get(name);
    const reason =
      video.error?.code === UNLOADED ? "its video could not be loaded" : "its video broke off while it was playing";
    const sentence = make("p", { className: "pt-failed", role: "alert" });
    sentence.textContent = `This view cannot be shown: ${reason}. The other views go on.`;
    if (figure.hasAttribute("data-large")) this.#enlarge(null);
    video.replaceWith(sentence);
    enlarge.hidden = true;
    if (this.#sound === video) this.#sound = null;
    this.#step.drop(video);
  }

  #nameEnlarge(name, large) {
    const { figure, enlarge, title } = this.#figures.get(name);
    figure.toggleAttribute("data-large", large);
    enlarge.textContent = large ? "Back to all" : "Enlarge";
    enlarge.setAttribute("aria-label", large ? `Back to all, from ${title}` : `Enlarge ${title}`);
  }

  #enlarge(name) {
    const large = name !== null && !this.#figures.get(name).figure.hasAttribute("data-large");
    for (const each of this.#figures.keys()) this.#nameEnlarge(each, large && each === name);
    this.toggleAttribute("data-large", large);
    if (large) this.#figures.get(name).figure.scrollIntoView({ block: "nearest" });
  }

  #escape(event) {
    if (event.key !== "Escape" || !this.hasAttribute("data-large")) return;
    const enlarged = [...this.#figures].find(([, { figure }]) => figure.hasAttribute("data-large"));
    this.#enlarge(null);
    enlarged[1].enlarge.focus();
  }
}

customElements.define("pt-player", Player);
