"""Training learns, stops when told, keeps its work, and goes on from it as if it had never stopped."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from posetransfer.errors import OutOfSpace, TrainingError
from posetransfer.methods.pix2pix import state
from posetransfer.methods.pix2pix.config import preset
from posetransfer.methods.pix2pix.held_out import APART, split
from posetransfer.methods.pix2pix.state import read_header
from posetransfer.methods.pix2pix.train import Goal, learning_rate, train
from posetransfer.pairs.store import PairStore
from tests.performers import make_pairs
from tests.threads import one_thread as one_thread

SIZE = 64
TINY = preset("fast", size=SIZE, ngf=4, ndf=4)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> PairStore:
    return make_pairs(tmp_path_factory.mktemp("pairs"), SIZE, 12)


def log_steps(folder: Path) -> list[int]:
    return [json.loads(line)["step"] for line in (folder / "log.jsonl").read_text().splitlines()]


def test_it_learns(store: PairStore, tmp_path: Path) -> None:
    config = preset("fast", size=SIZE, ngf=8, ndf=8, lr=2e-3)
    steps = list(train(store, config, tmp_path, steps=40, precision="fp32"))
    assert [step.step for step in steps] == list(range(1, 41)) and steps[-1].share == 1
    assert steps[-1].losses["l1"] < steps[0].losses["l1"] / 2
    assert log_steps(tmp_path) == list(range(1, 41))


def test_minutes_are_optimisation_time_over_all_sessions(store: PairStore, tmp_path: Path) -> None:
    minutes = 0.6 / 60
    with closing(train(store, TINY, tmp_path, minutes=minutes)) as first:
        begun = next(first)
        time.sleep(0.7)  # the consumer's time is not training time
        assert next(first).seconds < 0.7 + begun.seconds
    assert 0 < begun.share < 1
    last = list(train(store, TINY, tmp_path, minutes=minutes, resume=True))[-1]
    _, facts = read_header(tmp_path / "state.safetensors")
    assert last.share == 1 and facts.seconds == pytest.approx(0.6, abs=0.3) and facts.steps == last.step
    assert list(train(store, TINY, tmp_path, minutes=minutes, resume=True)) == []


def test_the_rate_is_flat_then_falls_to_nothing() -> None:
    rates = [learning_rate(TINY, share) for share in (0, 0.5, 0.75, 1)]
    assert rates == pytest.approx([TINY.lr, TINY.lr, TINY.lr / 2, 0])


def test_closing_keeps_the_work(store: PairStore, tmp_path: Path) -> None:
    with closing(train(store, TINY, tmp_path, steps=50)) as run:
        for _ in range(3):
            next(run)
    assert read_header(tmp_path / "state.safetensors")[1].steps == 3
    resumed = [step.step for step in train(store, TINY, tmp_path, steps=6, resume=True)]
    assert resumed == [4, 5, 6] and log_steps(tmp_path) == [1, 2, 3, 4, 5, 6]


EVERYTHING_RANDOM = replace(TINY, dropout=0.5, jitter=8, joint_noise=0.01, joint_drop=0.1, person_weight=2.0)
STEPS = 30
KILLED = """
import json, sys, torch
from pathlib import Path
from posetransfer.methods.pix2pix.config import Pix2PixConfig
from posetransfer.methods.pix2pix.train import train
from posetransfer.pairs.store import PairStore
torch.set_num_threads(1)
pairs, folder, steps, config = sys.argv[1:]
store, config = PairStore.open(Path(pairs)), Pix2PixConfig.from_json(json.loads(config))
for progress in train(store, config, Path(folder), steps=int(steps), device="cpu", precision="fp32", save_every=0.01):
    print(progress.step, flush=True)
