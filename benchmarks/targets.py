"""The bundled targets, learned from the performers' training reels: `python -m benchmarks.targets [NAME...]`.

    python -m benchmarks.targets kofi --steps 2200
    python -m benchmarks.targets ines --methods knn,pose2pics --steps 2200
    python -m benchmarks.targets ines --methods pics2pics --steps 1600
    python -m posetransfer evaluate --suite duo --report benchmarks/results/duo.json
    python -m benchmarks.targets --cards

is how they were made, with OMP_NUM_THREADS=1 and one network on each core. Learns checkpoints/NAME, or goes on with a
learning that was interrupted (its state lies in checkpoints/NAME.training until then). `--cards` writes the cards
with the figures of the duo suite. The report of each learning is kept: benchmarks/results/learned-NAME-METHODS.json.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posetransfer.checkpoints.card import BEGIN, END

ROOT = Path(__file__).resolve().parents[1]
REELS, TARGETS, RESULTS = ROOT / "benchmarks/performers/reels", ROOT / "checkpoints", ROOT / "benchmarks/results"
COLUMNS = {
    "body_stlpips": "ST-LPIPS on the body",
    "body_ssim": "SSIM on the body",
    "akd": "joints off by, torso lengths",
}


@dataclass(frozen=True)
class Lesson:
    """What a target is learned from. source: person A of its pics2pics."""

    footage: str
    methods: str
    source: str | None = None


LESSONS = {
    "ines": Lesson("train-a-ines", "knn,pose2pics,pics2pics", "train-b-kofi"),
    "kofi": Lesson("train-b-kofi", "knn,pose2pics"),
}

CARD = """---
library_name: posetransfer
tags:
- posetransfer
license: cc0-1.0
---
# {name}

A person who does not exist, for posetransfer to perform as: rendered, neither filmed nor scanned. Videos made with
this target are synthetic, and are labelled so.

{methods}

Learned from {seconds:.0f} seconds of rendered footage (`benchmarks/performers/reels/{footage}`).{source}
{quality}
**Consent.** Nobody is shown, so nobody had to be asked.
"""


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[[], *LESSONS], default=[])
    parser.add_argument("--steps", type=int, default=3000, help="of each network")
    parser.add_argument("--methods", help="only these, in a target that gets or has the others too")
    parser.add_argument("--cards", action="store_true", help="write the cards of the targets there are")
    options = parser.parse_args()
    for name in options.names:
        learn(name, options.methods or LESSONS[name].methods, options.steps)
    if options.cards:
        for name in (name for name in LESSONS if (TARGETS / name / "README.md").is_file()):
            write_card(name)


def learn(name: str, methods: str, steps: int) -> None:
    """Learn `methods` of one target with the project's own command, preset fast."""
    lesson = LESSONS[name]
    source = ["--source", REELS / lesson.source / "reel.mp4"] if lesson.source and "pics2pics" in methods else []
    report = RESULTS / f"learned-{name}-{methods.replace(',', '-')}.json"
    arguments = [
        "learn", REELS / lesson.footage / "reel.mp4", *source, "--out", TARGETS / name, "--methods", methods,
        "--steps", steps, "--resume", "--report", report,
    ]  # fmt: skip
    subprocess.run([sys.executable, "-m", "posetransfer", *map(str, arguments)], check=True)
    facts = {key: value for key, value in json.loads(report.read_text("utf-8")).items() if key != "out"}
    report.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")  # without the place on this machine
    shutil.rmtree(TARGETS / f"{name}.training")


def write_card(name: str) -> None:
    """The card of a rendered person, with what was measured."""
    card, lesson = TARGETS / name / "README.md", LESSONS[name]
    rows = card.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    learned = json.loads(next(RESULTS.glob(f"learned-{name}-*.json")).read_text("utf-8"))
    source = f" pics2pics turns pictures of `{lesson.source}` into {name}." if "pics2pics" in rows else ""
    text = CARD.format(
        name=name, methods=BEGIN + rows + END, seconds=learned["duration_in"], footage=lesson.footage, source=source,
        quality=_quality(name),
    )  # fmt: skip
    card.write_text(text, "utf-8")


def _quality(name: str) -> str:
    """Tables of the duo suite in which this target is scored."""
    path = RESULTS / "duo.json"
    tables: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["cases"] if path.is_file() else []
    lines = []
    for table in (table for table in tables if table["case"].startswith(f"duo: {name} ")):
        lines += ["", f"Against true frames, {table['case'].removeprefix('duo: ')}:", ""]
        lines += [f"| | {' | '.join(COLUMNS.values())} |", "|" + "---|" * (len(COLUMNS) + 1)]
        lines += [
            f"| {row} | {' | '.join(_mean(figures, c) for c in COLUMNS)} |" for row, figures in table["rows"].items()
        ]
    return "\n".join([*lines, ""])


def _mean(figures: dict[str, Any], column: str) -> str:
    mean = figures.get(column, {}).get("mean")
    return "-" if mean is None else f"{mean:.3f}"


if __name__ == "__main__":
    main()
