"""What CONTRIBUTING.md shows works as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from posetransfer.hub.reference import Reference
from posetransfer.poses.estimator import follow_person
from posetransfer.poses.weights import SOURCES
from posetransfer.runtime.openvino import openvino
from tests.stick_figure import STANDING

GUIDE = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that sees a standing figure whatever it is shown, as the weights of the estimator `mine`."""
    runtime: Any = openvino()
    from openvino import opset13 as ops

    seen = np.concatenate([STANDING, np.full((18, 1), 0.9)], axis=1)[None].astype(np.float32)
    shown = ops.parameter([1, 3, 256, 192], np.float32)
    nothing = ops.multiply(ops.reduce_mean(shown, np.array([1, 2, 3])), np.float32(0))
    model = runtime.Model([ops.add(nothing, ops.constant(seen))], [shown])
    runtime.save_model(model, tmp_path / "mine.xml", compress_to_fp16=False)
    monkeypatch.setitem(SOURCES, "mine", (Reference("somebody", "mine"), ()))
    monkeypatch.setenv("POSETRANSFER_MINE", str(tmp_path / "mine.xml"))


@pytest.mark.usefixtures("network")
def test_its_pose_estimator_follows_somebody() -> None:
    block = re.search(r"```python\n(.*?class Mine:.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert block is not None
    written: dict[str, Any] = {"__name__": "mine"}
    exec(dedent(block[1]), written)
    by = written["Mine"](threads=1)  # as `make_estimator` calls it
    frames = [np.zeros((40, 100, 3), np.uint8)] * 3
    people = list(follow_person(frames, by, ahead=True))
    for person in people:
        assert person is not None
        np.testing.assert_allclose(person.pose[:, :2], STANDING * (100, 40), rtol=1e-5)
