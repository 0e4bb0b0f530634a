"""Targets learned from real footage, performed by people they never saw, and scored.

    POSETRANSFER_DATA=folder python -m benchmarks.real_footage WORK [--minutes 20]

Learns the dancer (k-NN and pose2pics, her first 50 seconds) and the signer in the skull shirt (pics2pics, from
the one in orange), performs the clips with them, and writes benchmarks/results/real_footage.json. Training
goes on where it was when the script is started again. The made videos stay in WORK: they show real people.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
DANCER_DRIVERS = {"juggler.mp4": [], "boxer.mp4": [], "blue-dancer.avi": ["--start", "53"]}
SIGNER_DRIVERS = ("sign-orange.mkv", "sign-grey.mkv")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--minutes", type=float, default=20)
    arguments = parser.parse_args()
    data = Path(os.environ["POSETRANSFER_DATA"])
    clips = data / "clips"
    os.environ.setdefault("POSETRANSFER_OPENPOSE", str(data / "weights" / "human-pose-estimation-0001.xml"))
    work: Path = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    learn(work / "dancer", arguments.minutes, clips / "blue-dancer.avi", "--end", 50, "--methods", "knn,pose2pics")
    signer = (clips / "sign-skull.mkv", "--source", clips / "sign-orange.mkv", "--methods", "pics2pics")
    learn(work / "skull", arguments.minutes, *signer)
    results = {"learned": {name: read(work / f"{name}.json") for name in ("dancer", "skull")}}
    results["performed"] = {
        f"{Path(driver).stem} {method}": perform(work, "dancer", clips / driver, method, cut)
        for driver, cut in DANCER_DRIVERS.items()
        for method in ("knn", "pose2pics")
    } | {
        f"{Path(driver).stem} pics2pics": perform(work, "skull", clips / driver, "pics2pics", [])
        for driver in SIGNER_DRIVERS
    }
    results["scored"] = [score(work, clips, driver, cut) for driver, cut in DANCER_DRIVERS.items()]
    results["scored"] += [score(work, clips, driver, []) for driver in SIGNER_DRIVERS]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "real_footage.json").write_text(json.dumps(results, indent=1) + "\n")


def learn(folder: Path, minutes: float, *arguments: object) -> None:
    """Learn a target, or go on with it; a finished one is left alone."""
    if not (folder / "config.json").exists():
        report = folder.with_suffix(".json")
        run("learn", *arguments, "--out", folder, "--minutes", minutes, "--resume", "--report", report)


def perform(work: Path, target: str, driving: Path, method: str, cut: list[str]) -> dict[str, Any]:
    """Transfer one clip, with the side-by-side file; gives its report."""
    out = work / f"{driving.stem}-{method}.mp4"
    report = out.with_suffix(".json")
    run(
        "transfer", driving, "--target", work / target, "--method", method, "--out", out, "--side-by-side",
        "--report", report, *cut,
    )  # fmt: skip
    return read(report)


def score(work: Path, clips: Path, driver: str, cut: list[str]) -> dict[str, Any]:
    """Score all methods of the target on one clip; the dancer's own tail against its true frames."""
    target, methods = ("skull", "pics2pics") if driver in SIGNER_DRIVERS else ("dancer", "knn,pose2pics")
    report = work / f"{Path(driver).stem}-scores.json"
    same = ["--same-person"] if driver == "blue-dancer.avi" else []
    run("evaluate", clips / driver, "--target", work / target, "--methods", methods, "--report", report, *same, *cut)
    return read(report)


def read(path: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(path.read_text())
    return {name: value for name, value in values.items() if name not in ("out", "target")}


def run(*arguments: object) -> None:
    subprocess.run([sys.executable, "-m", "posetransfer", *map(str, arguments)], check=True)


if __name__ == "__main__":
    main()
