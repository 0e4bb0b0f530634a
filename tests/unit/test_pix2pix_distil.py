"""Students come nearer to their teacher, go on after a stop as if there had been none, and are kept as others are."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from posetransfer.errors import TrainingError
from posetransfer.methods.pix2pix.config import Outermost, Pix2PixConfig, preset
from posetransfer.methods.pix2pix.data import Batches
from posetransfer.methods.pix2pix.distil import Teaching
from posetransfer.methods.pix2pix.generate import Pose2Pics
from posetransfer.methods.pix2pix.networks import Generator, initialise
from posetransfer.methods.pix2pix.state import read_generator
from posetransfer.methods.pix2pix.train import train
from posetransfer.methods.pix2pix.weights import make_generator
from posetransfer.pairs.store import PairStore
from posetransfer.types import PosedFrame
from tests.performers import make_pairs
from tests.threads import one_thread as one_thread

SIZE = 64
TEACHER = preset("fast", size=SIZE, ngf=8, ndf=4, lr=2e-3)
STUDENT = preset("fast", size=SIZE, ngf=4, ndf=4, lr=2e-3, outermost="shuffle2", levels=4)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> PairStore:
    return make_pairs(tmp_path_factory.mktemp("pairs"), SIZE, 12)


@pytest.fixture(scope="module")
def teacher(store: PairStore, tmp_path_factory: pytest.TempPathFactory) -> Generator:
    return make_generator(TEACHER, read_generator(_run(store, tmp_path_factory.mktemp("teacher"), TEACHER, 40)))


def _run(
    store: PairStore, folder: Path, config: Pix2PixConfig, steps: int, teaching: Teaching | None = None,
    *, resume: bool = False,
) -> Path:  # fmt: skip
    """Train to the end; gives the path of the state."""
    list(train(store, config, folder, steps=steps, teaching=teaching, resume=resume, device="cpu", precision="fp32"))
    return folder / "state.safetensors"


def _apart(student: Generator, teacher: Generator, store: PairStore) -> float:
    """How far apart their pictures are at run time, in levels."""
    shown = torch.from_numpy(Batches(store, STUDENT, 5).at(0).inputs).permute(0, 3, 1, 2).float() / 127.5 - 1
    with torch.no_grad():
        return float((student.eval()(shown) - teacher.eval()(shown)).abs().mean() * 127.5)


@pytest.mark.parametrize("judged", [False, True])
def test_a_student_comes_nearer_to_its_teacher(
    store: PairStore, teacher: Generator, tmp_path: Path, judged: bool
) -> None:
    apart = {}
    for steps in (2, 80):
        state = _run(store, tmp_path / str(steps), STUDENT, steps, Teaching(teacher, share=1.0, judged=judged))
        apart[steps] = _apart(make_generator(STUDENT, read_generator(state)), teacher, store)
    assert apart[80] < apart[2] / 2


def test_teacher_and_student_learn_in_one_run(store: PairStore, tmp_path: Path) -> None:
    steps = list(train(store, STUDENT, tmp_path, steps=40, teaching=Teaching(TEACHER), device="cpu", precision="fp32"))
    first, last = steps[0].losses, steps[-1].losses
    assert last["l1"] < first["l1"] / 2 and last["teacher.l1"] < first["teacher.l1"] / 2
    kept = load_file(tmp_path / "state.safetensors")
    assert {name.split(".", 1)[0] for name in kept} == {"adam", "generator", "teacher"}
    assert Pose2Pics.from_training(tmp_path / "state.safetensors").config == STUDENT


def test_the_teacher_in_the_run_is_the_one_that_would_learn_alone(store: PairStore, tmp_path: Path) -> None:
    alone = read_generator(_run(store, tmp_path / "alone", TEACHER, 3))
    both = load_file(_run(store, tmp_path / "both", STUDENT, 3, Teaching(TEACHER)))
    assert all(torch.equal(both[f"teacher.generator.{name}"], tensor) for name, tensor in alone.items())


@pytest.mark.parametrize("how", ["online", "offline", "judged"])
def test_resumed_equals_never_stopped(store: PairStore, teacher: Generator, tmp_path: Path, how: str) -> None:
    teaching = Teaching(TEACHER if how == "online" else teacher, judged=how == "judged")
    options = {"teaching": teaching, "steps": 8, "device": "cpu", "precision": "fp32"}
    whole = _run(store, tmp_path / "whole", STUDENT, 8, teaching)
    with closing(train(store, STUDENT, tmp_path / "stopped", **options)) as run:  # type: ignore[arg-type]
        for _ in range(3):
            next(run)
    stopped = _run(store, tmp_path / "stopped", STUDENT, 8, teaching, resume=True)
    ours, theirs = load_file(stopped), load_file(whole)
    assert ours.keys() == theirs.keys()
    assert [name for name in theirs if not torch.equal(ours[name], theirs[name])] == []


def test_a_training_goes_on_with_the_same_teacher_only(store: PairStore, teacher: Generator, tmp_path: Path) -> None:
    _run(store, tmp_path, STUDENT, 1, Teaching(teacher))
    other = Generator(TEACHER)
    initialise(other, torch.Generator().manual_seed(1))
    others = [Teaching(teacher, share=0.7), Teaching(teacher, judged=True), Teaching(TEACHER)]
    for teaching in (None, Teaching(other), *others):
        with pytest.raises(TrainingError, match="other footage or options"):
            _run(store, tmp_path, STUDENT, 2, teaching, resume=True)


def test_what_cannot_be_taught_is_said(store: PairStore, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="their size differs"):
        _run(store, tmp_path, STUDENT, 1, Teaching(preset("fast", size=128)))
    with pytest.raises(TrainingError, match="share of the loss"):
        Teaching(TEACHER, share=0.0)
    with pytest.raises(TrainingError, match="trained already"):
        Teaching(TEACHER, judged=True)


@pytest.mark.parametrize(
    ("outermost", "levels"), [("transposed", 5), ("shuffle2", 0), ("shuffle4", 0), ("shuffle4", 4)]
)
def test_every_form_is_kept_and_runs_alike(
    store: PairStore, tmp_path: Path, outermost: Outermost, levels: int
) -> None:
    config = preset("fast", size=SIZE, ngf=4, ndf=4, lr=2e-3, outermost=outermost, levels=levels)
    state = _run(store, tmp_path / "run", config, 30)
    section = Pose2Pics.from_training(state).save(tmp_path)
    made = {name: Pose2Pics.load(tmp_path, section, name) for name in ("openvino", "torch")}
    assert made["torch"].config == config
    pairs = [store[number] for number in (0, 6)]
    for frames in zip(*(method.generate(PosedFrame(p.pose) for p in pairs) for method in made.values()), strict=True):
        assert frames[0].shape == (SIZE, SIZE, 3) and frames[1].std() > 5
        assert np.abs(frames[0].astype(int) - frames[1].astype(int)).max() <= 2
