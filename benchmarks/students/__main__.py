"""The students' curve."""
from __future__ import annotations
import argparse
from pathlib import Path
import torch
from benchmarks.students.points import POINTS
from benchmarks.students.training import train_points
def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--train", nargs="*", choices=POINTS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.work.mkdir(parents=True, exist_ok=True)
    if options.train is not None:
        train_points(options.work, options.train or POINTS)
if __name__ == "__main__":
    main()
