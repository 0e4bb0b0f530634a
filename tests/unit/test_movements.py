"""What somebody does and never does, on the rendered performers' true joints."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from posetransfer.pipeline.coverage import SEEN, SIDE, coverage_picture
from posetransfer.poses.movements import LIMBS_SHOWN, SECTORS, movements, sectors_seen
from posetransfer.poses.skeleton import L_WRIST, LIMBS, NECK, NOSE, R_ELBOW, R_SHOULDER, R_WRIST
from tests.performers import pose


def still(frames: int = 20) -> NDArray[np.float32]:
    return np.stack([pose("test-kofi", 0)] * frames)


def names(joints: NDArray[np.float32]) -> set[str]:
    return {move.name for move in movements(joints) if move.seen}


def test_who_stands_still_is_asked_for_everything() -> None:
    assert names(still()) == set()
    assert all(move.ask.endswith(".") and move.share == 0 for move in movements(still()))


def test_a_training_reel_shows_all_of_it() -> None:
    reel = np.stack([pose("train-a-ines", number) for number in range(1550)])
    assert {move.name for move in movements(reel) if not move.seen} <= {"bent"}


@pytest.mark.parametrize(("wrist", "name"), [(R_WRIST, "right arm up"), (L_WRIST, "left arm up")])
def test_a_raised_arm_is_the_person_s_own_left_or_right(wrist: int, name: str) -> None:
    joints = still()
    joints[5:, wrist, 1] = joints[5:, NOSE, 1] - 20
    raised = {move.name: move.share for move in movements(joints)}
    assert raised[name] == pytest.approx(0.75)
    assert names(joints) == {name}


def test_turning_around_is_told_from_the_shoulders() -> None:
    joints = still()
    mirrored = joints.copy()
    mirrored[..., 0] = 2 * joints[:, NECK, None, 0] - joints[..., 0]
    assert "from behind" in names(np.concatenate([joints, mirrored]))
    narrow = joints.copy()
    narrow[..., 0] = joints[:, NECK, None, 0] + 0.1 * (joints[..., 0] - joints[:, NECK, None, 0])
    assert "side view" in names(np.concatenate([joints, narrow]))


def test_nobody_does_nothing() -> None:
    assert movements(np.zeros((5, 18, 3), np.float32)) == []
    assert movements(np.zeros((0, 18, 3), np.float32)) == []


def test_sectors_run_clockwise_from_the_image_s_right() -> None:
    joints = still(12)
    for frame in range(12):
        angle = frame * 2 * np.pi / 12
        joints[frame, R_ELBOW, :2] = joints[frame, R_SHOULDER, :2] + 30 * np.array([np.cos(angle), np.sin(angle)])
    upper_arm = LIMBS_SHOWN.index(LIMBS.index((R_SHOULDER, R_ELBOW)))
    np.testing.assert_allclose(sectors_seen(joints)[upper_arm], np.full(SECTORS, 1 / 12))
    joints[:, R_ELBOW, :2] = joints[:, R_SHOULDER, :2] + (0, 30)
    assert sectors_seen(joints)[upper_arm].argmax() == 3, "downwards"


def test_the_picture_fills_with_what_is_seen() -> None:
    def filled(joints: NDArray[np.float32]) -> float:
        picture = coverage_picture(joints).astype(int)
        assert picture.shape == (SIDE, SIDE, 3)
        return float((np.abs(picture - SEEN).sum(axis=2) < 200).mean())

    reel = np.stack([pose("train-a-ines", number) for number in range(0, 1550, 5)])
    assert filled(reel) > 2 * filled(still()) > 0
