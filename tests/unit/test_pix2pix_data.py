"""Batches are a function of seed and step, inputs and truths change together, weights lie on the person."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from posetransfer.conditioning.pose_frames import draw_pose_frame
from posetransfer.errors import TrainingError
from posetransfer.methods.pix2pix.config import preset
from posetransfer.methods.pix2pix.data import Batches, pair_samples, to_frames
from posetransfer.methods.pix2pix.regions import person_weights
from posetransfer.pairs.store import PairStore, PairWriter
from posetransfer.types import unseen_face, unseen_pose
from tests.performers import INES, make_pairs, panned

SIZE = 64


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> PairStore:
    return make_pairs(tmp_path_factory.mktemp("pairs"), SIZE, 10)


def test_any_step_can_be_gone_on_from(store: PairStore) -> None:
    config = preset("fast", size=SIZE, joint_noise=0.01, joint_drop=0.1, jitter=8, person_weight=1.0)
    straight = list(islice(Batches(store, config, seed=5).from_step(0), 7))
    resumed = next(Batches(store, config, seed=5).from_step(6))
    other = Batches(store, config, seed=6).at(6)
    for kind in range(3):
        np.testing.assert_array_equal(straight[6][kind], resumed[kind])
    assert not np.array_equal(other.inputs, resumed.inputs)


def test_an_epoch_shows_every_pair_once_and_the_next_in_another_order(store: PairStore) -> None:
    batches = Batches(store, preset("fast", size=SIZE, batch=1), seed=0)
    shown = [batches.at(step).truths.tobytes() for step in range(20)]
    assert len(set(shown[:10])) == 10
    assert set(shown[:10]) == set(shown[10:]) and shown[:10] != shown[10:]


def test_without_changes_a_batch_is_the_drawn_pose_and_the_picture(store: PairStore) -> None:
    config = preset("standard", size=SIZE, joint_noise=0.0, joint_drop=0.0, person_weight=0.0, head_weight=0.0)
    batch = Batches(store, config, seed=0).at(0)
    assert batch.weights is None
    index = next(i for i in range(10) if np.array_equal(store[i].target, batch.truths[0]))
    np.testing.assert_array_equal(batch.inputs[0], draw_pose_frame(panned(INES, index, SIZE)[0], None, SIZE, "limbs"))


def test_the_papers_crop_moves_input_and_truth_alike(tmp_path: Path) -> None:
    with PairWriter(tmp_path, SIZE) as writer:  # pictures of A that equal B's: equal crops stay equal
        for moment in range(4):
            pose, frame = panned(INES, moment, SIZE)
            writer.add_pair(writer.add_target(frame), pose, source=frame)
    batches = Batches(PairStore.open(tmp_path), preset("paper", size=SIZE, input="picture", jitter=20), seed=0)
    moved = [batches.at(step) for step in range(4)]
    for batch in moved:
        np.testing.assert_array_equal(batch.inputs, batch.truths)
        assert batch.inputs.shape == (1, SIZE, SIZE, 3)
    assert not any(np.array_equal(b.truths[0], batches.store[i].target) for b in moved for i in range(4))


def test_hidden_joints_change_the_input_only(store: PairStore) -> None:
    config = preset("fast", size=SIZE, joint_drop=1.0)
    batch = Batches(store, config, seed=0).at(0)
    assert not batch.inputs.any() and batch.truths.any()


def test_edges_are_those_of_the_drivers_picture(tmp_path: Path) -> None:
    store = make_pairs(tmp_path, SIZE, 2, sources=True)
    config = preset("fast", size=SIZE, style="paper", edges=True, joint_noise=0.0, joint_drop=0.0)
    drawn = Batches(store, config, seed=0).at(0).inputs
    assert drawn[..., 2].any()
    plain = Batches(store, preset("fast", size=SIZE, style="paper", joint_noise=0.0, joint_drop=0.0), seed=0).at(0)
    assert not plain.inputs[..., 2].any()


def test_what_does_not_fit_is_refused(tmp_path: Path, store: PairStore) -> None:
    with PairWriter(tmp_path, SIZE):
        pass
    with pytest.raises(TrainingError, match="no pairs"):
        Batches(PairStore.open(tmp_path), preset("fast", size=SIZE), 0)
    with pytest.raises(TrainingError, match="64 px wide"):
        Batches(store, preset("fast"), 0)
    with pytest.raises(TrainingError, match="source clip"):
        Batches(store, preset("fast", size=SIZE, input="picture"), 0)


def test_what_a_network_gives_becomes_levels() -> None:
    frames = np.arange(256, dtype=np.uint8).repeat(3).reshape(1, 16, 16, 3)
    given = frames.transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1
    np.testing.assert_array_equal(to_frames(given), frames)
    np.testing.assert_array_equal(to_frames(given * 1.5)[0, 0, 0], [0, 0, 0])  # beyond the range: its end


def test_samples_are_spread_over_the_pairs(tmp_path: Path) -> None:
    store = make_pairs(tmp_path, SIZE, 9, sources=True)
    taken = list(pair_samples(store, 3))
    assert [sample.posed.pose.tolist() for sample in taken] == [store[index].pose.tolist() for index in (0, 4, 8)]
    np.testing.assert_array_equal(taken[1].truth, store[4].target)
    np.testing.assert_array_equal(taken[1].posed.frame, store[4].source)


def test_weights_lie_on_the_person_most_on_the_head() -> None:
    pose = panned(INES, 0, 256)[0]
    weights = person_weights(pose, unseen_face(), 256, person=3.0, head=2.0)
    x, y = pose[0, :2].round().astype(int)
    assert weights[y, x] == pytest.approx(6) and weights[5, 5] == 1
    hip_x, hip_y = pose[8, :2].round().astype(int)
    assert weights[hip_y, hip_x] == pytest.approx(4)
    assert (person_weights(unseen_pose(), unseen_face(), 256, 3.0, 2.0) == 1).all()
