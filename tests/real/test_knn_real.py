"""k-NN and interpolation on real footage: a bank of a dancer, and frames that were left out of three clips."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from posetransfer.conditioning.window import Window, window_around
from posetransfer.interpolate.interpolator import INTERPOLATORS, fill_between_keyframes
from posetransfer.methods.knn.choice import KnnOptions
from posetransfer.methods.knn.method import NearestNeighbour
from posetransfer.pairs.build import build_pairs
from posetransfer.pairs.match import Matcher
from posetransfer.poses.boxes import boxes_of
from posetransfer.poses.estimator import estimate_poses, make_estimator
from posetransfer.poses.skeleton import R_ELBOW, R_WRIST
from posetransfer.types import Frame, PosedFrame, PoseSequence, unseen_face
from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames

START, LEARNT, SIZE = 20.0, 150, 256  # seconds, frames, px: from here on she moves


def psnr(one: Frame, other: Frame) -> float:
    return float(10 * np.log10(255**2 / max(((one.astype(float) - other) ** 2).mean(), 1e-9)))


def squares(path: Path, window: Window, start: float = 0) -> Iterator[Frame]:
    with closing(read_frames(path, start=start)) as frames:
        for frame in frames:
            yield window.crop(frame)


class Dancer:
    """A bank of the six seconds, and the poses of the six after them."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        whole = self._poses()
        self.window = window_around(boxes_of(whole), SIZE, whole.size)
        inside = whole.with_joints(self.window.to_window(whole.joints))
        own = PoseSequence(inside.joints, inside.faces, (SIZE, SIZE), inside.fps)
        self.learnt, self.later = own.slice(0, LEARNT), own.slice(LEARNT, 2 * LEARNT)
        self.method = NearestNeighbour.learn(folder, islice(squares(path, self.window, START), LEARNT), self.learnt)

    def _poses(self) -> PoseSequence:
        info = video_info(self.path)
        with closing(read_frames(self.path, start=START, end=START + 2 * LEARNT / float(info.fps))) as frames:
            joints = np.stack(list(estimate_poses(frames, make_estimator("mediapipe"), None)))
        faces = np.stack([unseen_face()] * len(joints))
        return PoseSequence(joints, faces, (info.width, info.height), info.fps)


@pytest.fixture(scope="module")
def dancer(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Dancer:
    return Dancer(real_data / "clips" / "blue-dancer.avi", tmp_path_factory.mktemp("bank"))


def test_the_bank_shows_the_footage(dancer: Dancer) -> None:
    for index, frame in enumerate(islice(squares(dancer.path, dancer.window, START), LEARNT)):
        if index % 29 == 0:
            assert psnr(dancer.method.bank[index], frame) > 36
    assert sum(file.stat().st_size for file in dancer.method.bank.folder.iterdir()) < 8000 * LEARNT


def test_driven_by_its_own_poses_it_shows_its_own_frames(dancer: Dancer) -> None:
    chosen = list(dancer.method.with_options(KnnOptions(threshold=0.0)).choose(dancer.learnt.joints))
    assert np.median(np.abs(np.array(chosen) - np.arange(LEARNT))) <= 1


def test_the_default_threshold_and_the_path_jump_less_at_little_cost(dancer: Dancer) -> None:
    poses, matcher = dancer.later.joints, Matcher(dancer.learnt.joints)

    def jumps_and_distance(options: KnnOptions) -> tuple[int, float]:
        chosen = np.array(list(dancer.method.with_options(options).choose(poses)))
        distance = matcher.distances(poses, chosen[:, None], torso=matcher.torso).mean()
        return int((np.abs(np.diff(chosen)) > 2).sum()), float(distance)

    plain, held, path = (
        jumps_and_distance(options) for options in (KnnOptions(threshold=0), KnnOptions(), KnnOptions(k=7))
    )
    assert held[0] < plain[0] and path[0] < plain[0]
    assert held[1] < 1.1 * plain[1] and path[1] < 1.1 * plain[1]


def test_a_forearm_missed_for_a_frame_changes_hardly_anything(dancer: Dancer) -> None:
    """The paper saw its nearest frames jump there."""
    poses = dancer.later.joints.copy()
    poses[75, [R_ELBOW, R_WRIST]] = (np.nan, np.nan, 0)
    whole, missed = (list(dancer.method.choose(p)) for p in (dancer.later.joints, poses))
    matcher = Matcher(dancer.learnt.joints)
    apart = matcher.distances(dancer.learnt.joints[[whole[75]]], np.array([[missed[75]]]), torso=matcher.torso)
    assert apart[0, 0] < 0.1


def test_later_frames_pair_with_earlier_ones(dancer: Dancer) -> None:
    pairs = build_pairs(dancer.later, dancer.learnt)
    assert len(pairs) == pytest.approx(0.8 * LEARNT, abs=2)
    assert 0.02 < pairs.used < 0.5 and pairs.coverage < 0.9  # she does not repeat herself
    assert pairs.distance.max() < 1


def test_it_makes_frames_and_fills_between_keyframes(dancer: Dancer) -> None:
    keys = dancer.method.generate(PosedFrame(pose) for pose in dancer.later.joints[:30:3])
    made = list(fill_between_keyframes(keys, "dis", 3, 30))
    assert len(made) == 30 and all(frame.shape == (SIZE, SIZE, 3) for frame in made)


@pytest.mark.parametrize(
    ("name", "window"),
    [
        ("blue-dancer.avi", Window(11, 0, 496, SIZE)),
        ("juggler.mp4", Window(280, 0, 720, SIZE)),
        ("sign-orange.mkv", Window(80, 0, 480, SIZE)),
    ],
)
def test_flow_comes_nearer_to_the_frame_left_out(real_data: Path, name: str, window: Window) -> None:
    """Mean PSNR of every second frame, made from its two neighbours: over 40 frames spread over 8 seconds."""
    frames = list(islice(squares(real_data / "clips" / name, window), 0, 200))
    moments = range(0, len(frames) - 2, 5)
    means = {}
    for by in INTERPOLATORS:
        maker = INTERPOLATORS.resolve(by)()
        means[by] = np.mean([psnr(maker.between(frames[t], frames[t + 2], [0.5])[0], frames[t + 1]) for t in moments])
    assert means["dis"] > means["blend"] + 0.5 > means["double"] + 1.5
    assert means["dis"] > means["farneback"] - 0.3
