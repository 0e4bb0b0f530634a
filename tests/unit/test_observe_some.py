"""Watching some frames of a clip only: the person is between where they were seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from posetransfer.faces.beside import FaceProcess
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.observe import Observation, observe
from posetransfer.pipeline.options import FEW_LOOKS, TransferOptions, Watch
from posetransfer.streams import finished
from tests.performers import FPS, INES, piece

COUNT = 23


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return piece(tmp_path_factory.mktemp("clip") / "ines.mp4", INES, COUNT)


@pytest.fixture(scope="module")
def watched(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[float | None, Observation]]:
    with pytest.MonkeyPatch.context() as patch, FaceProcess() as faces:
        patch.setenv("POSETRANSFER_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield {
            looks: finished(observe(clip, Watch(looks=looks), StageClock(), make_tracker=faces.tracker))
            for looks in (None, float(FPS) / 4, 1000.0)
        }


def test_it_is_as_long_as_the_clip_and_near_what_all_frames_show(
    watched: dict[float | None, Observation],
) -> None:
    every, some = watched[None].sequence, watched[float(FPS) / 4].sequence
    assert len(every) == len(some) == COUNT and some.fps == every.fps and some.size == every.size
    off = np.linalg.norm(some.joints[..., :2] - every.joints[..., :2], axis=-1)
    assert np.nanmedian(off) < 2 and np.nanmax(off) < 25  # px of 384; she moves an arm
    assert (some.joints[..., 2] > 0).mean() == pytest.approx((every.joints[..., 2] > 0).mean(), abs=0.03)
    assert some.world is not None and not np.isnan(some.faces).all()
    assert sum(watched[float(FPS) / 4].faces.values()) == len({*range(0, COUNT, 4), COUNT - 1})


def test_between_two_looks_it_goes_in_a_straight_line(watched: dict[float | None, Observation]) -> None:
    joints = watched[float(FPS) / 4].sequence.joints
    seen = (joints[[4, 6, 8], :, 2] > 0).all(axis=0)
    np.testing.assert_allclose(joints[6, seen], (joints[4, seen] + joints[8, seen]) / 2, atol=1e-3)


def test_more_looks_than_frames_are_every_frame(watched: dict[float | None, Observation]) -> None:
    np.testing.assert_array_equal(watched[1000.0].sequence.joints, watched[None].sequence.joints)


def test_only_what_is_driven_by_pictures_looks_seldom() -> None:
    assert TransferOptions(method="pics2pics").watch.looks == FEW_LOOKS
    assert TransferOptions(method="pose2pics").watch.looks is None
    assert TransferOptions(method="knn").watch.looks is None
