// The visitor's camera on a canvas, picture by picture.

const WANTED = { video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 }, facingMode: "user" } };
const MOST_SIDE = 640; // px: more tells the pose network nothing, and costs the way to the server
const QUALITY = 0.8;

const SENTENCES = {
  NotAllowedError: "The browser does not let this page use the camera. Allow it by the camera sign beside the address, then press Start.",
  NotFoundError: "No camera was found. Connect one, then press Start.",
  NotReadableError: "The camera is in use by another program. Close that, then press Start.",
};
const NOT_SAFE = "Browsers give the camera only to pages opened by https, or on the computer where the page runs.";
const UNPLUGGED = "The camera was disconnected. Connect it, then press Start.";

/** Pictures come to taken(), lost(sentence) says when no more will. Raises an Error with a sentence if there is none. */
export class Camera {
  mirrored = true;

  constructor(canvas, taken, lost) {
    Object.assign(this, { canvas, taken, lost });
    this.video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
    this.video.className = "pt-live-source"; // in the page, or browsers slow it down
    this.video.setAttribute("aria-hidden", "true");
    this.context = canvas.getContext("2d", { alpha: false });
  }

  async open() {
    if (!navigator.mediaDevices) throw new Error(NOT_SAFE);
    try {
      this.stream = await navigator.mediaDevices.getUserMedia(WANTED);
    } catch (error) {
      throw new Error(SENTENCES[error.name] ?? `The camera can't be used (${error.message}).`);
    }
    this.stream.getVideoTracks()[0].onended = () => this.lost(UNPLUGGED);
    this.canvas.after(this.video);
    this.video.srcObject = this.stream;
    await this.video.play();
    this.next();
  }

  close() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.remove();
  }

  next() {
    const each = () => {
      if (!this.stream) return;
      this.draw();
      this.taken();
      this.next();
    };
    if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(each);
    else requestAnimationFrame(each);
  }

  draw() {
    const { videoWidth: width, videoHeight: height } = this.video;
    const scale = Math.min(MOST_SIDE / Math.max(width, height), 1);
    const size = [Math.round(width * scale), Math.round(height * scale)];
    if (this.canvas.width !== size[0] || this.canvas.height !== size[1]) [this.canvas.width, this.canvas.height] = size;
    this.context.setTransform(this.mirrored ? -1 : 1, 0, 0, 1, this.mirrored ? size[0] : 0, 0);
    this.context.drawImage(this.video, 0, 0, ...size);
  }

  /** The picture on the canvas as JPEG. */
  picture() {
    return new Promise((resolve) => this.canvas.toBlob(resolve, "image/jpeg", QUALITY));
  }
}
