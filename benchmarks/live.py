"""The Live tab as a visitor has it: `python -m benchmarks.live [--seconds 60] [--methods knn ...] [--out r.json]`.

A real Chromium, whose fake camera plays a rendered performer at 30 frames a second with the number of each frame as a
binary code in a corner. The code is read back from the driving canvas as each picture is sent; the number that travels
with it says which made picture belongs to it. Browser, page and worker share the machine.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from itertools import islice
from pathlib import Path
from shutil import which
from typing import Any

import cv2
import numpy as np
import psutil
from playwright.sync_api import Page, sync_playwright

from posetransfer.types import Frame
from posetransfer.video.read import read_frames
from tests.browser.conftest import ARGUMENTS, BROWSERS
from tests.browser.fake_camera import camera_arguments, write_film
from tests.browser.page_app import App, opened_app

ROOT = Path(__file__).resolve().parents[1]
WIDTH, HEIGHT, RATE = 640, 480, 30
BITS, BLOCK = 10, 20  # of the code, and px of each bit's square
FRAMES = 300  # of the clip, then it begins again
SETTLING = {"pics2pics": 40}  # seconds: it is fitted by the first pictures that it is shown, once on a machine

WATCH = """
const live = document.querySelector('pt-live');
const sums = new Set();
window.seen = { codes: {}, made: [] };
const picture = live.camera.picture.bind(live.camera);
live.camera.picture = () => {
  const { data } = live.camera.context.getImageData(0, 0, BITS * BLOCK, BLOCK);
  let code = 0;
  for (let bit = 0; bit < BITS; bit += 1)
    if (data[4 * (BITS * BLOCK * (BLOCK / 2) + bit * BLOCK + BLOCK / 2)] > 127) code += 2 ** bit;
  seen.codes[live.flow.count] = code;
  return picture();
};
live.addEventListener('made', ({ detail }) => {
  const { data } = live.flow.context.getImageData(64, 64, 128, 128);
  let sum = 0;
  for (let at = 0; at < data.length; at += 13) sum = (sum * 31 + data[at]) % 4294967291;
  seen.made.push([performance.now(), detail.number, detail.latency, detail.work, seen.codes[detail.number], sum]);
});
""".replace("BITS", str(BITS)).replace("BLOCK", str(BLOCK))


def coded(frame: Frame, number: int) -> Frame:
    """A square frame in the middle of a camera's picture, with `number` as white and black squares in the corner."""
    side = cv2.resize(frame, (HEIGHT, HEIGHT), interpolation=cv2.INTER_CUBIC)
    beside = (WIDTH - HEIGHT) // 2
    picture = cv2.copyMakeBorder(side, 0, 0, beside, beside, cv2.BORDER_REPLICATE)
    for bit in range(BITS):
        picture[:BLOCK, bit * BLOCK : (bit + 1) * BLOCK] = 255 * (number >> bit & 1)
    return np.asarray(picture, np.uint8)


def measure(page: Page, app: App, method: str, seconds: float) -> dict[str, Any]:
    """Perform by `method` for so long, and tell what came of it after the first seconds of following."""
    page.get_by_label("Method", exact=True).select_option(method)
    title = page.locator(f"pt-live option[value={method}]").inner_text()
    page.locator("pt-live figcaption", has_text=f"by {title}").wait_for(timeout=120_000)
    page.get_by_text("The target follows you.").wait_for(timeout=60_000)
    page.wait_for_timeout(1000 * SETTLING.get(method, 5))
    before, busy = _memory(app), _busy(app)
    begun = page.evaluate("() => { seen.made = []; return performance.now() }")
    page.wait_for_timeout(seconds * 1000)
    rows = np.array(page.evaluate("seen.made"), np.float64)
    if not len(rows):
        raise SystemExit(f"No picture came: {page.locator('pt-live').inner_text()}")
    each = {name: round(1000 * (after - busy[name]) / len(rows), 1) for name, after in _busy(app).items()}
    found = _summary(rows, begun, seconds) | {"processor_ms_a_picture": each}
    return found | {"memory_mb_before": before, "memory_mb_after": _memory(app)}


def _summary(rows: np.ndarray, begun: float, seconds: float) -> dict[str, Any]:
    at, latency, work, codes, sums = rows[:, 0], rows[:, 2], rows[:, 3], rows[:, 4], rows[:, 5]
    tenth = max(len(rows) // 10, 1)
    return {
        "seconds": seconds,
        "made_a_second": round(len(rows) / seconds, 1),
        "driving_pictures_answered_a_second": round(int((np.diff(codes) != 0).sum() + 1) / seconds, 1),
        "distinct_made_a_second": round(int((np.diff(sums) != 0).sum() + 1) / seconds, 1),
        "latency_ms": {f"p{share}": round(float(np.percentile(latency, share)), 1) for share in (50, 95, 99)},
        "server_ms": {f"p{share}": round(float(np.percentile(work, share)), 1) for share in (50, 95)},
        "latency_ms_first_and_last_tenth": [
            round(float(np.median(part)), 1) for part in (latency[:tenth], latency[-tenth:])
        ],
        "longest_gap_ms": round(float(np.diff(at, prepend=begun).max()), 1),
    }


def _busy(app: App) -> dict[str, float]:
    """Processor seconds so far: they tell what a picture costs, however busy the machine is with other things."""
    page = psutil.Process(app.pid)
    ours = psutil.Process().children(recursive=True)
    parts = {
        "page": [page],
        "worker": [child for child in page.children() if "space.live.worker" in child.cmdline()],
        "browser": [child for child in ours if "chrom" in child.name()],
    }
    return {name: sum(sum(one.cpu_times()[:2]) for one in processes) for name, processes in parts.items()}


def _memory(app: App) -> dict[str, int]:
    page = psutil.Process(app.pid)
    workers = [child for child in page.children() if "space.live.worker" in child.cmdline()]
    return {
        "page": round(page.memory_info().rss / 2**20),
        "worker": round(sum(worker.memory_info().rss for worker in workers) / 2**20),
    }


def main() -> None:
    """Measure each method in turn, in one visit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--methods", nargs="+", default=["knn", "pose2pics", "pics2pics"])
    parser.add_argument("--target", default="ines")
    parser.add_argument("--driving", type=Path, default=ROOT / "examples" / "kofi-dances.mp4")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    results: dict[str, Any] = {"load_average": psutil.getloadavg(), "methods": {}}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        film = Path(folder) / "camera.y4m"
        frames = (coded(frame, number) for number, frame in enumerate(islice(read_frames(options.driving), FRAMES)))
        write_film(film, frames, (WIDTH, HEIGHT), RATE)
        home = Path(folder) / "home"
        home.mkdir()
        chromium = next(path for path in map(which, BROWSERS) if path)
        with opened_app(home) as app:
            browser = playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS, *camera_arguments(film)])
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{app.address}")
            page.get_by_role("tab", name="Live").click()
            page.get_by_label("Mirror", exact=True).last.uncheck()
            page.get_by_label("Target", exact=True).select_option(options.target)
            page.evaluate(WATCH)
            page.get_by_role("button", name="Start", exact=True).click()
            for method in options.methods:
                results["methods"][method] = measure(page, app, method, options.seconds)
                print(method, json.dumps(results["methods"][method], indent=1), flush=True)
                page.screenshot(path=str(Path(tempfile.gettempdir()) / f"live-{method}-page.png"))
            browser.close()
    results["load_average_after"] = psutil.getloadavg()
    if options.out:
        options.out.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
