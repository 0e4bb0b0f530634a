"""Whether memory grows with the length of a video: `transfer` on ten minutes against twenty seconds.

    python -m benchmarks.memory VIDEO TARGET WORK [--minutes 10] [--methods knn,pose2pics]

VIDEO is played over and over until it is as long as wanted. Prints and writes peak memory (MiB) and the ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from posetransfer.types import Frame
from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames
from posetransfer.video.write import VideoWriter

RESULTS = Path(__file__).parent / "results"
SHORT = 20  # seconds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("video", type=Path)
    parser.add_argument("target")
    parser.add_argument("work", type=Path)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--methods", default="knn,pose2pics")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    long = 60 * arguments.minutes
    clips = {seconds: looped(arguments.video, seconds, arguments.work) for seconds in (SHORT, long)}
    table: dict[str, dict[str, float]] = {}
    for method in arguments.methods.split(","):
        short, whole = (peak(clip, arguments.target, method, arguments.work) for clip in clips.values())
        table[method] = {f"{SHORT} s": short, f"{long:.0f} s": whole, "ratio": round(whole / short, 3)}
        print(method, table[method], flush=True)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "memory.json").write_text(
        json.dumps({"clip": arguments.video.name, "peak_mib": table}, indent=1) + "\n"
    )


def looped(video: Path, seconds: float, work: Path) -> Path:
    """The clip played again and again for so many seconds, without sound."""
    out = work / f"{video.stem}-{seconds:.0f}s.mp4"
    if not out.exists():
        info = video_info(video)
        with VideoWriter(out, info.fps, (info.width, info.height)) as writer:
            for frame in islice(forever(video), round(seconds * info.fps)):
                writer.write(frame)
    return out


def forever(video: Path) -> Iterator[Frame]:
    while True:
        yield from read_frames(video)


def peak(driving: Path, target: str, method: str, work: Path) -> float:
    """Peak memory of one transfer in MiB. The first method estimates the poses, the others find them kept."""
    report = work / "report.json"
    cache = {**os.environ, "POSETRANSFER_CACHE": str(work / "cache")}
    command = ["transfer", driving, "--target", target, "--method", method, "--out", work / "out.mp4"]
    subprocess.run(
        [sys.executable, "-m", "posetransfer", *map(str, command), "--report", str(report)],
        check=True,
        env=cache,
        stderr=subprocess.DEVNULL,
    )
    return round(float(json.loads(report.read_text())["peak_rss_mb"]), 1)


if __name__ == "__main__":
    main()
