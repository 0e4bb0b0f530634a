"""A network that reads the driver's pictures begins in fp32 and is fitted by what it is shown."""

from __future__ import annotations

from itertools import cycle, islice
from pathlib import Path

import numpy as np
import pytest

from posetransfer.checkpoints.lookup import find_target
from posetransfer.methods.method import SAMPLES
from posetransfer.pipeline import live_choice
from posetransfer.pipeline.live import LivePerformer
from posetransfer.runtime.gpu import has_gpu
from tests.threads import one_thread as one_thread
from tests.unit.test_live import kofi, moments

pytestmark = pytest.mark.skipif(has_gpu(), reason="Where there is a GPU, auto is torch.")


def test_it_becomes_quicker_while_it_performs_and_shows_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSETRANSFER_CACHE", str(tmp_path))
    monkeypatch.setattr(live_choice, "EVERY", 1)
    performer = LivePerformer()
    performer.change(find_target("ines"), "pics2pics")
    pictures = list(islice(cycle(kofi(0, 16)), 2 * SAMPLES))
    performing = performer.perform(moments(pictures))
    before = [next(performing) for _ in range(SAMPLES)]
    performance = performer.performance
    assert performance is not None and performance.choice is not None
    method = performance.method
    assert method.runtime_used == "openvino fp32 CPU"
    performance.choice.wait()
    assert method.fit is not None  # type: ignore[attr-defined]
    after = [next(performing) for _ in range(16)]
    assert method.runtime_used == f"openvino {method.fit.precision} CPU"  # type: ignore[attr-defined]
    performing.close()  # type: ignore[attr-defined]
    shown = [one.frame for one in (before[-16], after[0])]
    assert all(frame is not None for frame in shown)
    assert np.abs(np.subtract(*shown, dtype=np.int16)).mean() < 3, "the same picture of the same driver"
