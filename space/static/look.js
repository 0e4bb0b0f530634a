// <pt-look>: what is seen in the driving video before anything is made: its skeleton, who is in it, which part of it,
// and what may go wrong.

import { ask, duration, jobAddress, make } from "./visitor.js";

const PAUSE = 300; // ms between two questions
const SETTLED = 500; // ms after the last move of a slider until the video is looked at again

class Look extends HTMLElement {
  connect(tell) {
    this.tell = tell;
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  /** value: {token, start, end, person_at, facts, problem}; end null: to the end; person_at: [x, y] px or null. */
  show(value) {
    if (this.value && value?.token === this.value.token && value?.problem === this.value.problem) return;
    this.value = value ?? {};
    clearTimeout(this.timer);
    if (this.value.problem) this.replaceChildren(make("p", { class: "pt-problem", role: "alert" }, this.value.problem));
    else if (!this.value.token) this.replaceChildren();
    else this.wait();
  }

  wait() {
    if (!this.querySelector(".pt-look")) this.replaceChildren();
    this.querySelector(".pt-looking")?.remove();
    this.append(make("p", { class: "pt-looking", role: "status" }, "Looking at the video …"));
    this.follow(this.value.token);
  }

  async follow(token) {
    let status;
    try {
      status = await ask(jobAddress(token));
    } catch (error) {
      status = { state: error.status ? "failed" : "unreachable", error: error.message };
    }
    if (token !== this.value.token) return; // another video was chosen meanwhile
    if (status.state === "done") this.seen(status.result);
    else if (status.state === "failed") this.failed(status.error);
    else if (status.state !== "stopped") this.timer = setTimeout(() => this.follow(token), PAUSE);
  }

  failed(sentence) {
    this.replaceChildren(make("p", { class: "pt-problem", role: "alert" }, sentence));
    this.value = { ...this.value, facts: null };
    this.tell(this.value, "change");
  }

  seen(facts) {
    this.value = { ...this.value, facts };
    const kept = document.activeElement?.closest("pt-look") === this ? document.activeElement.id : "";
    this.replaceChildren(
      make("div", { class: "pt-look" }, this.pictures(facts), this.trim(facts), this.advice(facts)),
    );
    if (kept) document.getElementById(kept)?.focus();
    this.tell(this.value, "change");
  }

  pictures(facts) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const video = make("video", {
      src: jobAddress(this.value.token, facts.files.skeleton), loop: true, muted: true, playsinline: true,
      autoplay: !still, controls: still, "aria-label": "The first second with the skeleton drawn over it",
    });
    video.muted = true; // the attribute alone does not count for elements made by script
    const skeleton = make("figure", {}, video, make("figcaption", {}, "What the skeleton looks like"));
    return make("div", { class: "pt-look-pictures" }, skeleton, facts.people.length > 1 ? this.people(facts) : null);
  }

  people(facts) {
    const picture = make("img", { src: jobAddress(this.value.token, facts.files.first), alt: "The first picture" });
    const boxes = facts.people.map((box, index) => this.person(box, index, facts));
    const stage = make("div", { class: "pt-people" }, picture, ...boxes);
    picture.addEventListener("click", (event) => {
      const area = picture.getBoundingClientRect();
      const x = ((event.clientX - area.left) / area.width) * facts.width;
      this.choose([x, ((event.clientY - area.top) / area.height) * facts.height]);
    });
    return make("figure", {}, stage, make("figcaption", {}, "Who drives? Click a person."));
  }

  person([x0, y0, x1, y1], index, { width, height, followed }) {
    const share = (value, whole) => `${(Math.min(Math.max(value, 0), whole) / whole) * 100}%`;
    const button = make("button", {
      type: "button", id: `pt-person-${index}`, "aria-pressed": String(index === followed),
      "aria-label": `Person ${index + 1} from the left`,
      on: { click: () => this.choose([(x0 + x1) / 2, (y0 + y1) / 2]) },
    }, String(index + 1));
    Object.assign(button.style, { left: share(x0, width), top: share(y0, height) });
    button.style.width = share(Math.min(x1, width) - Math.max(x0, 0), width);
    button.style.height = share(Math.min(y1, height) - Math.max(y0, 0), height);
    return button;
  }

  choose(place) {
    this.again({ person_at: place.map((value) => Math.round(value * 10) / 10) });
  }

  trim(facts) {
    const whole = Math.max(facts.duration, 0.1);
    const from = this.slider("From", "pt-trim-start", this.value.start, whole);
    const to = this.slider("To", "pt-trim-end", this.value.end ?? whole, whole);
    const moved = (other, first) => () => {
      const [start, end] = [Number(from.input.value), Number(to.input.value)];
      if (end - start < 0.1) other.set(first ? start + 0.1 : end - 0.1);
      clearTimeout(this.settling);
      this.settling = setTimeout(() => this.cut(Number(from.input.value), Number(to.input.value), whole), SETTLED);
    };
    from.input.addEventListener("input", moved(to, true));
    to.input.addEventListener("input", moved(from, false));
    const legend = make("legend", {}, `Which part of its ${duration(facts.duration)}?`);
    return make("fieldset", { class: "pt-trim" }, legend, from.label, to.label);
  }

  slider(title, id, value, most) {
    const shown = make("output", { for: id });
    const input = make("input", { id, type: "range", min: 0, max: most.toFixed(1), step: 0.1 });
    const say = () => {
      shown.textContent = `${Number(input.value).toFixed(1)} s`;
      input.setAttribute("aria-valuetext", `${Number(input.value).toFixed(1)} seconds`);
    };
    const set = (seconds) => {
      input.value = seconds;
      say();
    };
    input.addEventListener("input", say);
    set(value);
    return { input, set, label: make("label", {}, make("span", {}, title), input, shown) };
  }

  cut(start, end, whole) {
    this.again({ start, end: end >= whole - 0.1 ? null : end });
  }

  again(change) {
    this.value = { ...this.value, ...change };
    this.tell(this.value, "retake");
  }

  advice(facts) {
    if (!facts.advice.length) return make("p", { class: "pt-good", role: "status" }, "This should work well.");
    const items = facts.advice.map(({ text }) => make("li", {}, text));
    return make("div", { role: "status" }, make("p", {}, "Good to know before you start:"), make("ul", { class: "pt-advice" }, ...items));
  }
}

customElements.define("pt-look", Look);
