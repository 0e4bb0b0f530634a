"""When what runs a network is chosen: at the end of a training, else in the first transfer, by what that shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from posetransfer.checkpoints.folder import open_checkpoint
from posetransfer.checkpoints.lookup import BUNDLED
from posetransfer.methods.pix2pix import fitted
from posetransfer.methods.pix2pix.generate import Pics2Pics, Pose2Pics
from posetransfer.pipeline.learn import learn
from posetransfer.pipeline.options import LearnOptions, TransferOptions
from posetransfer.pipeline.transfer import transfer
from posetransfer.runtime.gpu import has_gpu
from tests.driven import driven
from tests.performers import INES, KOFI, piece

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(has_gpu(), reason="Where there is a GPU, auto is torch."),
]


def test_the_first_transfer_chooses_and_the_report_says_what_ran(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSETRANSFER_CACHE", str(tmp_path / "cache"))
    driving, ines = piece(tmp_path / "kofi.mp4", KOFI, 15), BUNDLED / "ines"
    seen, report = driven(transfer(driving, str(ines), tmp_path / "out.mp4", TransferOptions("pics2pics")))
    assert [(step.done, step.total) for step in seen if step.stage == "load"] == [(0, 1), (1, 3), (2, 3), (3, 3)]
    assert report.frames_out == 15 and report.seconds["load"] > 0
    method = open_checkpoint(ines).load_method("pics2pics")  # with no picture to try it on, and none needed any more
    assert isinstance(method, Pics2Pics) and method.fit is not None
    assert (method.fit.calibrated, method.fit.compared, method.fit.truths) == (10, 5, 0)
    assert report.runtime == method.runtime_used == f"openvino {method.fit.precision} CPU"
    assert report.warnings == list(method.runtime_notes)


def test_learn_chooses_at_its_end_by_its_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSETRANSFER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fitted, "QUICK_MS", 0.0)  # so small a network would be left alone
    options = LearnOptions(size=64, steps=1, methods=("pose2pics",))
    seen, report = driven(learn([piece(tmp_path / "ines.mp4", INES, 20)], str(tmp_path / "ines"), options))
    assert [(step.done, step.total) for step in seen if step.stage == "load"] == [(1, 3), (2, 3), (3, 3)]
    method = open_checkpoint(tmp_path / "ines").load_method(
        "pose2pics"
    )  # from the file: the same weights, and no bank
    assert isinstance(method, Pose2Pics) and method.fit is not None
    assert method.fit.compared == method.fit.truths == 6 and method.fit.calibrated == 14
    assert report.runtime == f"pose2pics: {method.runtime_used}"
