"""Learning that is stopped makes a target of what there is; closed, it keeps its state."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posetransfer.checkpoints.folder import open_checkpoint
from posetransfer.errors import Stopped
from posetransfer.pipeline.learn import learn
from posetransfer.pipeline.options import LearnOptions
from posetransfer.types import Progress
from tests.performers import piece

OPTIONS = LearnOptions(size=64, steps=500, hold_out=0.1, resume=True)


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("footage")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSETRANSFER_CACHE", str(place / "cache"))
        yield piece(place / "ines.mp4", "train-a-ines", 240)


def test_a_stop_makes_a_target_of_what_was_learned(footage: Path, tmp_path: Path) -> None:
    seen: list[Progress] = []
    trained = [0]

    def stopped() -> bool:
        trained[0] += bool(seen) and seen[-1].stage == "train pose2pics"
        return trained[0] >= 3

    run = learn([footage], str(tmp_path / "ines"), OPTIONS, stopped)
    while True:
        try:
            seen.append(next(run))
        except StopIteration as stop:
            report = stop.value
            break
    checkpoint = open_checkpoint(tmp_path / "ines")
    assert list(checkpoint.methods) == ["knn", "pose2pics"]
    training = checkpoint.methods["pose2pics"]["training"]
    assert 0 < training["steps"] < 500 and training["pairs"] == 240 - 24 - 25
    assert 0 < training["held_out_ssim"] < 1 and report.training["pose2pics"] == training
    figures = [progress.figures for progress in seen if progress.figures]
    assert {"step", "seconds", "l1", "gan", "real", "fake", "ssim"} == set(figures[0])
    assert seen[-1].frame is None or seen[-1].frame.shape == (3 * 64, 4 * 64, 3)


def test_stopped_before_anything_was_learned_is_said(footage: Path, tmp_path: Path) -> None:
    options = LearnOptions(size=64, steps=5, methods=("pose2pics",))
    with pytest.raises(Stopped, match=r"nothing to keep"):
        for _ in learn([footage], str(tmp_path / "nobody"), options, lambda: True):
            pass
    assert not (tmp_path / "nobody").exists()
