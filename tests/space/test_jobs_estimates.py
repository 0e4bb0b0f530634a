"""How long things will take: guessed, learned from reports, and corrected by the rate that is seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from space.jobs.estimates import Speeds, seconds_left, share
from tests.space.open_jobs import at_end, hand_in, opened, until

REPORT = {
    "frames_in": 100,
    "seconds": {"total": 12.0, "poses": 2.0, "faces": 1.0, "decode": 1.0, "load": 3.0, "fit": 0.5, "generate": 4.0},
}
STAGES = {"poses": 20.0, "load": 10.0, "make": 10.0}


def test_before_anything_was_seen(tmp_path: Path) -> None:
    speeds = Speeds(tmp_path / "speeds.json")
    assert speeds.expected("knn", 256, 1000) == pytest.approx({"poses": 25, "load": 1, "make": 12})
    assert speeds.expected("pose2pics", 512, 1000) == pytest.approx({"poses": 25, "load": 10, "make": 120})
    assert speeds.expected("pose2pics", 128, 1000, 4)["make"] == pytest.approx(7.5 * 2)


def test_a_report_is_learned_and_kept(tmp_path: Path) -> None:
    Speeds(tmp_path / "speeds.json").learn(REPORT, "pics2pics", 256)
    speeds = Speeds(tmp_path / "speeds.json")
    assert speeds.expected("pics2pics", 256, 1000) == pytest.approx({"poses": 40, "load": 3, "make": 45})
    assert speeds.expected("pose2pics", 256, 1000) == pytest.approx({"poses": 40, "load": 10, "make": 30})
    slower = {**REPORT, "seconds": {**REPORT["seconds"], "total": 16.5}}  # type: ignore[dict-item]
    speeds.learn(slower, "pics2pics", 256)
    assert 45 < speeds.expected("pics2pics", 256, 1000)["make"] < 90


def test_poses_out_of_the_cache_teach_nothing_of_poses(tmp_path: Path) -> None:
    speeds = Speeds(tmp_path / "speeds.json")
    speeds.learn({"frames_in": 100, "seconds": {"total": 5.0, "load": 1.0, "generate": 3.0}}, "knn", 256)
    assert speeds.expected("knn", 256, 1000) == pytest.approx({"poses": 25, "load": 1, "make": 40})


def test_a_handful_of_frames_teaches_nothing(tmp_path: Path) -> None:
    Speeds(tmp_path / "speeds.json").learn({**REPORT, "frames_in": 5}, "knn", 256)
    assert not (tmp_path / "speeds.json").exists()


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        ({}, 0.0),
        ({"stage": "poses", "done": 5, "total": 10}, 0.25),
        ({"stage": "load", "done": 0, "total": None}, 0.5),
        ({"stage": "make", "done": 10, "total": 10}, 1.0),
        ({"stage": "sign", "done": 0, "total": None}, 1.0),
        ({"stage": "weights", "done": 3, "total": 4}, 0.0),  # of an estimator, before all that is estimated
    ],
)
def test_the_share_weighs_stages_by_their_time(progress: dict[str, object], expected: float) -> None:
    assert share(STAGES, progress) == pytest.approx(expected)


def test_seconds_left() -> None:
    def left(stage: str, done: int, fps: float | None, now: float) -> float | None:
        told = {"stage": stage, "done": done, "total": 100, "fps": fps, "stage_started": 0.0, "updated": 0.0}
        return seconds_left(STAGES, told, now)

    assert seconds_left(STAGES, {}, 5.0) == 40
    assert left("poses", 0, None, 5.0) == 15 + 20  # nothing seen yet: as expected
    assert left("poses", 50, 10.0, 0.0) == 5 + 20  # faster than expected
    assert left("poses", 50, 10.0, 2.0) == 3 + 20  # and the clock goes on between two writings
    assert left("make", 90, 1.0, 0.0) == 10
    assert left("make", 100, 1.0, 3.0) == 0
    assert seconds_left({}, {"stage": "look", "done": 0, "total": None}, 0.0) is None


def test_an_ended_job_teaches_the_next_ones_estimate(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        known: dict[str, Any] = {"options": {"method": "knn"}, "size": 256, "frames": 100}
        first = hand_in(jobs, "count", report=REPORT, **known)
        at_end(jobs, first)
        until(lambda: (tmp_path / "speeds.json").exists())
        assert jobs.status(first)["seconds_needed"] == pytest.approx(4 + 3 + 4.5)
