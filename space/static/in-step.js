/** Several videos on one moment: the clockwork of the player. */

const ALIKE = 0.004; // seconds; a tenth of a picture's time at 25 a second, and finer than a screen can show
const FAR = 0.3; // seconds; from here on a jump is sooner done than catching up
const GAIN = 5; // change of rate for a second of distance: sound begins some 50 ms late, made good within 0.4 s
const MOST = 0.5; // of the rate: pictures may hurry that much, the one with the sound never does
const SETTLED = 0.4; // weight of the newest distance; browsers give the time in steps of up to 40 ms
const SEEN = 0.1; // weight of the newest picture's lateness; it jitters by a screen's refresh
const PATIENCE = 500; // ms for a moment to be shown when another is wished for already
const EVERY = 40; // ms between two looks at the clocks
const { HAVE_CURRENT_DATA: CAN_SHOW, HAVE_FUTURE_DATA: CAN_PLAY } = HTMLMediaElement;

/**
 * Plays, stops and moves a list of video elements together.
 *
 * One is the leader: its clock counts, it is never hurried, and the others follow by small changes of their rate.
 * Where one has to wait for data, all wait. The shortest ends the play. Sends "change" when what `playing`, `busy`,
 * `end` or the leader is has changed, and "time" while playing.
 */
export class InStep extends EventTarget {
  /** True while the videos play or will as soon as all can. */
  playing = false;
  /** True: from the end on to the beginning. */
  loop = false;

  #videos;
  #leader;
  #fps;
  #rate = 1;
  #moment = 0; // where all belong while they stand
  #wish = null; // where to go next: {time, within}
  #settling = false;
  #round = new AbortController(); // of bringing all to the wish
  #distance = new Map(); // video -> smoothed seconds ahead of the leader
  #late = new Map(); // video -> smoothed seconds that its picture is behind its clock
  #timer = 0;
  #closed = new AbortController();

