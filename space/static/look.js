// <pt-look>: what is seen in the driving video before anything is made: its skeleton, who is in it, which part of it,
// and what may go wrong.

import { ask, duration, jobAddress, make } from "./visitor.js";

const PAUSE = 300; // ms between two questions
const SETTLED = 500; // ms after the last move of a slider until the video is looked at again
const SHORTEST = 0.2; // s that the sliders leave between them

class Look extends HTMLElement {
  asked = []; // the choices that looks were asked for and that are not answered yet

  connect(tell) {
    this.tell = tell;
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    clearTimeout(this.settling);
  }

  /** value: {token, start, end, person_at, facts, problem}; end null: to the end; person_at: [x, y] px or null. */
  show(value) {
    if (this.value && value?.token === this.value.token && (value?.problem ?? null) === (this.value.problem ?? null)) return;
    clearTimeout(this.timer);
    const answered = this.asked.lastIndexOf(choice(value));
    this.asked.splice(0, answered < 0 ? this.asked.length : answered + 1);
    this.retaken = answered >= 0;
    const chosen = this.value;
    this.value = value ?? {};
    if (this.retaken && choice(chosen) !== choice(value)) return this.choseOn(chosen);
    if (!this.retaken) this.other();
    if (this.value.problem) this.complain(this.value.problem);
    else if (!this.value.token) this.replaceChildren();
    else this.wait();
  }

  /** Another video, or none: nothing of the last one counts. */
  other() {
    clearTimeout(this.settling);
    this.settling = null;
    this.retried = false;
    this.replaceChildren();
  }

  /** The visitor chose anew before this answer came: their choice stands, and is looked at in its turn. */
  choseOn({ start, end, person_at }) {
    this.value = { ...this.value, start, end, person_at, problem: null };
    this.tell(this.value);
    if (!this.settling) this.settle();
  }

  wait() {
    this.clear();
    this.append(make("p", { class: "pt-looking", role: "status" }, "Looking at the video …"));
    this.follow(this.value.token);
  }

  /** Take the sentences above and below the panel away. */
  clear() {
    for (const said of this.querySelectorAll(":scope > p")) said.remove();
  }

  /** A sentence about what went wrong, above the panel: its sliders may be the way out. */
  complain(sentence) {
    this.clear();
    this.prepend(make("p", { class: "pt-problem", role: "alert" }, sentence));
  }

  async follow(token) {
    let status;
    try {
      status = await ask(jobAddress(token));
    } catch (error) {
      status = { state: error.status === 404 ? "gone" : error.status ? "failed" : "unreachable", error: error.message };
    }
    if (token !== this.value.token || this.asked.length) return; // another video or piece was chosen meanwhile
    if (status.state === "gone" && !this.retried) {
      this.retried = true; // once: the visitor's other windows look too, and the server keeps one look of theirs
      return this.again({});
    }
    if (status.state === "done") this.seen(status.result);
    else if (status.state === "failed" || status.state === "gone") this.failed(status.error);
    else if (status.state !== "stopped") this.timer = setTimeout(() => this.follow(token), PAUSE);
  }

  failed(sentence) {
    this.complain(sentence);
    this.value = { ...this.value, facts: null };
    this.tell(this.value, "change");
  }

  seen(facts) {
    this.value = { ...this.value, facts };
    this.retried = false;
    if (this.settling) return this.clear(); // a slider is being moved: the panel stays under the hand
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
      autoplay: !still, controls: true, "aria-label": "The first second with the skeleton drawn over it",
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
    const ends = () => [Number(from.input.value), Number(to.input.value)];
    const near = () => ends()[1] - ends()[0] < SHORTEST - 0.01;
    const moved = (pushTo, pushFrom) => () => {
      if (near()) pushTo();
      if (near()) pushFrom(); // at the end of its way the other one pushes back
      this.cut(...ends(), whole);
    };
    const [pushTo, pushFrom] = [() => to.set(ends()[0] + SHORTEST), () => from.set(ends()[1] - SHORTEST)];
    from.input.addEventListener("input", moved(pushTo, pushFrom));
    to.input.addEventListener("input", moved(pushFrom, pushTo));
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

  /** The piece counts at once, also for a Perform that comes before the video was looked at again. */
  cut(start, end, whole) {
    this.value = { ...this.value, start, end: end >= whole - 0.1 ? null : end, facts: null };
    this.tell(this.value);
    this.settle();
  }

  settle() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.again({}), SETTLED);
  }

  again(change) {
    clearTimeout(this.timer);
    clearTimeout(this.settling);
    this.settling = null;
    this.value = { ...this.value, ...change, facts: null, problem: null };
    this.asked.push(choice(this.value));
    this.tell(this.value, "retake");
  }

  advice(facts) {
    if (!facts.advice.length) return make("p", { class: "pt-good", role: "status" }, "This should work well.");
    const items = facts.advice.map(({ text }) => make("li", {}, text));
    return make("div", { role: "status" }, make("p", {}, "Good to know before you start:"), make("ul", { class: "pt-advice" }, ...items));
  }
}

function choice(value) {
  return JSON.stringify([value?.start ?? 0, value?.end ?? null, value?.person_at ?? null]);
}

customElements.define("pt-look", Look);
