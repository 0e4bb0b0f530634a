"""The benchmark itself: a whole run on a small target and a short clip, without weights for the paper's form."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from benchmarks.sized_target import sized_target
from posetransfer.errors import MethodMissing
from posetransfer.evaluate.timing.benchmark import benchmark
from posetransfer.evaluate.timing.measured import Plan
from posetransfer.streams import finished
from tests.performers import INES, KOFI, piece

pytestmark = pytest.mark.slow


@pytest.fixture
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSETRANSFER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("POSETRANSFER_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("POSETRANSFER_OPENPOSE", raising=False)
    return tmp_path


def test_each_round_watches_the_clip_anew_and_all_of_it_is_counted(own_places: Path) -> None:
    target = sized_target(own_places / "small", 64, ["knn"], piece(own_places / "ines.mp4", INES, 20))
    clip = piece(own_places / "kofi.mp4", KOFI, 15)
    found = finished(benchmark(Plan(clip, frames=12, rounds=2, live_frames=0), [str(target)]))
    (case,) = found["cases"]
    assert (case["target"], case["method"], case["size"], case["frames"]) == ("small", "knn", 64, 12)
    assert len(case["rounds"]) == found["rounds"] == 2
    assert {"decode", "poses", "faces", "fit", "load", "generate", "label", "write"} <= set(case["stages_ms"])
    assert case["stages_ms"]["poses"] > 0, "poses were not found kept"
    assert sum(case["stages_ms"].values()) <= psutil.cpu_count() * case["ms_a_frame"]
    assert all(one["total"] < one["with_start_up"] for one in case["rounds"])
    assert case["latency_ms"] == case["paper_form"] == {} and "paper's form was not measured" in found["notes"][0]
    assert set(found["interpolation"]) == {"64"}
    assert found["machine"]["cpu"] and found["video"] == {
        "name": "kofi.mp4", "size": [384, 384], "fps": 25.0, "sound": False
    }  # fmt: skip


def test_a_method_that_the_target_lacks_is_refused_before_anything_is_measured(own_places: Path) -> None:
    clip = piece(own_places / "lars.mp4", "test-lars", 10)
    with pytest.raises(MethodMissing, match="pics2pics"):
        next(benchmark(Plan(clip), ["ines", "kofi"], ["knn", "pics2pics"]))
