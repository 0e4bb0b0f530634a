// <pt-shelf>: all targets with what can be done with them. <pt-offer>: what the Hub has, before it is pulled.

import { card as cardText } from "./card.js";
import { ACTIVE, Following, stopButton } from "./follow.js";
import { ask, make } from "./visitor.js";

const ORIGINS = { bundled: "came with the page", own: "yours", pulled: "from the Hub" };
const LICENCES = ["other", "cc-by-4.0", "cc-by-nc-4.0", "cc0-1.0"];

class Shelf extends HTMLElement {
  connect(tell) {
    this.tell = tell;
    this.said = make("p", { class: "pt-said", role: "status", hidden: true });
    this.list = make("ul", { class: "pt-shelf" });
    this.replaceChildren(this.said, this.list);
    this.find();
  }

  /** At the start: the visitor's pull or push that is under way. */
  async find() {
    const jobs = await ask("posetransfer/jobs").catch(() => []);
    const job = jobs.find(({ kind, state }) => ["pull", "push"].includes(kind) && ACTIVE.includes(state));
    if (job && !this.token) this.follow(job.token);
  }

  /** value: {targets: [{name, text, picture, origin, licence, card, footage, can}], said, problem, token}. */
  show(value) {
    this.value = value ?? this.value;
    const { targets, said, problem, token } = this.value;
    const drawn = JSON.stringify(targets);
    if (drawn !== this.drawn) {
      this.list.replaceChildren(...targets.map((target) => this.card(target)));
      if (this.drawn) setTimeout(() => this.tell(this.value, "change"));
    }
    this.drawn = drawn;
    if (token && token !== this.token) this.follow(token);
    else if (problem || said) this.say(problem || said, Boolean(problem));
  }

  say(words, bad = false) {
    this.said.hidden = !words;
    this.said.className = bad ? "pt-problem" : "pt-said";
    this.said.setAttribute("role", bad ? "alert" : "status");
    this.said.replaceChildren(...[words].flat());
  }

  /** A pull or a push: how far it is, and its end. */
  follow(token) {
    this.token = token;
    this.following?.end();
    this.following = new Following(token, (job) => this.told(job), (error) => this.say(error.message, true));
  }

  told(job) {
    const pull = job.kind === "pull";
    if (job.state === "failed") return this.say(job.error, true);
    if (ACTIVE.includes(job.state)) return this.goesOn(job, `${pull ? "Pulling" : "Publishing"} ${job.title.target}`);
    if (job.state !== "done") return this.say(`Stopped. What has come of ${job.title.target} is kept for when you pull it again.`);
    if (job.kind === "push") {
      const { address } = job.result;
      return this.say([`${job.title.target} is published: `, make("a", { href: address, target: "_blank", rel: "noopener" }, address)]);
    }
    this.say(`${job.result.target} is here. It performs by ${job.result.methods.join(", ")}.`);
    this.act({ do: "renew", name: "" }, true);
  }

  /** How far it is. The button stays the same one, so that the keyboard's place is kept. */
  goesOn({ kind, message, stopping, token }, what) {
    if (!this.progress?.isConnected) {
      this.progress = make("span");
      this.say([this.progress, kind === "pull" ? stopButton(token, (sentence) => this.say(sentence, true)) : ""]);
    }
    this.progress.textContent = `${what}: ${stopping ? "stopping …" : message || "waiting …"}`;
  }

  /** quiet: what stands above the cards stays. */
  act(act, quiet = false) {
    if (!quiet) this.say("");
    const { targets } = this.value;
    this.tell({ targets, act }, "act");
  }

