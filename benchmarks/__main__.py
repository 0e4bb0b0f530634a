"""make bench: what a transfer costs and how long matching takes, as JSON in benchmarks/results/.

    python -m benchmarks [SOURCE]

SOURCE: a clip with a person in it; by default the juggler of the folder that POSETRANSFER_DATA names. It is resampled
to 720p and 30 frames a second and played again and again for a minute, with sound. Measured are the bundled target
ines at 256 px and one of hers at 512 px. That one and the clip are made in the folder `benchmarks` of the cache, and
kept there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from benchmarks.clip import juggler, looped
from benchmarks.sized_target import METHODS, learned
from posetransfer.checkpoints.folder import CONFIG
from posetransfer.places import cache_folder

RESULTS: Final = Path(__file__).parent / "results"
SECONDS: Final = 60
STEPS: Final = 100  # a few minutes' training: enough for pictures that are not flat, which would be coded in no time


def main() -> None:
    """Measure both, one after the other."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else juggler()
    if not source.is_file():
        sys.exit("Give a video with a person in it: python -m benchmarks VIDEO, or set POSETRANSFER_DATA.")
    work = cache_folder() / "benchmarks"
    clip, large = looped(source, work, SECONDS, 720), work / "ines-512"
    if not (large / CONFIG).is_file():
        learned(large, 512, ",".join(METHODS), STEPS)
    weights = Path(os.environ.get("POSETRANSFER_DATA", "")) / "weights" / "openpose18_mobilenet_v2_small_graph_opt.pb"
    paper = ["--paper-weights", str(weights)] if weights.is_file() else []
    targets = ["--target", "ines", "--target", str(large)]
    whole = ["posetransfer", "benchmark", str(clip), *targets, *paper, "--report", str(RESULTS / "benchmark.json")]
    RESULTS.mkdir(exist_ok=True)
    for module in (whole, ["benchmarks.knn_match"]):
        print(f"== {module[0]}", flush=True)
        subprocess.run([sys.executable, "-m", *module], check=True)


if __name__ == "__main__":
    main()
