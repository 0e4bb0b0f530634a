// <pt-job>: the job under way or just ended: its place in the queue, its progress with the newest pictures, its result.
// It asks the server now and then instead of holding a connection, so a closed tab, a sleeping phone or a restarted
// page loses nothing.

import "./player.js";
import { ask, duration, jobAddress, make, METHODS, remembered } from "./visitor.js";

const PAUSE = 400; // ms between two questions while it runs
const UNREACHABLE_PAUSE = 2000;
const STAGES = { weights: "Getting the estimator from the Hub", poses: "Watching the driver", load: "Loading the target", make: "Making the pictures" };
const VIEWS = [
  ["driving", "Driving video"],
  ["interpolated", "Interpolated"], // what people came for, beside its driver and next to it on a phone
  ["skeleton", "Skeleton"],
  ["raw", "As made"],
  ["aligned", "Aligned"],
];
const ACTIVE = ["waiting", "running"];
const STOP = "Stop and keep what is done";
const CANCELLED = "Cancelled. Nothing of it was kept.";

class Job extends HTMLElement {
  connect() {
    this.body = make("div");
    this.replaceChildren(this.body);
    window.addEventListener("posetransfer:show", (event) => {
      this.complain(null);
      this.follow(event.detail);
    });
    window.addEventListener("posetransfer:deleted", (event) => event.detail.includes(this.token) && this.gone("Deleted."));
    document.addEventListener("visibilitychange", () => document.hidden || this.token && this.poll());
    this.find();
  }

  /** value: {token, problem} of the job that was just begun, or why it was not. */
  show(value) {
    if (value?.problem) this.complain(value.problem);
    else if (value?.token && value.token !== this.begun) {
      this.complain(null);
      this.follow((this.begun = value.token));
    }
  }

  /** Say why something was not done, above the job and its result, which stay; null: take that away. */
  complain(sentence) {
    this.problem?.remove();
    this.problem = sentence && make("p", { class: "pt-problem", role: "alert" }, sentence);
    if (!sentence) return;
    this.prepend(this.problem);
    this.problem.scrollIntoView({ block: "nearest" });
  }

  /** At the start: the visitor's job that is under way, or whose end they have not seen. */
  async find() {
    try {
      const jobs = (await ask("posetransfer/jobs")).filter((job) => job.kind === "transfer");
      const seen = remembered("seen");
      const job = jobs.find(({ state }) => ACTIVE.includes(state)) ?? (jobs[0]?.token !== seen ? jobs[0] : null);
      if (job && !this.token) this.follow(job.token);
    } catch {
      setTimeout(() => this.token || this.find(), UNREACHABLE_PAUSE);
    }
  }

  follow(token) {
    this.token = token;
    this.drawn = "";
    this.newest = null;
    this.fill();
    window.dispatchEvent(new CustomEvent("posetransfer:changed"));
    this.poll().then(() => this.scrollIntoView({ block: "nearest" }));
  }

  async poll() {
    clearTimeout(this.timer);
    const token = this.token;
    let pause = PAUSE;
    try {
      const job = await ask(jobAddress(token));
      if (token !== this.token) return;
      this.lost?.remove();
      this.draw(job);
      if (!ACTIVE.includes(job.state)) return;
    } catch (error) {
      if (token !== this.token) return;
      if (error.status === 404) return token === this.cancelled ? this.gone() : this.gone(error.message, "alert");
      this.lost ??= make("p", { class: "pt-problem", role: "alert" }, error.message);
      this.append(this.lost);
      pause = UNREACHABLE_PAUSE;
    }
    this.timer = setTimeout(() => this.poll(), pause);
  }

  draw(job) {
    const what = job.state === "waiting" || job.state === "running" ? "active" : job.state;
    if (what !== this.drawn) {
      this.drawn = what;
      if (what === "active") this.drawActive(job);
      else this.drawEnd(job);
    }
    if (what === "active") this.update(job);
  }

  drawActive({ title }) {
    this.heading = make("h3", { tabindex: -1 }, "");
    this.announced = make("p", { class: "pt-announced", role: "status" });
    this.bar = make("progress", { max: 1, "aria-label": "Progress" });
    this.numbers = make("p", { class: "pt-numbers" });
    this.picture = make("img", { class: "pt-newest", alt: "The newest picture", hidden: true });
    this.stop = make("button", { type: "button", on: { click: () => this.end("stop") } }, STOP);
    const discard = make("button", { type: "button", on: { click: () => this.end("discard") } }, "Cancel");
    const words = make("div", {}, this.heading, this.announced, this.bar, this.numbers, make("div", { class: "pt-buttons" }, this.stop, discard));
    this.fill(make("section", { class: "pt-job", "aria-label": titled(title) }, words, this.picture));
  }

