"""A report in plain words: every sentence must be true of the run it tells of."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from posetransfer.pipeline.report import Report
from space.report_words import report_words

NETWORK = Report(
    frames_in=90,
    frames_out=180,
    fps_in=Fraction(30),
    fps_out=Fraction(60),
    duration_in=3.0,
    duration_out=3.0,
    seconds={
        "total": 12.4,
        "poses": 4.0,
        "load": 2.0,
        "generate": 3.0,
        "align": 1.0,
        "interpolate": 0.5,
        "write": 0.9,
    },
    runtime="openvino CPU",
    pose_coverage=0.957,
    faces={"hog": 40, "cnn": 5, "tracked": 36, "none": 9},
    method="pose2pics",
)
KNN = replace(NETWORK, method="knn", runtime="numpy")


def words(report: Report) -> str:
    return " ".join(report_words(report))


def test_what_was_made_and_how_long_it_took() -> None:
    assert report_words(NETWORK) == [
        "180 pictures were made, 3.0 s at 60 a second, in 12 s.",
        "Making one took 30 ms; the network ran on openvino CPU.",
        "96% of the driver's joints were seen.",
        "A face was found in 90% of the driver's pictures.",
        "The result says that it is synthetic: by its badge, and by a signed note in the file.",
    ]


def test_nearest_neighbours_are_no_network() -> None:
    assert "network" not in words(KNN) and "Making one took 30 ms." in words(KNN)


def test_a_stopped_run_says_so() -> None:
    assert "stopped" not in words(NETWORK)
    assert "You stopped it: this is the first part." in words(replace(NETWORK, stopped_early=True))


def test_no_face_is_no_percentage_of_nothing() -> None:
    unseen = replace(KNN, faces={"hog": 0, "cnn": 0, "tracked": 0, "none": 90})
    assert "A face was found in 0% of the driver's pictures." in words(unseen)
    for nobody_looked in ({}, {"none": 0}):
        assert "A face" not in words(replace(KNN, faces=nobody_looked))


def test_nearly_all_is_not_all_and_nearly_none_not_none() -> None:
    """Percentages are rounded: 99.6 % must not be called all joints, nor one face in a thousand pictures none."""
    almost = replace(NETWORK, pose_coverage=0.9996, faces={"hog": 1, "none": 999})
    assert "100%" not in words(almost) and " 0%" not in words(almost)
    assert "100% of the driver's joints" in words(replace(NETWORK, pose_coverage=1.0))


def test_odd_rates_are_told_as_they_are_called() -> None:
    assert "at 29.97 a second" in words(replace(NETWORK, fps_out=Fraction(30000, 1001)))
    assert "at 23.98 a second" in words(replace(NETWORK, fps_out=Fraction(24000, 1001)))
    assert "at 25 a second" in words(replace(NETWORK, fps_out=Fraction(25)))


def test_one_picture_is_no_plural() -> None:
    assert words(replace(NETWORK, frames_out=1)).startswith("1 picture was made, ")
    assert words(replace(NETWORK, frames_out=0)).startswith("0 pictures were made, ")


def test_a_quick_run_did_not_take_no_time() -> None:
    quick = replace(KNN, frames_out=1000, seconds={"total": 0.3, "generate": 0.1})
    assert " in 0 s" not in words(quick) and " 0 ms" not in words(quick)


def test_without_times_there_is_nothing_to_say_of_them() -> None:
    assert "Making one" not in words(replace(NETWORK, seconds={"total": 2.0}))
    assert "Making one" not in words(replace(NETWORK, frames_out=0))


def test_warnings_come_last_and_unchanged() -> None:
    warnings = ["No face is ever seen in dance.mp4.", "2 people are seen."]
    assert report_words(replace(NETWORK, warnings=warnings))[-2:] == warnings
    assert report_words(NETWORK) == report_words(replace(NETWORK)), "and the report is not changed by being told"
