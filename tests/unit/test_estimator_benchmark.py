"""The angles and the figures of the benchmark of estimators."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.estimators import Reel, face_results, face_tables, head_angles, joint_results, joint_tables
from posetransfer.evaluate.truth import Truth
from posetransfer.poses.skeleton import L_EAR, L_EYE, NOSE, R_EAR, R_EYE

CAMERA = np.array([0.0, -3.5, 1.0])


def head(yaw: float, pitch: float, at: tuple[float, float, float] = (0, 0, 1)) -> NDArray[np.float32]:
    """[18, 3] m of a head that looks along -y, turned to its left by yaw and lifted by pitch degrees."""
    places = np.zeros((18, 3))
    places[[R_EAR, L_EAR]] = (-0.08, 0, 0), (0.08, 0, 0)
    places[[R_EYE, L_EYE]] = (-0.03, -0.09, 0.03), (0.03, -0.09, 0.03)
    places[NOSE] = (0, -0.11, -0.03)
    a, b = np.radians([yaw, pitch])
    lift = np.array([[1, 0, 0], [0, np.cos(b), np.sin(b)], [0, -np.sin(b), np.cos(b)]])
    turn = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    return np.asarray(places @ lift.T @ turn.T + at, np.float32)


def angles(*heads: NDArray[np.float32]) -> NDArray[np.float64]:
    return head_angles(Truth(np.zeros((len(heads), 18, 2), np.float32), np.stack(heads), CAMERA, 384))


def test_a_head_is_turned_from_the_camera_not_from_the_room() -> None:
    found = angles(head(0, 0), head(40, 0), head(-40, 0), head(180, 0), head(0, 0, at=(3.5, 0, 1)))
    np.testing.assert_allclose(found[:, 0], [0, 40, 40, 180, 45], atol=0.01)


def test_up_is_positive_and_counted_from_the_usual() -> None:
    found = angles(head(0, 0), head(0, 0), head(0, 25), head(0, -25), head(30, 0))
    np.testing.assert_allclose(found[:, 1], [0, 0, 25, -25, 0], atol=0.5)


def reel(name: str, off: float, missing: int) -> Reel:
    away = np.full((10, 18), off)
    away[:missing] = np.nan
    asked = np.ones((10, 18), np.bool_)
    asked[9] = False
    away[9] = np.nan
    turned = np.stack([np.linspace(0, 90, 10), np.zeros(10)], axis=-1)
    return Reel(name, 50.0, asked, turned, {"mediapipe": away, "openpose": 2 * away}, ["hog"] * 4 + ["none"] * 6)


def test_figures_are_over_the_joints_asked_for_and_in_torsos_of_each_performer() -> None:
    results = joint_results([reel("test-ines", 5.0, 0), reel("test-kofi", 10.0, 3)])
    ines, kofi, both = (results["mediapipe"][name]["all joints"] for name in ("ines", "kofi", "all"))
    assert ines == {"missing": 0, "px_mean": 5, "px_median": 5, "torso_mean": 0.1, "torso_median": 0.1}
    assert kofi["missing"] == pytest.approx(3 / 9, abs=1e-4)
    assert both["px_mean"] == pytest.approx((9 * 5 + 6 * 10) / 15)
    assert results["openpose"]["ines"]["nose"]["px_mean"] == 10
    lines = joint_tables(results)[1].splitlines()
    assert lines[0] == "openpose:" and len(lines) == 4 + 1 + 18 + 2


def test_faces_are_counted_by_the_head_s_angle() -> None:
    results = face_results([reel("test-ines", 5.0, 0)])
    rows = results["all"]["yaw"]
    assert sum(row["frames"] for row in rows) == 10, "90 degrees are counted once"
    assert rows[0] == {"from": 0, "to": 15, "frames": 2, "hog": 2, "cnn": 0, "none": 0}
    assert rows[1] == {"from": 15, "to": 30, "frames": 1, "hog": 1, "cnn": 0, "none": 0}
    assert "| 0 to 15 | 2 | 1.000 | 0.000 | 0.000 |" in face_tables(results)[0]
