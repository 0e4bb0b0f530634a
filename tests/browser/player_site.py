"""A small site for the player: videos that show their own frame numbers, and a page that loads them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import numpy as np
import uvicorn
from playwright.sync_api import Page, expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from posetransfer.types import Frame
from posetransfer.video.write import VideoWriter
from tests.drawn_clips import make_clip, stripes

STATIC = Path(__file__).resolve().parents[2] / "space" / "static"
SECONDS, FPS = 22, 30
VIEWS = {"driving": "plain", "skeleton": "plain", "raw": "plain", "result": "sound", "interpolated": "twice"}
LONG = 30_000  # ms; the machine may have much else to do
SIDE = 512
BITS = 11
BLOCK = SIDE // BITS

Open = Callable[..., Page]
HTML = """<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Player</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/static/player.css">
<body style="margin: 8px; font-family: sans-serif"><main><pt-player></pt-player></main>
<script type="module" src="/static/player.js"></script></body></html>"""

# The numbers that all videos show at one instant, read off a canvas.
READ = """() => {
window.player = () => document.querySelector("pt-player");
window.shown = () => {
  const videos = [...document.querySelectorAll("pt-player video")];
  const canvas = window.board ??= new OffscreenCanvas(BITS, 6);
  const context = window.pen ??= canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingEnabled = false;
  videos.forEach((v, i) => context.drawImage(v, 0, 20, BITS * BLOCK, 2, 0, i, BITS, 1));
  return videos.map((v, i) => {
    const { data } = context.getImageData(0, i, BITS, 1);
    let number = 0;
    for (let bit = 0; bit < BITS; bit++) number = number * 2 + (data[bit * 4] > 128 ? 1 : 0);
    return number;
  });
};
// samples: [ms, numbers, clocks]; callbacks: [video, mediaTime, expectedDisplayTime]
window.watch = () => {
  window.samples = []; window.callbacks = []; window.stalls = 0;
  document.querySelectorAll("pt-player video").forEach((video, i) => {
    const each = (now, data) => {
      callbacks.push([i, data.mediaTime, data.expectedDisplayTime]);
      video.requestVideoFrameCallback(each);
    };
    video.requestVideoFrameCallback(each);
    video.addEventListener("waiting", () => stalls++);
  });
  const clocks = () => [...document.querySelectorAll("pt-player video")].map((v) => v.currentTime);
  const look = () => requestAnimationFrame((now) => samples.push([now, shown(), clocks()]));
  setInterval(look, 100);
};
}""".replace("BITS", str(BITS)).replace("BLOCK", str(BLOCK))


def numbered(number: int) -> Frame:
    """A picture with its number in black and white blocks over a pattern that moves, so that decoding has work."""
    across = np.arange(SIDE)
    ripples = np.sin((across + 3 * number) / 9)[None] * np.sin((across - number) / 13)[:, None]
    frame = np.repeat((128 + 90 * ripples)[..., None], 3, axis=2).astype(np.uint8)
    for bit in range(BITS):
        frame[:64, bit * BLOCK : (bit + 1) * BLOCK] = 235 if number >> (BITS - 1 - bit) & 1 else 16
    return frame


def make_video(path: Path, seconds: float, fps: int, sound_from: Path | None = None) -> Path:
    """A video of SIDE x SIDE px whose frame n shows n."""
    with VideoWriter(path, Fraction(fps), (SIDE, SIDE), sound_from=sound_from) as video:
        for number in range(round(seconds * fps)):
            video.write(numbered(number))
    return path


def make_videos(folder: Path) -> None:
    """The files of VIEWS, and one of two seconds: short.mp4."""
    make_video(folder / "plain.mp4", SECONDS, FPS)
    make_video(folder / "sound.mp4", SECONDS, FPS, make_tone(folder / "tone.mp4", SECONDS))
    make_video(folder / "twice.mp4", SECONDS, 2 * FPS)
    make_video(folder / "short.mp4", 2, FPS)


def make_tone(path: Path, seconds: int) -> Path:
    """A small video with a quiet tone of 220 Hz."""
    samples = (np.sin(np.arange(seconds * 48_000) / 48_000 * 220 * 2 * np.pi) * 0.1).astype(np.float32)
    return make_clip(path, [stripes(0, 64, 64)] * seconds * 5, 5, sound=(samples, 48_000, 0.0))


@contextmanager
def serving(videos: Path) -> Iterator[str]:
    """The site with the files of this folder below /videos/; gives its address."""
    routes = [
        Route("/", lambda request: HTMLResponse(HTML)),
        Mount("/static", StaticFiles(directory=STATIC)),
        Mount("/videos", StaticFiles(directory=videos)),
    ]
    config = uvicorn.Config(Starlette(routes=routes), host="127.0.0.1", port=0, log_level="critical", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="site")
    started = threading.Event()
    config.load()
    thread.start()
    while not server.started and thread.is_alive():
        started.wait(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)


def load(page: Page, site: str, views: dict[str, str], sound: str | None) -> None:
    """Open the site and load views, {name: file}, into its player."""
    page.goto(site)
    page.evaluate(READ)
    given = [
        {
            "name": name,
            "title": f"{name.title()} <b>video</b>",
            "src": f"/videos/{file}.mp4?{name}",
            "note": "What this view shows, in a sentence.",
            "download": f"{name}.mp4",
        }
        for name, file in views.items()
    ]
    page.evaluate(
        "options => customElements.whenDefined('pt-player').then(() => player().load(options))",
        {"views": given, "fps": FPS, "sound": sound},
    )


def settle(page: Page) -> None:
    """Wait until the player can be used and all its views stand where they were sent."""
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_enabled(timeout=LONG)
    page.wait_for_function("!player().hasAttribute('data-busy')", timeout=LONG)