  /**
   * @param {HTMLVideoElement[]} videos with their src set
   * @param {number} fps pictures a second; a video may have a multiple of it
   * @param {HTMLVideoElement} leader the one whose clock counts
   */
  constructor(videos, fps, leader = videos[0]) {
    super();
    this.#videos = [...videos];
    this.#leader = leader;
    this.#fps = fps;
    const { signal } = this.#closed;
    for (const video of videos) {
      const wait = () => this.playing && !this.#settling && this.#go(this.#leader.currentTime, FAR);
      video.addEventListener("waiting", wait, { signal });
      video.addEventListener("pause", () => this.#stoppedByOthers(video), { signal });
      video.addEventListener("durationchange", () => this.#changed(), { signal });
      this.#watchPictures(video);
    }
    // a hidden page's pictures are not decoded, so its videos would part
    document.addEventListener("visibilitychange", () => document.hidden && this.pause(), { signal });
    this.#go(this.#middleOf(0));
  }

  /** False when every video has been dropped. */
  get any() {
    return this.#videos.length > 0;
  }

  /** The moment shown, in seconds. */
  get time() {
    return this.#settling || !this.playing ? this.#moment : this.#leader.currentTime;
  }

  /** Where the shortest ends, in seconds; 0 until all that are left have told. */
  get end() {
    const durations = this.#videos.map((video) => video.duration);
    return durations.length && durations.every(Number.isFinite) ? Math.min(...durations) : 0;
  }

  /** The number of pictures up to the end. */
  get count() {
    return Math.max(Math.round(this.end * this.#fps), 1);
  }

  /** True while the videos are on their way to a moment, or wait for data. */
  get busy() {
    return this.#settling;
  }

  /** Multiples of the usual speed. */
  set rate(rate) {
    this.#rate = rate;
    for (const video of this.#videos) video.playbackRate = rate;
  }

  /** Play on from here, or from the beginning after the end. */
  play() {
    if (this.playing || !this.#videos.length) return;
    this.playing = true;
    this.#go(this.#pictureAt(this.#moment) >= this.count - 1 ? this.#middleOf(0) : this.#moment);
  }

  /** Stop, all on the leader's picture. */
  pause() {
    if (this.playing) this.#stopAt(this.#pictureAt(this.time));
  }

  /** Show the picture of this moment in all, and play on where they played. time: seconds. */
  seek(time) {
    this.#go(this.#middleOf(this.#pictureAt(time)));
  }

  /** Stop, and go this many pictures on (or back, below 0). */
  step(pictures) {
    this.#stopAt(this.#pictureAt(this.time) + pictures);
  }

  /** Go on without this one. */
  drop(video) {
    if (!this.#videos.includes(video)) return;
    this.#videos = this.#videos.filter((other) => other !== video);
    if (this.#leader === video) this.#leader = this.#videos[0];
    if (!this.any) this.close();
    this.#changed();
  }

  /** Stop for good and let go of the videos. */
  close() {
    this.playing = false;
    clearInterval(this.#timer);
    this.#closed.abort();
    this.#round.abort();
    for (const video of this.#videos) video.pause();
    this.#videos = [];
  }

  #pictureAt(time) {
    // a seek may land some microseconds before the picture it was meant for
    const picture = Math.floor(time * this.#fps + 0.01);
    return Math.min(Math.max(picture, 0), this.end ? this.count - 1 : picture);
  }

  #middleOf(picture) {
    // a quarter in: the middle of the first half, so one of twice the rate shows the picture that is the others' too
    return (Math.min(Math.max(picture, 0), this.count - 1) + 0.25) / this.#fps;
  }

  #stopAt(picture) {
    this.playing = false;
    this.#go(this.#middleOf(picture));
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }

  /** Bring all to a moment. Where they are on their way already, the newest wish is next and others are forgotten. */
  async #go(time, within = 0) {
    this.#moment = time;
    this.#wish = { time, within };
    clearInterval(this.#timer);
    if (this.#settling) {
      const round = this.#round; // at once would be too soon: while the slider is dragged nothing would be seen
      return setTimeout(() => round.abort(), PATIENCE);
    }
    this.#settling = true;
    this.#changed();
    while (this.#wish) {
      const wish = this.#wish;
      this.#wish = null;
      for (const video of this.#videos) video.pause();
      this.#round = new AbortController();
      await Promise.all(this.#videos.map((video) => this.#bring(video, wish, this.#round.signal)));
      this.#round.abort();
    }
    this.#settling = false;
    if (this.#closed.signal.aborted) return;
    if (this.playing) this.#start();
    this.#changed();
  }

  /** Resolves when the video stands there and can go on, failed, or the round is over. */
  #bring(video, { time, within }, round) {
    if (Math.abs(video.currentTime - time) > within) video.currentTime = time;
    const enough = this.playing ? CAN_PLAY : CAN_SHOW;
    const there = () => video.error || (!video.seeking && video.readyState >= enough);
    return new Promise((resolve) => {
      if (there()) return resolve();
      for (const name of ["seeked", "loadeddata", "canplay", "canplaythrough", "error"]) {
        video.addEventListener(name, () => there() && resolve(), { signal: round });
      }
      round.addEventListener("abort", resolve);
    });
  }

  #start() {
    this.#distance.clear();
    for (const video of this.#videos) {
      video.playbackRate = this.#rate;
      video.play().catch((error) => this.#refused(video, error));
    }
    this.#timer = setInterval(() => this.#look(), EVERY);
  }

  #refused(video, error) {
    if (error.name !== "NotAllowedError") return; // stopped before it began, or failed, which has its own event
    if (video.muted) return this.pause();
    video.muted = true; // some browsers forget the click while the videos gather; without sound they may play
    video.play().catch(() => this.pause());
    this.#changed();
  }

  #stoppedByOthers(video) {
    // a media key or the browser itself; our own stops are over or on their way when this is heard
    if (this.playing && !this.#settling && video.paused && !video.ended) this.pause();
  }

  #look() {
    const now = this.#leader.currentTime;
    const last = this.end - 0.5 / this.#fps;
    const over = now >= last || this.#videos.some((video) => video.ended);
    if (over) return this.loop ? this.#go(this.#middleOf(0)) : this.#stopAt(this.count - 1);
    for (const video of this.#videos) {
      if (video !== this.#leader && this.#follow(video, now)) return this.#go(now, ALIKE);
    }
    this.dispatchEvent(new Event("time"));
  }

  /** Note how late the pictures of a video are shown: of two with equal clocks the one with sound is often ahead. */
  #watchPictures(video) {
    video.requestVideoFrameCallback?.((now, { mediaTime }) => {
      if (this.#closed.signal.aborted) return;
      const late = Math.min(Math.max(video.currentTime - mediaTime, 0), FAR / 2);
      const before = this.#late.get(video) ?? late;
      if (this.playing && !this.#settling) this.#late.set(video, before + SEEN * (late - before));
      this.#watchPictures(video);
    });
  }

  /** Hurry or slow one towards the leader's clock; true where it is too far from it for that. */
  #follow(video, now) {
    const late = (this.#late.get(video) ?? 0) - (this.#late.get(this.#leader) ?? 0);
    const ahead = video.currentTime - late - now;
    const before = this.#distance.get(video) ?? ahead;
    const distance = before + SETTLED * (ahead - before);
    this.#distance.set(video, distance);
    const change = Math.abs(distance) < ALIKE ? 0 : Math.min(Math.max(-GAIN * distance, -MOST), MOST);
    const rate = this.#rate * (1 + change);
    if (Math.abs(video.playbackRate - rate) > 0.002) video.playbackRate = rate;
    return Math.abs(distance) > FAR;
  }
}
