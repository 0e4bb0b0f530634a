"""How a benchmark's rounds are summed up: medians, percentiles, and ratios that are quotients."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from posetransfer.evaluate.timing.measured import Measured, Results
from posetransfer.evaluate.timing.ours import LiveTimes
from posetransfer.evaluate.timing.paper import PaperMade, PaperWatched
from posetransfer.evaluate.timing.table import AS_IT_STANDS, NO_CNN, UNWATCHED, case_figures, table
from posetransfer.pipeline.report import Report
from posetransfer.types import PoseSequence


def report(total: float, **stages: float) -> Report:
    seconds = {"total": total, **stages}
    return Report(frames_in=100, frames_out=100, seconds=seconds, peak_rss_mb=100 * total, runtime="numpy")


def watched(faces: float) -> PaperWatched:
    joints = np.ones((10, 18, 3), np.float32)
    sequence = PoseSequence(joints, np.full((10, 68, 2), np.nan, np.float32), (64, 64), Fraction(30))
    seconds = {"decode": 0.1, "poses": 0.4, "faces": faces}
    return PaperWatched(sequence, 0.5 + faces, seconds, {"none": 10}, 300.0)


def made(generate: float) -> PaperMade:
    return PaperMade(10, generate + 0.1, {"generate": generate, "write": 0.1, "decode": 0.1}, 900.0)


def case(method: str) -> Measured:
    measured = Measured("ines", 256, method, Path("ines"))
    measured.transfers = [report(t, poses=t / 2, generate=t / 4) for t in (4.0, 2.0, 5.0)]
    measured.waits = [5.0, 3.0, 6.0]
    measured.live = [LiveTimes([10.0] * 50, "numpy"), LiveTimes([30.0] * 50, "numpy")]
    measured.paper = [made(1.0), made(2.0), made(3.0)]
    return measured


SEEN = {True: [watched(9.0)] * 3, False: [watched(1.0)] * 3}


def test_figures_are_medians_over_the_rounds() -> None:
    found = case_figures(case("knn"), SEEN)
    assert found["frames_a_second"] == 25.0 and found["ms_a_frame"] == 40.0
    assert found["stages_ms"] == {"poses": 20.0, "generate": 10.0}
    assert found["seconds"] == {"total": 4.0, "with_start_up": 5.0, "network_made_ready_once": 0.0}
    assert found["peak_rss_mb"] == 500.0, "of memory the most that any round held"
    assert [one["total"] for one in found["rounds"]] == [4.0, 2.0, 5.0]
    assert found["latency_ms"] == {"p50": 20.0, "p95": 30.0, "p99": 30.0, "pictures": 100, "runtime": "numpy"}


def test_ratios_are_quotients_within_the_run() -> None:
    found = case_figures(case("pose2pics"), SEEN)
    paper = found["paper_form"]
    assert set(paper) == {AS_IT_STANDS, NO_CNN, "peak_rss_mb", "peak_ratio"}
    stands, without = paper[AS_IT_STANDS], paper[NO_CNN]
    assert stands["ms_a_frame"] == 950 + 210 and without["ms_a_frame"] == 150 + 210
    for form in (stands, without):
        assert form["ratio"] == pytest.approx(form["ms_a_frame"] / found["ms_a_frame"])
        assert form["frames_a_second"] == pytest.approx(1000 / form["ms_a_frame"], abs=1e-3)
        assert form["stage_ratios"] == {"poses": 2.0, "generate": 20.0}
        assert form["latency_ratio"] == pytest.approx(form["latency_ms"] / found["latency_ms"]["p50"])
    assert stands["stages_ms"] == {"decode": 20.0, "poses": 40.0, "faces": 900.0, "generate": 200.0, "write": 10.0}
    assert without["latency_ms"] == 40 + 100 + 200
    assert stands["faces"] == {"none": 30}
    assert (paper["peak_rss_mb"], paper["peak_ratio"]) == (900.0, 1.8)


def test_pics2pics_is_also_held_against_a_form_that_watches_nothing() -> None:
    paper = case_figures(case("pics2pics"), SEEN)["paper_form"]
    assert paper[UNWATCHED]["ms_a_frame"] == 210.0 and paper[UNWATCHED]["faces"] == {}
    assert all(paper[name]["latency_ms"] == 200.0 for name in (AS_IT_STANDS, NO_CNN, UNWATCHED))


def test_what_was_not_measured_is_absent() -> None:
    measured = case("knn")
    measured.live, measured.paper = [], []
    found = table(Results([measured], interpolation={256: {"dis": [2.0, 4.0], "farneback": [9.0, 9.0]}}))
    assert found["cases"][0]["latency_ms"] == found["cases"][0]["paper_form"] == {}
    assert found["interpolation"] == {"256": {"ours_ms": 3.0, "paper_form_ms": 9.0, "ratio": 3.0}}
