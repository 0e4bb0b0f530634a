"""Pose sequences on disk, mirrored, and kept in the cache."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from posetransfer.errors import OutOfSpace, PoseTransferError
from posetransfer.places import file_hash
from posetransfer.poses import cache as cache_module
from posetransfer.poses.cache import PoseCache
from posetransfer.poses.sequence import FACE_MIRRORED, load_sequence, load_with_facts, mirror, save_sequence
from posetransfer.poses.skeleton import JOINT_NAMES, L_WRIST, MIRRORED, R_WRIST
from posetransfer.types import PoseSequence


def a_sequence(count: int = 4, *, world: bool = True) -> PoseSequence:
    random = np.random.default_rng(1)
    joints = random.uniform(1, 99, (count, 18, 3)).astype(np.float32)
    joints[..., 2] = 0.75
    joints[1, 4] = (np.nan, np.nan, 0)
    faces = random.uniform(1, 99, (count, 68, 2)).astype(np.float32)
    faces[2] = np.nan
    metres = random.normal(size=(count, 18, 3)).astype(np.float32) if world else None
    return PoseSequence(joints, faces, (320, 240), Fraction(30000, 1001), metres)


def assert_equal(one: PoseSequence, other: PoseSequence) -> None:
    np.testing.assert_array_equal(one.joints, other.joints)
    np.testing.assert_array_equal(one.faces, other.faces)
    assert (one.world is None) == (other.world is None)
    if one.world is not None and other.world is not None:
        np.testing.assert_array_equal(one.world, other.world)
    assert (one.size, one.fps) == (other.size, other.fps)


@pytest.mark.parametrize("world", [True, False])
@pytest.mark.parametrize("count", [0, 4])
def test_what_is_saved_is_loaded(tmp_path: Path, count: int, world: bool) -> None:
    sequence = a_sequence(4, world=world).slice(0, count)
    save_sequence(sequence, tmp_path / "poses.npz", {"faces": {"hog": 3}, "warnings": ["ä"]})
    loaded, facts = load_with_facts(tmp_path / "poses.npz")
    assert_equal(loaded, sequence)
    assert loaded.joints.dtype == np.float32 and isinstance(loaded.size[0], int)
    assert facts == {"faces": {"hog": 3}, "warnings": ["ä"]}
    assert [p.name for p in tmp_path.iterdir()] == ["poses.npz"]


def test_the_name_is_kept_as_given(tmp_path: Path) -> None:
    save_sequence(a_sequence(), tmp_path / "poses.dance")
    assert_equal(load_sequence(tmp_path / "poses.dance"), a_sequence())


@pytest.mark.parametrize("keep", [0, 1, 100, 0.5, 0.99])
def test_a_damaged_file_is_a_sentence(tmp_path: Path, keep: float) -> None:
    path = tmp_path / "poses.npz"
    save_sequence(a_sequence(), path)
    content = path.read_bytes()
    path.write_bytes(content[: int(keep * len(content)) if 0 < keep < 1 else int(keep)])
    with pytest.raises(PoseTransferError, match=r"poses\.npz is damaged"):
        load_sequence(path)


def test_flipped_bytes_are_found(tmp_path: Path) -> None:
    path = tmp_path / "poses.npz"
    save_sequence(a_sequence(), path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(PoseTransferError):
        load_sequence(path)


@pytest.mark.parametrize(
    "change",
    [
        {"joints": np.zeros((4, 17, 3), np.float32)},
        {"joints": np.array([{"an": "object"}])},
        {"fps": np.array([30, 0])},
        {"size": np.array([320])},
        {"facts": np.array("{")},
        {"format": np.array("one")},
    ],
)
def test_wrong_contents_are_a_sentence(tmp_path: Path, change: dict[str, np.ndarray]) -> None:
    path = tmp_path / "poses.npz"
    save_sequence(a_sequence(), path)
    with np.load(path) as arrays:
        contents = {**arrays, **change}
    np.savez(path, **contents)
    with pytest.raises(PoseTransferError):
        load_sequence(path)


def test_other_files_are_sentences(tmp_path: Path) -> None:
    (tmp_path / "text.npz").write_text("hello")
    np.save(tmp_path / "array.npy", np.zeros(3))
    for path in (tmp_path / "text.npz", tmp_path / "array.npy", tmp_path):
        with pytest.raises(PoseTransferError):
            load_sequence(path)
    with pytest.raises(PoseTransferError, match="There are no poses"):
        load_sequence(tmp_path / "missing.npz")


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "poses.npz"
    save_sequence(a_sequence(), path)
    with np.load(path) as arrays:
        contents = {**arrays, "format": np.array(2)}
    np.savez(path, **contents)
    with pytest.raises(PoseTransferError, match="newer"):
        load_sequence(path)


def test_a_folder_that_is_not_there_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutOfSpace):
        save_sequence(a_sequence(), tmp_path / "no" / "poses.npz")


def test_a_mirror_does_to_poses_what_it_does_to_frames() -> None:
    sequence = a_sequence()
    mirrored = mirror(sequence)
    width = sequence.size[0]
    np.testing.assert_allclose(mirrored.joints[0, L_WRIST, 0], width - 1 - sequence.joints[0, R_WRIST, 0])
    np.testing.assert_array_equal(mirrored.joints[0, L_WRIST, 1:], sequence.joints[0, R_WRIST, 1:])
    frame = np.zeros((240, width), np.uint8)
    x, y = sequence.joints[0, 0, :2].astype(int)
    frame[y, x] = 1
    assert frame[:, ::-1][y, width - 1 - x] == 1
    assert mirrored.world is not None and sequence.world is not None
    np.testing.assert_array_equal(mirrored.world[0, L_WRIST], sequence.world[0, R_WRIST] * (-1, 1, 1))


def test_a_mirror_in_a_mirror_shows_the_same() -> None:
    sequence, twice = a_sequence(), mirror(mirror(a_sequence()))
    np.testing.assert_allclose(twice.joints, sequence.joints, atol=1e-4)
    np.testing.assert_allclose(twice.faces, sequence.faces, atol=1e-4)


def test_the_mirrored_names_and_face_points_pair_up() -> None:
    for i, j in enumerate(MIRRORED):
        swapped = JOINT_NAMES[i].replace("left", "?").replace("right", "left").replace("?", "right")
        assert JOINT_NAMES[j] == swapped
    assert sorted(FACE_MIRRORED) == list(range(68))
    assert all(FACE_MIRRORED[FACE_MIRRORED[i]] == i for i in range(68))
    # chin, bridge, base of the nose, middles of the lips lie on the axis; outer corners of eyes and mouth pair up
    assert [i for i in range(68) if FACE_MIRRORED[i] == i] == [8, 27, 28, 29, 30, 33, 51, 57, 62, 66]
    assert (FACE_MIRRORED[36], FACE_MIRRORED[39], FACE_MIRRORED[48], FACE_MIRRORED[0]) == (45, 42, 54, 16)


def test_the_cache_gives_back_what_was_put(tmp_path: Path) -> None:
    cache = PoseCache(tmp_path / "cache")
    key = cache.key("abc", {"pose": "mediapipe", "start": None})
    assert cache.get(key) is None
    cache.put(key, a_sequence(), {"n": 1})
    kept = cache.get(key)
    assert kept is not None and kept[1] == {"n": 1}
    assert_equal(kept[0], a_sequence())


def test_keys_tell_files_and_options_apart() -> None:
    options = {"pose": "mediapipe", "start": 1.5}
    keys = {
        PoseCache.key("abc", options),
        PoseCache.key("abd", options),
        PoseCache.key("abc", {**options, "start": 2.5}),
        PoseCache.key("abc", {**options, "pose": "openpose"}),
    }
    assert len(keys) == 4
    assert PoseCache.key("abc", {"start": 1.5, "pose": "mediapipe"}) in keys


def test_a_damaged_entry_is_passed_over_and_written_again(tmp_path: Path) -> None:
    cache = PoseCache(tmp_path)
    cache.put("key", a_sequence())
    [entry] = tmp_path.iterdir()
    entry.write_bytes(b"not poses")
    assert cache.get("key") is None
    cache.put("key", a_sequence())
    assert cache.get("key") is not None


def test_the_cache_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "MOST_ENTRIES", 3)
    cache = PoseCache(tmp_path)
    for number in range(6):
        cache.put(f"key{number}", a_sequence())
    assert len(list(tmp_path.iterdir())) == 3
    assert cache.get("key5") is not None


def test_the_caches_place_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSETRANSFER_CACHE", str(tmp_path))
    assert PoseCache().folder == tmp_path / "poses"


def test_a_cache_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = PoseCache(tmp_path / "file")
    cache.put("key", a_sequence())
    assert cache.get("key") is None


def test_a_files_hash_is_its_contents(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert file_hash(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    with pytest.raises(PoseTransferError):
        file_hash(tmp_path / "missing")