  card(target) {
    const { name, text, picture, origin, licence, card, can } = target;
    const details = make("details", {}, make("summary", {}, "Details"), card.length ? cardText(card) : make("p", {}, "It has no card."));
    const forms = { rename: () => this.rename(target), publish: () => this.publish(target) };
    const buttons = can.map((what) => {
      if (what === "remove") return this.button("Remove", name, () => window.confirm(`Remove ${name}? Its files are deleted.`) && this.act({ do: "remove", name }));
      return this.button(what === "rename" ? "Rename" : "Publish", name, () => place.replaceChildren(forms[what]()));
    });
    const place = make("div");
    const perform = make("a", { class: "pt-button", href: `?target=${encodeURIComponent(name)}`, "aria-label": `Perform as ${name}` }, "Perform");
    return make("li", { "data-name": name },
      picture ? make("img", { src: picture, alt: "" }) : make("span", { class: "pt-nopicture" }),
      make("div", {}, make("h3", {}, name), make("p", { class: "pt-note" }, `${text} · ${ORIGINS[origin]} · licence: ${licence}`),
        make("div", { class: "pt-buttons" }, perform, ...buttons), place), details);
  }

  button(word, name, click) {
    return make("button", { type: "button", "aria-label": `${word} ${name}`, on: { click } }, word);
  }

  field(label, attributes = {}) {
    const input = make("input", { type: "text", ...attributes });
    return { input, label: make("label", {}, make("span", {}, label), input) };
  }

  form(word, fields, submit) {
    return make("form", { class: "pt-form", on: { submit: (event) => { event.preventDefault(); submit(); } } }, ...fields, make("button", { type: "submit" }, word));
  }

  rename({ name }) {
    const to = this.field("New name", { value: name, maxlength: 60, required: true });
    return this.form("Rename it", [to.label], () => this.act({ do: "rename", name, to: to.input.value }));
  }

  publish({ name, footage }) {
    const to = this.field("Where: owner/repo", { placeholder: `you/${name}`, required: true, maxlength: 200 });
    const consent = this.field("Who is shown, and that they agreed (it is published)", { required: true, maxlength: 500 });
    const licence = make("select", {}, ...LICENCES.map((value) => make("option", { value }, value)));
    const open = make("input", { type: "checkbox" });
    const note = footage ? make("p", { class: "pt-problem" }, `${name} has k-NN: its footage itself is published.`) : null;
    const fields = [note, to.label, consent.label, make("label", {}, make("span", {}, "Licence"), licence), make("label", { class: "pt-check-line" }, open, make("span", {}, "Everybody may see it (else only you)"))].filter(Boolean);
    return this.form("Publish it", fields, () => this.act({ do: "publish", name, to: to.input.value, consent: consent.input.value, licence: licence.value, public: open.checked }));
  }
}

class Offer extends HTMLElement {
  connect(tell) {
    this.tell = tell;
  }

  /** value: {offer, found, problem}, one of them. */
  show(value) {
    const { offer, found, problem } = value ?? {};
    if (problem) return this.replaceChildren(make("p", { class: "pt-problem", role: "alert" }, problem));
    if (found) {
      const look = (name) => make("button", { type: "button", on: { click: () => this.tell({ picked: name }, "pick") } }, "Look at it");
      return this.replaceChildren(make("ul", { class: "pt-found" }, ...found.map(({ name, title, licence }) => make("li", {}, make("span", {}, `${title ? `${title}: ` : ""}${name.split("@")[0]} · licence: ${licence}`), look(name)))));
    }
    if (!offer) return this.replaceChildren();
    const pull = make("button", { type: "button", class: "pt-button pt-primary", on: { click: () => this.tell({ offer }, "pull") } }, `Pull ${offer.megabytes} MB`);
    this.replaceChildren(
      make("section", { class: "pt-offer", "aria-label": `${offer.name} on the Hub` },
        offer.picture ? make("img", { src: offer.picture, alt: `A picture of ${offer.name}` }) : "",
        make("h3", {}, offer.name), make("p", { class: "pt-note" }, `${offer.methods} · ${offer.size} px · licence: ${offer.licence}`),
        pull, cardText(offer.card)),
    );
  }
}

customElements.define("pt-shelf", Shelf);
customElements.define("pt-offer", Offer);
