from __future__ import annotations

import numpy as np
import pytest

from posetransfer.errors import ShapeError, UnknownName
from posetransfer.evaluate.dropped import DroppedFrames
from posetransfer.evaluate.metrics import psnr, ssim
from posetransfer.interpolate.interpolator import INTERPOLATORS
from posetransfer.types import Frame
from tests.stick_figure import picture, pose_at

SIZE = 128


def clip(frames: int) -> list[Frame]:
    return [picture(pose_at(moment, SIZE), SIZE) for moment in range(frames)]


def test_flow_rebuilds_dropped_frames_best_and_doubling_worst() -> None:
    dropped = DroppedFrames()
    for frame in clip(9):
        dropped.add(frame)
    found = dropped.result()
    assert set(found) == set(INTERPOLATORS)
    means = {name: rebuilt.psnr.mean() for name, rebuilt in found.items()}
    assert means["dis"] > means["blend"] > means["double"]
    assert all(len(rebuilt.psnr) == len(rebuilt.ssim) == 4 for rebuilt in found.values())


def test_the_frames_scored_are_the_odd_ones_against_their_neighbours() -> None:
    frames = clip(6)  # the last is dropped and has no neighbour behind it
    dropped = DroppedFrames(["double"])
    for frame in frames:
        dropped.add(frame)
    rebuilt = dropped.result()["double"]
    pairs = ((0, 1), (2, 3))
    np.testing.assert_allclose(rebuilt.psnr, [psnr(frames[a], frames[b]) for a, b in pairs])
    np.testing.assert_allclose(rebuilt.ssim, [ssim(frames[a], frames[b]) for a, b in pairs])


def test_a_still_clip_is_rebuilt_perfectly_and_a_short_one_not_at_all() -> None:
    dropped = DroppedFrames(["blend"])
    still = clip(1)[0]
    dropped.add(still)
    dropped.add(still)
    assert len(dropped.result()["blend"].psnr) == 0
    dropped.add(still)
    assert dropped.result()["blend"].psnr.tolist() == [100.0]


def test_unknown_names_and_other_sizes_are_refused() -> None:
    with pytest.raises(UnknownName):
        DroppedFrames(["butterflow"])
    dropped = DroppedFrames(["double"])
    dropped.add(np.zeros((32, 32, 3), np.uint8))
    with pytest.raises(ShapeError):
        dropped.add(np.zeros((32, 40, 3), np.uint8))
