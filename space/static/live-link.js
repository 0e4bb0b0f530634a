// The connection to the live stage: a WebSocket, or plain requests where a proxy lets none through.

const PATIENCE = 5000; // ms until a WebSocket that does not open is given up
const POLLS = 2; // questions that wait at the server at a time

const address = (rest = "") => new URL(`posetransfer/live${rest}`, document.baseURI);

/** Connects. heard(message) gets text parsed from JSON, or an ArrayBuffer; ended({over, taken}) comes once: over is a
 * sentence, or null if the connection was lost; taken says that the seat is somebody else's. Gives null if it can't, else {send(data), close(), waiting}: waiting is the bytes that are still to be sent. */
export async function openLink(heard, ended) {
  return (await openSocket(heard, ended)) ?? openPlain(heard, ended);
}

/** null if the way is closed to WebSockets. */
function openSocket(heard, ended) {
  return new Promise((resolve) => {
    const url = address();
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    const patience = setTimeout(() => socket.close(), PATIENCE);
    let opened = false;
    let last = { over: null };
    socket.onopen = () => {
      clearTimeout(patience);
      opened = true;
      resolve({
        send: (data) => socket.readyState === WebSocket.OPEN && socket.send(data),
        close: () => socket.close(),
        get waiting() {
          return socket.bufferedAmount;
        },
      });
    };
    socket.onmessage = ({ data }) => {
      const message = typeof data === "string" ? JSON.parse(data) : data;
      if ("over" in message) last = message;
      else heard(message);
    };
    socket.onclose = () => {
      clearTimeout(patience);
      if (opened) ended(last);
      else resolve(null);
    };
  });
}

async function openPlain(heard, ended) {
  const answer = await fetch(address("/seats"), { method: "POST" }).catch(() => null);
  const body = (await answer?.json().catch(() => null)) ?? {};
  if (!body.seat) {
    ended({ over: body.error ?? null, taken: answer?.status === 409 });
    return null;
  }
  const link = new Plain(address(`/seats/${body.seat}/`), heard, ended);
  for (let poll = 0; poll < POLLS; poll += 1) link.poll();
  return link;
}

class Plain {
  waiting = 0;

  constructor(seat, heard, ended) {
    Object.assign(this, { seat, heard, ended, open: true });
  }

  async send(data) {
    const type = typeof data === "string" ? "application/json" : "application/octet-stream";
    const size = data.length ?? data.size;
    this.waiting += size;
    await fetch(new URL("tell", this.seat), { method: "POST", body: data, headers: { "Content-Type": type }, keepalive: type === "application/json" }).catch(() => {});
    this.waiting -= size;
  }

  close() {
    this.send('{"do": "leave"}');
    this.end({ over: null });
  }

  async poll() {
    while (this.open) {
      const answer = await fetch(new URL("hear", this.seat), { method: "POST" }).catch(() => null);
      if (!answer?.ok) return this.end({ over: null });
      for (const message of pieces(await answer.arrayBuffer())) {
        if ("over" in message) return this.end(message);
        if (this.open) this.heard(message);
      }
    }
  }

  end(last) {
    if (this.open) this.ended(last);
    this.open = false;
  }
}

/** The messages of a batch: kind (one byte), length (uint32), content. */
function* pieces(buffer) {
  const view = new DataView(buffer);
  for (let at = 0; at < buffer.byteLength; ) {
    const [kind, length] = [view.getUint8(at), view.getUint32(at + 1, true)];
    const content = buffer.slice(at + 5, at + 5 + length);
    yield kind === "w".charCodeAt(0) ? JSON.parse(new TextDecoder().decode(content)) : content;
    at += 5 + length;
  }
}
