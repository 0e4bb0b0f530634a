// Pictures on their way: the newest one goes to the server, few are under way at a time, and what comes back is shown.

const UNDER_WAY = 2; // one at each of the server's two stages: more would only wait there
const LOST_AFTER = 2000; // ms without an answer after which a picture counts as lost
const MOST_WAITING = 60_000; // bytes still to be sent: then the way is the narrow part
const HEADER = 12; // number uint32, time float64
const ANSWER = 16; // and ms at work float32
const REMEMBERED = 3000; // ms of pictures that rate and latency are told from

export class Flow {
  link = null;
  count = 0;
  shown = 0;
  underWay = new Map(); // number → when it was sent
  recent = []; // {at, latency, work} of each picture shown

  /** camera: a Camera; canvas: where made pictures are shown; made({number, latency, work}) hears of each. */
  constructor(camera, canvas, made) {
    Object.assign(this, { camera, canvas, made, context: canvas.getContext("2d", { alpha: false }) });
  }

  /** A new connection: nothing is under way on it. */
  connect(link) {
    this.link = link;
    this.underWay.clear();
  }

  /** The camera has a new picture. */
  taken() {
    this.newest = performance.now();
    this.pump();
  }

  /** Send the newest picture if it is time for one. */
  async pump() {
    const now = performance.now();
    for (const [number, sent] of this.underWay) if (now - sent > LOST_AFTER) this.underWay.delete(number);
    const link = this.link;
    if (!link || !this.newest || this.encoding || this.underWay.size >= UNDER_WAY || link.waiting > MOST_WAITING) return;
    const [time, number] = [this.newest, (this.count += 1)];
    this.newest = null;
    this.underWay.set(number, now);
    this.encoding = true;
    const picture = await this.camera.picture();
    this.encoding = false;
    if (this.link !== link || !picture) return;
    const header = new DataView(new ArrayBuffer(HEADER));
    header.setUint32(0, number, true);
    header.setFloat64(4, time, true);
    link.send(new Blob([header, picture]));
  }

  /** A made picture came, with the number and time of the one it was made from. */
  async arrived(buffer) {
    const view = new DataView(buffer);
    const [number, time, work] = [view.getUint32(0, true), view.getFloat64(4, true), view.getFloat32(12, true)];
    for (const sent of [...this.underWay.keys()]) if (sent <= number) this.underWay.delete(sent);
    this.pump();
    if (buffer.byteLength === ANSWER) return; // nothing to show yet
    const picture = await createImageBitmap(new Blob([new Uint8Array(buffer, ANSWER)], { type: "image/jpeg" }));
    if (number > this.shown) this.show(picture, number, time, work);
    picture.close();
  }

  show(picture, number, time, work) {
    this.shown = number;
    if (this.canvas.width !== picture.width) [this.canvas.width, this.canvas.height] = [picture.width, picture.height];
    this.context.drawImage(picture, 0, 0);
    const at = performance.now();
    this.recent.push({ at, latency: at - time, work });
    while (this.recent[0].at < at - REMEMBERED) this.recent.shift();
    this.made({ number, latency: at - time, work });
  }

  /** Rate (pictures a second) and median latency (ms, from the camera's picture to the made one) of the last seconds. */
  numbers() {
    const now = performance.now();
    const recent = this.recent.filter(({ at }) => at > now - REMEMBERED);
    if (recent.length < 2) return null;
    const latencies = recent.map(({ latency }) => latency).sort((a, b) => a - b);
    const seconds = (recent.at(-1).at - recent[0].at) / 1000;
    return { rate: (recent.length - 1) / seconds, latency: latencies[latencies.length >> 1] };
  }
}
