// <pt-training>: the visitor's training: how it goes, with samples and curves; paused, gone on with, stopped; its end.

import { drawing } from "./curve.js";
import { ACTIVE, Following } from "./follow.js";
import { ask, duration, jobAddress, make } from "./visitor.js";

const STAGES = {
  weights: "Getting the estimator from the Hub", poses: "Watching the footage", bank: "Keeping k-NN's pictures", prepare: "Preparing pictures", keep: "Keeping the target",
  load: "Making the comparison", make: "Making the comparison",
};
const CURVES_EVERY = 2000; // ms

class Training extends HTMLElement {
  connect(tell) {
    this.tell = tell;
    this.body = make("div");
    this.replaceChildren(this.body);
    window.addEventListener("posetransfer:deleted", (event) => event.detail.includes(this.token) && this.gone());
    this.find();
  }

  /** value: {token, problem} of the training that was just begun, or why it was not. */
  show(value) {
    this.problem?.remove();
    if (value?.problem) {
      this.problem = make("p", { class: "pt-problem", role: "alert" }, value.problem);
      this.prepend(this.problem);
    } else if (value?.token && value.token !== this.token) this.follow(value.token);
  }

  /** At the start: the visitor's newest training, under way, paused or done. */
  async find() {
    try {
      const [job] = (await ask("posetransfer/jobs")).filter(({ kind }) => kind === "train");
      if (job && !this.token) this.follow(job.token);
    } catch {
      setTimeout(() => this.token || this.find(), CURVES_EVERY);
    }
  }

  follow(token) {
    this.following?.end();
    Object.assign(this, { token, drawn: "", newest: null, drawnAt: 0 });
    this.following = new Following(token, (job) => this.draw(job), (error) => this.lost(error));
  }

  lost(error) {
    if (error.status === 404) return this.gone();
    this.announce(error.message);
  }

  gone() {
    this.following?.end();
    this.token = null;
    this.body.replaceChildren(make("p", { class: "pt-said", role: "status" }, "The training was deleted, with its footage."));
  }

  draw(job) {
    const what = ACTIVE.includes(job.state) ? "active" : job.state;
    if (what !== this.drawn) this[what === "active" || what === "paused" ? "drawActive" : "drawEnd"](job);
    this.drawn = what;
    if (what === "active" || what === "paused") this.update(job);
  }

  drawActive({ title }) {
    const button = (word, click) => make("button", { type: "button", on: { click } }, word);
    this.stage = make("p", { class: "pt-announced", role: "status" });
    this.bar = make("progress", { max: 1, "aria-label": "Training progress" });
    this.numbers = make("p", { class: "pt-numbers" });
    this.pause = button("Pause", () => this.press("pause"));
    this.resume = button("Go on", () => this.press("resume"));
    this.stop = button("Finish now, with what is learned", () => this.press("stop"));
    const cancel = button("Cancel and delete", () => window.confirm("Delete this training and its footage?") && this.press("discard"));
    this.sample = make("img", { class: "pt-sample", alt: "Poses it does not learn from: input above, made picture, true picture below", hidden: true });
    this.curves = make("div", { class: "pt-curves" });
    this.body.replaceChildren(
      make("section", { class: "pt-job pt-training", "aria-label": "Training" },
        make("div", {}, make("h3", { tabindex: -1 }, `Training ${title.target}`), this.stage, this.bar, this.numbers,
          make("div", { class: "pt-buttons" }, this.pause, this.resume, this.stop, cancel),
          make("p", { class: "pt-note" }, "You may close this page: the training goes on."), this.curves),
        make("figure", { class: "pt-samples" }, this.sample)),
    );
  }

  announce(words) {
    if (this.stage && this.stage.textContent !== words) this.stage.textContent = words;
  }

