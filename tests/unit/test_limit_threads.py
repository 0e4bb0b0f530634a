"""Threads of networks that run beside each other, tried in a process of its own: the limit holds for all of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = """
from posetransfer.poses.mediapipe import weights_folder
from posetransfer.runtime.openvino import OpenVINORuntime, limit_threads
limit_threads(1)
for threads in (None, 2):
    network = OpenVINORuntime(threads).open_model(weights_folder() / "pose_detection" / "pose_detection.tflite")
    print(network._free[0].get_compiled_model().get_property("INFERENCE_NUM_THREADS"))
"""


def test_the_limit_is_for_networks_that_are_not_told_otherwise() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "2"]
