"""Time and peak memory of k-NN between 10,000 and 100,000 poses, with a sample checked against scikit-learn.

python benchmarks/knn_match.py [--queries N] [--bank N] [-k K]    prints JSON
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics.pairwise import nan_euclidean_distances

from posetransfer.pairs.match import METRICS, Matcher

SAMPLE = 50


def performance(count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Poses [count, 18, 3] of a body that drifts and sways over a 512-px picture, a tenth of the joints unseen."""
    body = rng.uniform(150, 350, (18, 2))
    sway = np.cumsum(rng.normal(0, 1, (count, 18, 2)), axis=0) * 0.2 + rng.normal(0, 20, (count, 18, 2))
    poses = np.concatenate([body + sway, np.full((count, 18, 1), 0.9)], axis=-1).astype(np.float32)
    poses[rng.random((count, 18)) < 0.1] = (np.nan, np.nan, 0)
    return poses


def brute_force(queries: NDArray[np.float32], bank: NDArray[np.float32], k: int) -> NDArray[np.float64]:
    """The k least `pixels` distances of each query, by scikit-learn."""
    flat = [poses[..., :2].reshape(len(poses), -1).astype(np.float64) for poses in (queries, bank)]
    return np.sort(nan_euclidean_distances(*flat), axis=1)[:, :k]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--bank", type=int, default=100_000)
    parser.add_argument("-k", type=int, default=7)
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    queries, bank = performance(options.queries, rng), performance(options.bank, rng)
    report: dict[str, Any] = {"queries": options.queries, "bank": options.bank, "k": options.k}
    report["machine"] = f"{os.cpu_count()} x {platform.processor() or platform.machine()}"
    for metric in METRICS:
        begun = time.perf_counter()
        _, distances = Matcher(bank, metric).nearest(queries, options.k)
        report[f"{metric}_seconds"] = round(time.perf_counter() - begun, 2)
        if metric == "pixels":
            found = distances
    report["peak_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sample = rng.choice(options.queries, min(SAMPLE, options.queries), replace=False)
    error = np.abs(brute_force(queries[sample], bank, options.k) - found[sample]).max()
    report["largest_difference_from_brute_force"] = float(error)
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