  update(job) {
    const waiting = job.state === "waiting";
    const stage = waiting ? "Waiting" : STAGES[job.stage] ?? "Starting";
    this.heading.textContent = titled(job.title);
    const spoken = job.stopping ? "Stopping once half of it is made …" : waiting ? place(job) : `${stage} …`;
    if (this.announced.textContent !== spoken) this.announced.textContent = spoken;
    this.bar.value = waiting ? 0 : job.share;
    this.numbers.textContent = waiting ? "" : numbers(job);
    const pressed = waiting || (job.stopping && job.stage !== "make");
    if (pressed && document.activeElement === this.stop) this.heading.focus(); // a disabled button loses the focus
    this.stop.disabled = pressed;
    this.stop.textContent = job.stopping && !pressed ? "Stop at once" : STOP;
    this.stop.hidden = waiting;
    if (job.preview && job.preview !== this.newest) {
      this.newest = job.preview;
      this.picture.src = jobAddress(job.token, job.preview);
      this.picture.hidden = false;
    }
  }

  async end(how) {
    const token = this.token;
    this.complain(null);
    if (how === "discard") this.cancelled = token;
    try {
      await ask(`${jobAddress(token)}/${how}`, "POST");
    } catch (error) {
      if (error.status !== 404) {
        this.cancelled = null;
        return this.complain(error.message);
      }
    }
    if (token !== this.token) return; // a poll saw its end, or another job is shown meanwhile
    if (how === "discard") this.gone();
    else this.poll();
  }

  gone(sentence = CANCELLED, role = "status") {
    this.token = null;
    clearTimeout(this.timer);
    this.say(role, sentence);
    window.dispatchEvent(new CustomEvent("posetransfer:changed"));
  }

  say(role, sentence) {
    this.drawn = "";
    this.fill(make("p", { class: role === "alert" ? "pt-problem" : "pt-said", role, tabindex: -1 }, sentence));
  }

  /** Show this instead of what was there. The keyboard's place, if it was in it, goes to the new beginning. */
  fill(...children) {
    const inside = this.body.contains(document.activeElement);
    this.lost?.remove();
    this.body.replaceChildren(...children);
    if (inside) this.body.querySelector("[tabindex='-1']")?.focus({ preventScroll: true });
  }

  drawEnd(job) {
    remembered("seen", job.token);
    window.dispatchEvent(new CustomEvent("posetransfer:changed"));
    if (job.state === "failed") return this.say("alert", job.error);
    if (job.state === "stopped") return this.say("status", "Stopped before there was anything to keep.");
    const { files, report, words } = job.result;
    const name = (view) => `${fileName(job.title)}${view === "result" ? "" : `-${view}`}.mp4`;
    const player = document.createElement("pt-player");
    const link = (view, text, kind) =>
      make("a", { class: `pt-button ${kind}`, href: jobAddress(job.token, files[view], name(view)), download: name(view) }, text);
    const links = [link("result", "Download the result", "pt-primary")];
    if (files["side-by-side"]) links.push(link("side-by-side", "Download side by side", ""));
    this.fill(
      make("section", { class: "pt-result", "aria-label": "Result" }, make("h3", { tabindex: -1 }, titled(job.title)), player,
        make("div", { class: "pt-buttons" }, ...links),
        make("div", { class: "pt-report" }, make("h4", {}, "What was done"), make("ul", {}, ...words.map((text) => make("li", {}, text))))),
    );
    const views = VIEWS.filter(([view]) => files[view]).map(([view, title]) => ({
      name: view, title, src: jobAddress(job.token, files[view]), download: name(view), note: sameAs(view, files),
    }));
    const last = views.find((view) => files[view.name] === files.result) ?? views.at(-1);
    player.load({ views, fps: report.fps_in, sound: report.sound ? last.name : null });
  }
}

function titled({ driving, target, method }) {
  return `${target} performs ${driving} (${METHODS[method] ?? method})`;
}

function fileName({ driving, target, method }) {
  return `${driving.replace(/\.[^.]*$/, "")}-as-${target}-${method}`.replace(/[^\p{L}\p{N}._-]+/gu, "-");
}

function sameAs(view, files) {
  if (view === "aligned" && files.aligned === files.raw) return "Alignment is off: the same as made.";
  return "";
}

function place({ place, seconds_left: wait }) {
  const before = place === 0 ? "Yours is next" : place === 1 ? "One job is before yours" : `${place} jobs are before yours`;
  return wait ? `${before}; it starts in about ${duration(wait)}.` : `${before}.`;
}

function numbers({ stage, done, total, fps, seconds_left: left }) {
  const parts = [];
  if (stage === "weights") return total ? `${done} of ${total} MB` : "";
  if (total && stage !== "load") parts.push(`${done} of ${total} pictures`);
  if (fps) parts.push(`${fps.toFixed(fps < 10 ? 1 : 0)} a second`);
  if (left) parts.push(`about ${duration(left)} left`);
  return parts.join(" · ");
}

customElements.define("pt-job", Job);
