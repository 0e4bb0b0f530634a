"""How costs are measured over length and size: which points, the line through them, and going on after a stop."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import pytest

from benchmarks.cost import Extent, line, lines, measure, planned
from benchmarks.cost_plot import place
from tests.performers import KOFI, piece

SHORT = Extent(lengths=(0.4, 0.8, 1.2), sizes=(64, 96, 128), seconds=0.4, height=192, rounds=1)


def test_networks_are_measured_at_powers_of_two_only() -> None:
    keys = [point.key for point in planned(SHORT, ["made", "read"], ["knn", "pose2pics"])]
    assert keys == [
        "made knn 64", "made pose2pics 64", "made knn 96", "made knn 128", "made pose2pics 128",
        "read knn 64", "read pose2pics 64", "read knn 96", "read pose2pics 96", "read knn 128", "read pose2pics 128",
    ]  # fmt: skip


def test_a_line_and_how_well_it_fits() -> None:
    assert line([(1, 5), (2, 7), (4, 11)]) == {"slope": 2.0, "intercept": 3.0, "r2": 1.0}
    assert line([(0, 0), (1, 2), (2, 0), (3, 2)])["r2"] == pytest.approx(0.2)
    assert line([(1, 4), (2, 4), (3, 4)])["r2"] == 1.0


def test_each_series_has_its_own_line() -> None:
    points = [
        {"series": "length", "method": "knn", "x": x, "seconds": {"total": 2 * x + 1}, "frames": 30 * x}
        for x in (1, 2, 4)
    ]
    points += [{"series": "made", "method": "knn", "x": 100, "seconds": {"total": 1.0}, "frames": 50}]
    assert lines(points) == {"length knn": {"slope": 2.0, "intercept": 1.0, "r2": 1.0}}
    assert place(points[-1]) == (10.0, 20.0), "thousands of pixels, and ms a frame"


@pytest.mark.slow
def test_a_run_that_was_stopped_goes_on_with_what_is_missing(tmp_path: Path) -> None:
    source, work = piece(tmp_path / "kofi.mp4", KOFI, 20), tmp_path / "work"
    measure(source, work, work, replace(SHORT, lengths=(0.4,)), ["length"], ["knn"])
    first = json.loads((work / "cost.json").read_text())["points"]
    assert set(first) == {"length knn 0.4"}
    table = measure(source, work, work, replace(SHORT, lengths=(0.4, 0.8)), ["length"], ["knn"])
    assert table == json.loads((work / "cost.json").read_text())
    assert set(table["points"]) == {*first, "length knn 0.8"}
    assert table["points"]["length knn 0.4"] == first["length knn 0.4"], "it was not measured again"
    assert [point["frames"] for point in table["points"].values()] == [12, 24]
    assert all(point["seconds"]["poses"] > 0 and point["peak_rss_mb"] > 100 for point in table["points"].values())
    assert cv2.imread(str(work / "cost.png")) is not None
