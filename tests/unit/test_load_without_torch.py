"""A network that is kept in int8 is loaded without torch, which takes seconds to import."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from posetransfer.runtime.gpu import has_gpu

pytestmark = pytest.mark.skipif(has_gpu(), reason="Where there is a GPU, auto is torch.")

ROOT = Path(__file__).resolve().parents[2]
PERFORM = """
import hashlib, json, sys
from pathlib import Path
from posetransfer.checkpoints.folder import open_checkpoint
from posetransfer.streams import finished
from posetransfer.types import PosedFrame
checkpoint = open_checkpoint(Path("checkpoints/ines"))
method = checkpoint.open_method("pose2pics", "auto")
finished(method.prepare(checkpoint.samples(method)))
poses = [sample.posed.pose for sample in checkpoint.load_method("knn").samples(3)]
made = b"".join(frame.tobytes() for frame in method.generate([PosedFrame(pose) for pose in poses], 2))
print(json.dumps([method.runtime_used, "torch" in sys.modules, hashlib.sha256(made).hexdigest()]))
"""


def perform(cache: Path) -> list[object]:
    environment = os.environ | {"POSETRANSFER_CACHE": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", PERFORM], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return list(json.loads(done.stdout.splitlines()[-1]))


def test_the_second_process_needs_no_torch_and_makes_the_same(tmp_path: Path) -> None:
    runtime, with_torch, first = perform(tmp_path)
    if runtime != "openvino int8 CPU":
        pytest.skip(f"This processor runs it as {runtime}, which is converted anew each time.")
    assert with_torch
    assert perform(tmp_path) == ["openvino int8 CPU", False, first]
