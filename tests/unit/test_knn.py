"""k-NN's bank on disk, the rule of the threshold, the path, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import count, islice
from pathlib import Path

import av
import numpy as np
import pytest

from posetransfer.errors import CheckpointError, NoPersonFound, PoseTransferError, TrainingError, UnknownName
from posetransfer.methods.knn.bank import KEY_EVERY, Bank, BankFacts, write_bank
from posetransfer.methods.knn.choice import LAG, Chooser, KnnOptions
from posetransfer.methods.knn.method import NearestNeighbour
from posetransfer.pairs.match import Matcher
from posetransfer.types import Frame, Pose, PosedFrame, PoseSequence, unseen_face, unseen_pose
from tests.stick_figure import picture, pose_at

SIZE = 64
LENGTH = 60


def clip(length: int = LENGTH, size: int = SIZE, fps: Fraction = Fraction(30000, 1001)) -> PoseSequence:
    joints = np.stack([pose_at(moment, size) for moment in range(length)])
    return PoseSequence(joints, np.stack([unseen_face()] * length), (size, size), fps)


def frames_of(sequence: PoseSequence) -> Iterator[Frame]:
    return (picture(pose, sequence.size[0]) for pose in sequence.joints)


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> NearestNeighbour:
    return NearestNeighbour.learn(tmp_path_factory.mktemp("bank"), frames_of(clip()), clip())


def chosen(method: NearestNeighbour, poses: list[Pose], **options: object) -> list[int]:
    return list(method.with_options(KnnOptions(**options)).choose(poses))  # type: ignore[arg-type]


def test_any_frame_of_the_bank_comes_back_in_any_order(learnt: NearestNeighbour) -> None:
    rng = np.random.default_rng(0)
    order = [0, LENGTH - 1, *rng.permutation(LENGTH).tolist(), 5, 5, 6, 7, 3]
    for index in order:
        truth = picture(pose_at(index, SIZE), SIZE).astype(float)
        assert np.abs(learnt.bank[index] - truth).mean() < 4
    neighbours = np.stack([picture(pose_at(moment, SIZE), SIZE) for moment in range(LENGTH)]).astype(float)
    for index in (0, 1, KEY_EVERY - 1, KEY_EVERY, 37, LENGTH - 1):
        nearest = np.abs(neighbours - learnt.bank[index]).mean(axis=(1, 2, 3)).argmin()
        np.testing.assert_allclose(neighbours[nearest], neighbours[index], atol=40)
    with pytest.raises(IndexError):
        learnt.bank[LENGTH]


def test_the_cache_gives_the_same_frames_and_is_bounded(learnt: NearestNeighbour) -> None:
    with Bank(learnt.bank.folder, learnt.bank.facts, cache_bytes=3 * SIZE * SIZE * 3) as small:
        for index in (9, 3, 9, 40, 41, 3, 59, 0):
            np.testing.assert_array_equal(small[index], learnt.bank[index])
        assert len(small._cached) == 3
    spoilt = learnt.bank[4]
    spoilt[:] = 0
    assert learnt.bank[4].any()


@pytest.mark.parametrize(("size", "fps"), [(63, Fraction(25)), (80, Fraction(24000, 1001)), (48, Fraction(60))])
def test_odd_sizes_and_rates_are_kept(tmp_path: Path, size: int, fps: Fraction) -> None:
    sequence = clip(20, size, fps)
    facts = write_bank(tmp_path, frames_of(sequence), sequence)
    assert facts == BankFacts.from_json(facts.to_json()) == BankFacts(size, 20, fps)
    with Bank(tmp_path, facts) as bank:
        assert bank[13].shape == (size, size, 3)
        assert np.abs(bank[13] - picture(sequence.joints[13], size).astype(float)).mean() < 5


def test_key_frames_are_frequent_and_a_player_sees_the_rate(learnt: NearestNeighbour) -> None:
    with av.open(str(learnt.bank.folder / "frames.mp4")) as container:
        stream = container.streams.video[0]
        keys = [packet.is_keyframe for packet in container.demux(stream) if packet.size]
        assert [index for index, key in enumerate(keys) if key] == list(range(0, LENGTH, KEY_EVERY))
        assert stream.average_rate == Fraction(30000, 1001)


def test_its_own_poses_give_its_own_frames(learnt: NearestNeighbour) -> None:
    poses = list(clip().joints)
    assert chosen(learnt, poses, threshold=0.0) == list(range(LENGTH))


def test_the_threshold_holds_the_frame_last_given(learnt: NearestNeighbour) -> None:
    """B_t = B̂_t if d(A_t, B̂_t) < d(A_t, B_t-1) − λ, else B_t-1, step by step."""
    poses, threshold = list(clip().joints[::2]), 0.05
    matcher, expected = Matcher(clip().joints, "joints"), []
    for pose in poses:
        near, distance = (part[0, 0] for part in matcher.nearest(pose[None], torso=matcher.torso))
        if expected:
            kept = matcher.distances(pose[None], np.array([[expected[-1]]]), torso=matcher.torso)[0, 0]
            near = near if distance < kept - threshold else expected[-1]
        expected.append(int(near))
    given = chosen(learnt, poses, threshold=threshold)
    assert given == expected
    assert 1 < len(set(given)) < len(poses)
    assert len(set(chosen(learnt, poses, threshold=1e6))) == 1


def test_the_path_jumps_less_than_the_nearest_and_is_not_much_further_away() -> None:
    """Two takes of one movement with joints that waver: the nearest frame hops between the takes."""
    take = np.stack([pose_at(moment, 256) for moment in range(40)])
    noise = np.random.default_rng(3).normal(0, 1.5, (80, 18, 3)) * (1, 1, 0)
    bank = (np.concatenate([take, take]) + noise).astype(np.float32)

    def jumps_and_distance(**options: object) -> tuple[int, float]:
        picked = np.stack(list(Chooser(bank, KnnOptions(threshold=0.0, **options)).choose(take)))  # type: ignore[arg-type]
        distance = Matcher(bank).distances(take, picked).mean()
        return int((np.abs(np.diff(picked[:, 0])) > 2).sum()), float(distance)

    path, nearest = jumps_and_distance(k=8, combine="path"), jumps_and_distance(k=1)
    assert path[0] < 0.5 * nearest[0]
    assert nearest[1] <= path[1] < 1.5 * nearest[1]


def test_the_path_is_lazy_with_a_bounded_lag(learnt: NearestNeighbour) -> None:
    asked = []

    def endless() -> Iterator[Pose]:
        for moment in count():
            asked.append(moment)
            yield pose_at(moment % LENGTH, SIZE)

    smooth = learnt.with_options(KnnOptions(k=5, combine="path"))
    assert len(list(islice(smooth.choose(endless()), 7))) == 7
    assert len(asked) <= 7 + LAG
    for length in (0, 1, LAG, LAG + 1, 40):
        assert len(chosen(learnt, list(clip(length or 1).joints[:length]), k=5, combine="path")) == length


def test_the_mean_of_k_is_a_blend_of_bank_frames(learnt: NearestNeighbour) -> None:
    method = learnt.with_options(KnnOptions(k=3, combine="mean", threshold=0.0))
    (frame,) = method.generate([PosedFrame(pose_at(30, SIZE))])
    matcher = Matcher(clip().joints, "joints")
    three = matcher.nearest(pose_at(30, SIZE)[None], 3, torso=matcher.torso)[0][0]
    expected = np.mean([learnt.bank[int(index)] for index in three], axis=0)
    assert np.abs(frame - expected).max() <= 0.5


@pytest.mark.parametrize(
    "options", [{}, {"k": 4, "combine": "path"}, {"k": 4, "combine": "mean"}, {"metric": "angles"}]
)
def test_who_is_not_seen_holds_the_last_frame(learnt: NearestNeighbour, options: dict[str, object]) -> None:
    nobody, somebody = unseen_pose(), pose_at(20, SIZE)
    first, shown, held, held_too = chosen(learnt, [nobody, somebody, nobody, nobody], **options)
    assert shown == held == held_too
    median = np.median(clip().joints[:, :, :2], axis=0)
    rest = int(np.linalg.norm(clip().joints[:, :, :2] - median, axis=(1, 2)).argmin())
    away = np.abs(pose_at(first, SIZE) - pose_at(rest, SIZE)).max()
    assert away < 0.1 * SIZE


def test_a_bank_that_is_not_what_it_says_is_refused(learnt: NearestNeighbour, tmp_path: Path) -> None:
    section = learnt.save(tmp_path)
    for change in ({"size": 66}, {"frames": 59}, {"fps": "0/0"}, {"fps": "fast"}, {"size": None}):
        with pytest.raises(CheckpointError):
            NearestNeighbour.load(tmp_path, {**section, **change})
    with pytest.raises(CheckpointError):
        NearestNeighbour.load(tmp_path, {"size": SIZE})
    video = tmp_path / "frames.mp4"
    whole = video.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", b"not a video" * 100):
        video.write_bytes(damaged)
        with pytest.raises(CheckpointError):
            NearestNeighbour.load(tmp_path, section)


def test_frames_and_poses_must_be_as_many_and_show_somebody(tmp_path: Path) -> None:
    sequence = clip(5)
    with pytest.raises(TrainingError, match="4 frames but 5 poses"):
        NearestNeighbour.learn(tmp_path, islice(frames_of(sequence), 4), sequence)
    nobody = sequence.with_joints(np.stack([unseen_pose()] * 5))
    with pytest.raises(NoPersonFound):
        NearestNeighbour.learn(tmp_path, frames_of(nobody), nobody)
    assert list(tmp_path.iterdir()) == []


def test_options_that_cannot_be_are_refused() -> None:
    for wrong in ({"metric": "metres"}, {"combine": "vote"}):
        with pytest.raises(UnknownName):
            KnnOptions(**wrong)  # type: ignore[arg-type]
    for wrong in ({"k": 0}, {"threshold": -1.0}, {"threshold": float("nan")}):
        with pytest.raises(PoseTransferError):
            KnnOptions(**wrong)  # type: ignore[arg-type]