"""


def test_killed_and_resumed_equals_never_stopped(store: PairStore, tmp_path: Path) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    config = json.dumps(EVERYTHING_RANDOM.to_json())
    command = [sys.executable, "-c", KILLED, str(store.targets.path.parent), str(killed), str(STEPS), config]
    run = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    for _ in range(random.randint(5, 12)):  # anywhere, also in the middle of a save
        run.stdout.readline()
    run.send_signal(signal.SIGKILL)
    run.communicate()
    assert 0 < read_header(killed / "state.safetensors")[1].steps < STEPS
    for folder in (killed, whole):
        list(train(store, EVERYTHING_RANDOM, folder, steps=STEPS, resume=True, device="cpu", precision="fp32"))
        assert log_steps(folder) == list(range(1, STEPS + 1))
    ours, theirs = load_file(killed / "state.safetensors"), load_file(whole / "state.safetensors")
    assert ours.keys() == theirs.keys()
    assert [name for name in theirs if not torch.equal(ours[name], theirs[name])] == []


def test_a_resumed_run_must_be_the_same_training(store: PairStore, tmp_path: Path) -> None:
    list(train(store, TINY, tmp_path, steps=2))
    with pytest.raises(TrainingError, match="other footage or options"):
        next(train(store, preset("fast", size=SIZE, ngf=8, ndf=4), tmp_path, steps=9, resume=True))
    with pytest.raises(TrainingError, match="other footage or options"):
        next(train(store, TINY, tmp_path, steps=9, resume=True, seed=1))
    others = make_pairs(tmp_path / "others", SIZE, 5)
    with pytest.raises(TrainingError, match="other footage or options"):
        next(train(others, TINY, tmp_path, steps=9, resume=True))


def test_starting_anew_forgets_the_earlier_run(store: PairStore, tmp_path: Path) -> None:
    list(train(store, TINY, tmp_path, steps=4))
    anew = train(store, TINY, tmp_path, steps=3)
    assert next(anew).step == 1
    anew.close()
    assert log_steps(tmp_path) == [1]


def test_a_damaged_state_is_named(store: PairStore, tmp_path: Path) -> None:
    (tmp_path / "state.safetensors").write_bytes(b"not a state")
    with pytest.raises(TrainingError, match="no training state"):
        next(train(store, TINY, tmp_path, steps=4, resume=True))


def test_a_full_disk_leaves_the_earlier_state(
    store: PairStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(train(store, TINY, tmp_path, steps=2))

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(state.os, "fsync", full)
    with pytest.raises(OutOfSpace, match="Make room"):
        list(train(store, TINY, tmp_path, steps=4, resume=True))
    assert read_header(tmp_path / "state.safetensors")[1].steps == 2
    assert not list(tmp_path.glob("*.partial"))


@pytest.mark.parametrize("goal", [{}, {"steps": 0}, {"minutes": -1.0}, {"steps": 5, "minutes": 0.0}])
def test_a_training_without_an_end_is_refused(goal: dict[str, float]) -> None:
    with pytest.raises(TrainingError, match="how long"):
        Goal(**goal)  # type: ignore[arg-type]


def test_what_is_held_out_is_looked_at_now_and_then_and_never_learned(store: PairStore, tmp_path: Path) -> None:
    known, held_out = store.part(slice(0, 8)), store.part(slice(8, None))
    steps = list(train(known, TINY, tmp_path / "a", steps=4, held_out=held_out, look_every=3600))
    first, last = steps[0].seen, steps[-1].seen
    assert first is not None and last is not None and not any(step.seen for step in steps[1:-1])
    assert first.picture.shape == (3 * SIZE, 4 * SIZE, 3) and 0 < last.ssim < 1
    assert np.array_equal(first.picture[2 * SIZE :, :SIZE], store[8].target), "truths stand in the lowest row"
    assert np.array_equal(first.picture[:SIZE], last.picture[:SIZE]), "always the same ones"
    alone = list(train(known, TINY, tmp_path / "b", steps=4))
    assert [step.losses for step in alone] == [step.losses for step in steps], "looking changes nothing"


def test_few_pairs_are_all_learned_from(store: PairStore) -> None:
    assert split(store, 0.05) == (store, None)
    many = replace(store, pairs=np.tile(store.pairs, (40, 1)), poses=np.tile(store.poses, (40, 1, 1)))
    known, held_out = split(many, 0.05)
    assert held_out is not None and (len(known), len(held_out)) == (456 - APART, 24)
    assert len({known.fingerprint, held_out.fingerprint, many.fingerprint}) == 3


def test_training_leaves_the_callers_random_state_alone(store: PairStore, tmp_path: Path) -> None:
    before = torch.get_rng_state()
    list(train(store, preset("paper", size=SIZE, ngf=4, ndf=4), tmp_path, steps=2, precision="fp32"))
    assert torch.equal(before, torch.get_rng_state())
