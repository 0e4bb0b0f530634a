"""How the cost of a transfer grows with a clip's length and with the pixels of what is read and made.

    python -m benchmarks.cost WORK [SOURCE] [--only length,made,read] [--methods knn,pose2pics,pics2pics] [--quick]

Three series, file to file, each point in a process of its own that watches its clip anew; clips and targets are made
in WORK, none of the project's folders. SOURCE: by default the juggler of the folder that POSETRANSFER_DATA names.

    length   10 s, 1 min, 5 min and 20 min at 720p and 30 frames a second, target ines at 256 px
    made     10 s for targets of 128 to 768 px: k-NN at each, networks at powers of two, as a U-Net halves to 1 px
    read     10 s of driving clips of 128 to 768 px, the middle square of SOURCE, target ines

Each point is kept in results/cost.json as soon as it is measured: a run that was stopped goes on with the next one. A
straight line is laid through each series by least squares, and results/cost.png shows all of them. Networks of `made`
have random weights and run in fp32, so that all sizes run in the same form; those of the others as `transfer` chooses.
`--quick` tries all of it out in some minutes, and keeps points and plot in WORK.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from benchmarks.clip import juggler, looped
from benchmarks.cost_plot import draw, place
from posetransfer.checkpoints.lookup import BUNDLED
from posetransfer.evaluate.timing.apart import apart
from posetransfer.evaluate.timing.machine import load, machine
from posetransfer.evaluate.timing.ours import timed_transfer
from posetransfer.methods.method import METHODS
from posetransfer.pipeline.options import TransferOptions
from posetransfer.pipeline.report import write_text
from posetransfer.streams import finished

RESULTS: Final = Path(__file__).parent / "results"
SERIES: Final = ("length", "made", "read")
MINUTE: Final = 60.0
PREPARING: Final = 7.0  # seconds of a clip that show a network all that it may be tried on


@dataclass(frozen=True)
class Extent:
    """How far the series reach. lengths, seconds: of the clips; sizes: px, of what is made and of what is read;
    rounds: of each point, of which the middle one counts. Clips of more than a minute are measured once."""

    lengths: tuple[float, ...] = (10, 60, 300, 1200)
    sizes: tuple[int, ...] = (128, 256, 384, 512, 768)
    seconds: float = 10
    height: int = 720
    rounds: int = 3


QUICK: Final = Extent(lengths=(1, 2, 3), sizes=(64, 96, 128), seconds=1, height=128, rounds=1)


class Point(NamedTuple):
    """Something to be measured. x: seconds of a clip, or px of a side."""

    series: str
    method: str
    x: float

    @property
    def key(self) -> str:
        return f"{self.series} {self.method} {self.x:g}"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("source", type=Path, nargs="?", default=juggler())
    parser.add_argument("--only", default=",".join(SERIES))
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if not options.source.is_file():
        sys.exit("Give a video with a person in it, or set POSETRANSFER_DATA: python -m benchmarks.cost WORK SOURCE")
    extent, kept = (QUICK, options.work) if options.quick else (Extent(), RESULTS)
    measure(options.source, options.work, kept, extent, options.only.split(","), options.methods.split(","))


def measure(
    source: Path, work: Path, kept: Path, extent: Extent, series: Sequence[str], methods: Sequence[str]
) -> dict[str, Any]:
    """Measure all points that `kept`/cost.json does not hold yet, and write it and the plot anew after each."""
    work.mkdir(parents=True, exist_ok=True)
    path = kept / "cost.json"
    table: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {"points": {}}
    table |= {"machine": machine(), "source": source.name, **json.loads(json.dumps(asdict(extent)))}
    for point in planned(extent, series, methods):
        if point.key in table["points"]:
            continue
        before = load()
        table["points"][point.key] = {
            **point._asdict(),
            **measured(point, source, work, extent),
            "load_before": before,
        }
        table["lines"] = lines(table["points"].values())
        write_text(path, json.dumps(table, indent=1) + "\n")
        draw(table, kept / "cost.png")
        print(f"{point.key}: {table['points'][point.key]['seconds']['total']} s", flush=True)
    return table


def planned(extent: Extent, series: Sequence[str], methods: Sequence[str]) -> Iterator[Point]:
    """All points, the cheap ones first in each series."""
    for name in series:
        for x in extent.lengths if name == "length" else extent.sizes:
            for method in methods:
                if name != "made" or method == "knn" or int(x).bit_count() == 1:
                    yield Point(name, method, x)


def measured(point: Point, source: Path, work: Path, extent: Extent) -> dict[str, Any]:
    """Seconds, by stage too, and memory of a point's transfer."""
    target, options, seconds, height = BUNDLED / "ines", TransferOptions(point.method), extent.seconds, extent.height
    if point.series == "made":
        # here, as each process apart imports what this module does at its beginning: torch would be in k-NN's memory
        from benchmarks.sized_target import sized_target

        folder = work / f"sized-{point.x:g}-{point.method}"
        target, _ = finished(apart(work / "cache", point.key, sized_target, folder, int(point.x), [point.method]))
        options = replace(options, runtime="openvino")
    elif point.series == "read":
        height = int(point.x)
    else:
        seconds = point.x
    clip = looped(source, work / "clips", seconds, height, square=point.series == "read")
    if point.series != "made" and point.method != "knn":  # the network is made ready before time is taken
        first = replace(options, end=min(seconds, PREPARING))
        finished(apart(work / "runs", point.key, timed_transfer, clip, str(target), work / "first.mp4", first))
    runs = [transferred(point, clip, target, work, options) for _ in range(extent.rounds if seconds <= MINUTE else 1)]
    return sorted(runs, key=lambda run: float(run["seconds"]["total"]))[len(runs) // 2]


def transferred(point: Point, clip: Path, target: Path, work: Path, options: TransferOptions) -> dict[str, Any]:
    """What one transfer took, in a process of its own that watches the clip anew."""
    shutil.rmtree(work / "runs" / "poses", ignore_errors=True)
    run = apart(work / "runs", point.key, timed_transfer, clip, str(target), work / "out.mp4", options)
    report, wait = finished(run)
    return {
        "frames": report.frames_out,
        "seconds": report.to_json()["seconds"],
        "seconds_with_start_up": round(wait, 2),
        "peak_rss_mb": round(report.peak_rss_mb, 1),
        "runtime": report.runtime,
    }


def lines(points: Any) -> dict[str, dict[str, float]]:
    """A straight line through each series of each method that has three points or more: seconds of a transfer over
    seconds of video, or milliseconds a frame over thousands of pixels of a picture."""
    groups: dict[str, list[tuple[float, float]]] = {}
    for point in points:
        groups.setdefault(f"{point['series']} {point['method']}", []).append(place(point))
    return {name: line(found) for name, found in groups.items() if len(found) > 2}


def line(found: Sequence[tuple[float, float]]) -> dict[str, float]:
    """slope and intercept by least squares, and R², the share of the variance that the line explains."""
    x, y = np.array(found, float).T
    slope, intercept = np.polyfit(x, y, 1)
    missed, spread = float(((y - slope * x - intercept) ** 2).sum()), float(((y - y.mean()) ** 2).sum())
    r_squared = 1 - missed / spread if spread else 1.0
    return {"slope": round(float(slope), 5), "intercept": round(float(intercept), 4), "r2": round(r_squared, 5)}


if __name__ == "__main__":
    main()
