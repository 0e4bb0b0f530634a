"""Quality against milliseconds for smaller networks and their teachers.

    python -m benchmarks.students --work FOLDER --train     every point, six minutes of processor time each; goes on
    python -m benchmarks.students --work FOLDER --score     what is trained, against true frames
    python -m benchmarks.students --time                    milliseconds a frame; on quiet cores
    python -m benchmarks.students --draw                    the picture, and the tables for the README

with OMP_NUM_THREADS=1 for the first two. Weights and the training's log stay in FOLDER; figures are kept in
benchmarks/results/students.json, the picture in benchmarks/results/students.png.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Final

import torch

from benchmarks.students.drawing import draw, table, table_of_times
from benchmarks.students.points import POINTS, keep
from benchmarks.students.scoring import TEACHER, score
from benchmarks.students.timing import times
from benchmarks.students.training import steps, train_points, trained
from posetransfer.checkpoints.folder import open_checkpoint
from posetransfer.checkpoints.lookup import BUNDLED
from posetransfer.evaluate.timing import machine

RESULTS: Final = Path(__file__).parents[1] / "results" / "students.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, help="where trainings lie")
    parser.add_argument("--train", nargs="*", metavar="POINT", help="all, or those named")
    parser.add_argument("--score", action="store_true")
    parser.add_argument("--time", action="store_true")
    parser.add_argument("--draw", action="store_true")
    options = parser.parse_args()
    if (options.train is not None or options.score) and options.work is None:
        parser.error("--train and --score need --work")
    known = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}
    if options.train is not None:
        torch.set_num_threads(1)
        options.work.mkdir(parents=True, exist_ok=True)
        train_points(options.work, options.train or POINTS)
    if options.score:
        keep(RESULTS, known | {"points": scored(options.work)})
        known = json.loads(RESULTS.read_text("utf-8"))
    if options.time:
        keep(RESULTS, known := known | {"machine": machine(), "times": times()})
    if options.draw:
        draw(RESULTS.with_suffix(".png"), known)
        print(table(known), table_of_times(known), sep="\n\n")


def scored(work: Path) -> dict[str, Any]:
    """What each point is and how it scores."""
    names, known = trained(work), steps(work)
    bundled = open_checkpoint(BUNDLED / "ines").methods["pose2pics"]
    about: dict[str, dict[str, Any]] = {TEACHER: {"config": bundled["config"], "steps": bundled["training"]["steps"]}}
    for name in names:
        point = POINTS[name]
        about[name] = {"config": point.config.to_json(), "learned": point.learned, "seed": point.seed, **known[name]}
    figures = score(work, names)
    return {name: {**each, "scores": figures[name]} for name, each in about.items()}


if __name__ == "__main__":
    main()
