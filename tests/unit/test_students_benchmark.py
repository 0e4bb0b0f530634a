"""The students' benchmark: every point has a teacher that fits and a time, and the table says what is known."""

from __future__ import annotations

import json

import pytest

from benchmarks.students.__main__ import RESULTS
from benchmarks.students.drawing import milliseconds, table
from benchmarks.students.points import FAST, POINTS, bundled
from benchmarks.students.scoring import TEACHER


@pytest.mark.parametrize("name", POINTS)
def test_a_point_has_a_teacher_and_a_time(name: str) -> None:
    point, teaching = POINTS[name], POINTS[name].teaching()
    assert (teaching is None) == (point.learned == "alone") and name.startswith(f"{point.config.ngf} ")
    assert teaching is None or teaching.judged == point.judged
    assert milliseconds(json.loads(RESULTS.read_text("utf-8")), name) > 0


def test_the_bundled_network_is_of_the_form_that_students_are_compared_with() -> None:
    form = ("ngf", "outermost", "levels", "size")
    assert [getattr(bundled()[1], name) for name in form] == [getattr(FAST, name) for name in form]


def test_the_table_names_every_point_that_was_scored() -> None:
    results = json.loads(RESULTS.read_text("utf-8"))
    rows = table(results).splitlines()[2:]
    assert len(rows) == len(results["points"]) and rows[0].startswith(f"| {TEACHER} | 2200 |")
