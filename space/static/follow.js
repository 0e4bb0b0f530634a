// Following a job: it is asked for now and then, so that a closed tab or a restarted page loses nothing.

import { ask, jobAddress, make } from "./visitor.js";

export const ACTIVE = ["waiting", "running"];
const PAUSE = 500; // ms between two questions while it runs
const UNREACHABLE_PAUSE = 2000;

/** Asks for the job called `token` until it is over. seen(status) gets each answer; lost(error) what went wrong: status
 * 404 means that there is no such job any more, otherwise it is tried again. */
export class Following {
  constructor(token, seen, lost) {
    Object.assign(this, { token, seen, lost });
    this.poll();
  }

  async poll() {
    clearTimeout(this.timer);
    let pause = PAUSE;
    try {
      const status = await ask(jobAddress(this.token));
      if (this.ended) return;
      this.seen(status);
      if (!ACTIVE.includes(status.state)) return;
    } catch (error) {
      if (this.ended) return;
      this.lost(error);
      if (error.status === 404) return;
      pause = UNREACHABLE_PAUSE;
    }
    this.timer = setTimeout(() => this.poll(), pause);
  }

  end() {
    this.ended = true;
    clearTimeout(this.timer);
  }
}

/** A button that asks the job called `token` to stop; failed(sentence) is told if that can't be said to it. */
export function stopButton(token, failed) {
  const button = make("button", { type: "button", class: "pt-button", on: { click: stop } }, "Stop");
  async function stop() {
    button.setAttribute("aria-disabled", "true"); // a disabled one would lose the keyboard's place
    button.textContent = "Stopping …";
    try {
      await ask(`${jobAddress(token)}/stop`, "POST");
    } catch (error) {
      if (error.status !== 404) failed(error.message); // one that is gone is told of by its next answer
    }
  }
  return button;
}