  update(job) {
    const paused = job.state === "paused";
    const training = job.stage.startsWith("train ");
    const stage = training ? `Training ${job.stage.slice("train ".length)}` : STAGES[job.stage] ?? "Starting";
    if (paused) this.announce(job.error ? `Interrupted. ${job.error} What was learned is kept.` : "Paused. What was learned is kept.");
    else if (job.state === "waiting") this.announce(job.place ? `Waiting: ${job.place} before yours.` : "Waiting to start …");
    else this.announce(job.stopping ? "Finishing …" : `${stage} …`);
    this.bar.value = job.total ? job.done / job.total : 0;
    const left = job.seconds_left && training ? `about ${duration(job.seconds_left)} of it left` : "";
    this.numbers.textContent = paused || job.state === "waiting" ? "" : [training ? job.message.replace("per mille, ", "") : "", left].filter(Boolean).join(" · ");
    this.pause.hidden = paused;
    this.resume.hidden = !paused;
    this.stop.hidden = paused || !training;
    for (const button of [this.pause, this.stop]) button.disabled = job.stopping;
    if (job.preview && job.preview !== this.newest) {
      this.newest = job.preview;
      this.sample.src = jobAddress(job.token, job.preview);
      this.sample.hidden = false;
    }
    if ((training || paused) && Date.now() - this.drawnAt > CURVES_EVERY) this.drawCurves(job.token, this.curves);
  }

  async drawCurves(token, place) {
    this.drawnAt = Date.now();
    try {
      const networks = await ask(jobAddress(token, "curve.json"));
      const figures = Object.entries(networks).map(([name, points]) => {
        const svg = drawing(name, points);
        return svg && make("figure", {}, svg, make("figcaption", {}, `${name}: loss (blue, falls) and likeness on held-out pictures (SSIM on the body, green, rises)`));
      });
      place.replaceChildren(...figures.filter(Boolean));
    } catch {
      // the server is away: what is drawn stays, and the next answer says so
    }
  }

  async press(what) {
    try {
      await ask(`${jobAddress(this.token)}/${what}`, "POST");
    } catch (error) {
      if (error.status !== 404) return this.announce(error.message);
    }
    if (what === "discard") return this.gone();
    this.following.end();
    this.follow(this.token);
  }

  drawEnd(job) {
    if (job.state !== "done") {
      const sentence = job.error ?? "Stopped before anything was learned.";
      return this.body.replaceChildren(make("p", { class: "pt-problem", role: "alert" }, sentence));
    }
    const { target, methods, training, files, warnings, pairs_dropped: dropped } = job.result;
    const video = files.comparison && make("video", { src: jobAddress(job.token, files.comparison), controls: true, loop: true, muted: true, playsinline: true, "aria-label": `${target}'s own footage beside the target performing it` });
    const facts = Object.entries(training).filter(([, { steps }]) => steps).map(([name, { steps, seconds, held_out_ssim: ssim }]) =>
      make("li", {}, `${name}: ${steps} steps in ${duration(seconds)}${ssim === undefined ? "" : `; likeness on held-out pictures ${ssim.toFixed(2)}`}`));
    if (dropped) facts.push(make("li", {}, dropped === 1 ? "1 pair was left out by hand." : `${dropped} pairs were left out by hand.`));
    const curves = make("div", { class: "pt-curves" });
    this.body.replaceChildren(
      make("section", { class: "pt-job pt-training", "aria-label": "Training" },
        make("div", {}, make("h3", { tabindex: -1 }, `${target} is ready`),
          make("p", { class: "pt-good", role: "status" }, `It performs by ${methods.join(", ")}. Its footage is deleted from the page; the target stays until you remove it.`),
          make("ul", { class: "pt-facts" }, ...facts, ...warnings.map((text) => make("li", {}, text))),
          make("div", { class: "pt-buttons" }, make("a", { class: "pt-button pt-primary", href: `?target=${encodeURIComponent(target)}&method=${methods.includes("pose2pics") ? "pose2pics" : "knn"}` }, "Perform with it")), curves),
        make("figure", { class: "pt-samples" }, video ?? "", video ? make("figcaption", {}, "The end of the footage, its skeleton, and the target performing it.") : "")),
    );
    this.drawCurves(job.token, curves);
    if (this.tell && this.told !== job.token) this.tell({ token: job.token, target }, "change");
    this.told = job.token;
  }
}

customElements.define("pt-training", Training);
