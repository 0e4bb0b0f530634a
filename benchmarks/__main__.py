"""make bench: every timing that needs no long training, as JSON in benchmarks/results/.

    python -m benchmarks [VIDEO]

VIDEO: a clip with a person in it; by default the juggler of the folder that POSETRANSFER_DATA names.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    data = Path(os.environ.get("POSETRANSFER_DATA", ""))
    video = Path(sys.argv[1]) if len(sys.argv) > 1 else data / "clips" / "juggler.mp4"
    if not video.is_file():
        sys.exit("Give a video with a person in it: python -m benchmarks VIDEO, or set POSETRANSFER_DATA.")
    RESULTS.mkdir(exist_ok=True)
    weights = data / "weights" / "openpose18_mobilenet_v2_small_graph_opt.pb"
    paper = ["--paper-weights", str(weights)] if weights.is_file() else []
    stages = ["posetransfer", "benchmark", str(video), *paper, "--report", str(RESULTS / "stages.json")]
    for module in (stages, ["benchmarks.knn_match"]):
        print(f"== {module[0]}", flush=True)
        subprocess.run([sys.executable, "-m", *module], check=True)


main()
