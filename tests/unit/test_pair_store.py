"""Pairs on disk: what goes in comes out, and a store that was not finished does not open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posetransfer.errors import ShapeError, TrainingError
from posetransfer.pairs.store import PairStore, PairWriter
from tests.stick_figure import make_store, picture, pose_at

SIZE = 64


def test_a_pair_comes_back_as_it_went_in(tmp_path: Path) -> None:
    store = make_store(tmp_path, SIZE, 5, sources=True)
    assert len(store) == 5 and store.size == SIZE
    pair = store[3]
    np.testing.assert_array_equal(pair.pose, pose_at(3, SIZE))
    np.testing.assert_array_equal(pair.target_pose, pose_at(3, SIZE))
    assert np.isnan(pair.face).all()
    assert pair.source is not None
    for stored, truth in [(pair.target, picture(pose_at(3, SIZE), SIZE))]:
        assert np.abs(stored.astype(int) - truth).mean() < 3  # JPEG
    assert pair.source[..., 1].mean() != pytest.approx(pair.target[..., 1].mean(), abs=0.1)


def test_without_a_pose_the_target_drives_itself(tmp_path: Path) -> None:
    pose, face = pose_at(0, SIZE), np.full((68, 2), 7, np.float32)
    with PairWriter(tmp_path, SIZE) as writer:
        writer.add_pair(writer.add_target(picture(pose, SIZE), pose, face))
    pair = PairStore.open(tmp_path)[0]
    np.testing.assert_array_equal(pair.pose, pose)
    np.testing.assert_array_equal(pair.face, face)
    assert pair.source is None


def test_many_pairs_share_a_target(tmp_path: Path) -> None:
    with PairWriter(tmp_path, SIZE) as writer:
        number = writer.add_target(picture(pose_at(0, SIZE), SIZE), pose_at(0, SIZE))
        for moment in range(3):
            writer.add_pair(number, pose_at(moment, SIZE))
    store = PairStore.open(tmp_path)
    assert len(store) == 3 and len(store.targets) == 1
    np.testing.assert_array_equal(store[2].target, store[0].target)
    np.testing.assert_array_equal(store[2].pose, pose_at(2, SIZE))


def test_an_unfinished_store_does_not_open(tmp_path: Path) -> None:
    make_store(tmp_path, SIZE, 2)
    with pytest.raises(ZeroDivisionError), PairWriter(tmp_path, SIZE) as writer:
        writer.add_target(picture(pose_at(0, SIZE), SIZE))
        raise ZeroDivisionError
    with pytest.raises(TrainingError, match="no finished training pairs"):
        PairStore.open(tmp_path)


def test_a_picture_of_another_size_is_refused(tmp_path: Path) -> None:
    with PairWriter(tmp_path, SIZE) as writer, pytest.raises(ShapeError):
        writer.add_target(picture(pose_at(0, 32), 32))


def test_a_cut_off_picture_file_is_named(tmp_path: Path) -> None:
    store = make_store(tmp_path, SIZE, 3)
    (tmp_path / "targets.jpegs").write_bytes((tmp_path / "targets.jpegs").read_bytes()[:100])
    with pytest.raises(TrainingError, match="damaged"):
        store[2]


def test_the_fingerprint_tells_stores_apart(tmp_path: Path) -> None:
    first, again = make_store(tmp_path / "a", SIZE, 3), make_store(tmp_path / "b", SIZE, 3)
    assert first.fingerprint == again.fingerprint != make_store(tmp_path / "c", SIZE, 4).fingerprint
