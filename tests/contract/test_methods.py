"""Every method keeps these laws. A new one adds its factory to MAKERS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from posetransfer.errors import CheckpointError, UnknownName
from posetransfer.methods.method import METHODS, Method
from posetransfer.types import PosedFrame, PoseSequence, unseen_face, unseen_pose
from tests.performers import INES, KOFI, MOMENTS, make_pairs, panned
from tests.threads import one_thread as one_thread

SIZE = 64


def nearest_neighbour(folder: Path) -> Method:
    from posetransfer.methods.knn.method import NearestNeighbour

    poses, pictures = zip(*(panned(INES, moment, SIZE) for moment in range(MOMENTS)), strict=True)
    faces = np.stack([unseen_face()] * MOMENTS)
    sequence = PoseSequence(np.stack(poses), faces, (SIZE, SIZE), Fraction(25))
    return NearestNeighbour.learn(folder, pictures, sequence)


def trained(name: str, folder: Path) -> Method:
    from posetransfer.methods.pix2pix.config import preset
    from posetransfer.methods.pix2pix.train import train

    what = "pose" if name == "pose2pics" else "picture"
    store = make_pairs(folder / "pairs", SIZE, MOMENTS, sources=what == "picture")
    run = train(store, preset("fast", size=SIZE, ngf=8, ndf=8, input=what), folder, steps=90, precision="fp32")
    *_, last = run
    assert last.share == 1
    method: Method = METHODS.resolve(name).from_training(folder / "state.safetensors")
    return method


MAKERS: dict[str, Callable[[Path], Method]] = {
    "knn": nearest_neighbour,
    "pose2pics": lambda folder: trained("pose2pics", folder),
    "pics2pics": lambda folder: trained("pics2pics", folder),
}


@pytest.fixture(scope="module", params=list(METHODS))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Method:
    """Each registered method, learnt from the rendered performer."""
    return MAKERS[request.param](tmp_path_factory.mktemp(request.param))


def performance(moments: Iterator[int] | range) -> Iterator[PosedFrame]:
    """What the target is to do, and the pictures of the one who does it."""
    for moment in moments:
        yield PosedFrame(panned(INES, moment, SIZE)[0], unseen_face(), panned(KOFI, moment, SIZE)[1])


def saved(method: Method, folder: Path) -> dict[str, Any]:
    folder.mkdir(exist_ok=True)
    return method.save(folder)


def test_the_name_is_the_registered_one(made: Method) -> None:
    assert METHODS.resolve(made.NAME) is type(made)
    assert made.needs_poses or made.needs_frames
    assert isinstance(made.runtime_used, str) and made.runtime_used


def test_n_come_in_and_n_come_out(made: Method) -> None:
    frames = list(made.generate(performance(range(6))))
    assert len(frames) == 6
    for frame in frames:
        assert frame.shape == (SIZE, SIZE, 3) and frame.dtype == np.uint8 and frame.flags.c_contiguous


def test_nothing_in_nothing_out(made: Method) -> None:
    assert list(made.generate([])) == []


def test_the_order_is_kept(made: Method) -> None:
    """Each frame looks most like the target in the pose that asked for it, or like its neighbour in time."""
    frames = list(made.generate(performance(range(MOMENTS))))
    truths = np.stack([panned(INES, moment, SIZE)[1] for moment in range(MOMENTS)]).astype(float)
    nearest = [int(np.abs(truths - frame).mean(axis=(1, 2, 3)).argmin()) for frame in frames]
    assert np.corrcoef(nearest, range(MOMENTS))[0, 1] > 0.8


def test_an_endless_driver_gives_frames_at_once_and_is_closed(made: Method) -> None:
    closed = []

    def endless() -> Iterator[PosedFrame]:
        try:
            yield from performance(count())
        finally:
            closed.append(True)

    stream = made.generate(endless())
    assert len(list(islice(stream, 5))) == 5
    stream.close()  # type: ignore[attr-defined]
    assert closed == [True]


def test_a_frame_is_given_before_the_next_is_asked_for(made: Method) -> None:
    """What a live performance stands on."""
    asked: list[int] = []

    def driver() -> Iterator[PosedFrame]:
        for number, posed in enumerate(performance(range(4)), 1):
            asked.append(number)
            yield posed

    for number, _ in enumerate(made.generate(driver()), 1):
        assert asked[-1] == number


def test_what_it_does_not_need_makes_no_difference(made: Method) -> None:
    face = np.full((68, 2), SIZE / 2, np.float32) + np.arange(68, dtype=np.float32)[:, None] / 10
    whole = [posed._replace(face=face) for posed in performance(range(3))]
    bare = [
        PosedFrame(
            posed.pose if made.needs_poses else unseen_pose(),
            posed.face if made.needs_faces else None,
            posed.frame if made.needs_frames else None,
        )
        for posed in whole
    ]
    for one, other in zip(made.generate(whole), made.generate(bare), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_frame_in_which_nobody_is_seen_still_gives_a_frame(made: Method) -> None:
    nobody = PosedFrame(unseen_pose(), unseen_face(), np.zeros((SIZE, SIZE, 3), np.uint8))
    somebody = list(performance(range(2)))
    frames = list(made.generate([nobody, *somebody, nobody._replace(face=None), nobody]))
    assert [frame.shape for frame in frames] == [(SIZE, SIZE, 3)] * 5


def test_a_frame_alone_is_the_frame_in_a_clip(made: Method) -> None:
    whole = list(made.generate(performance(range(4))))
    alone = list(made.generate(performance(range(3, 4))))
    np.testing.assert_array_equal(whole[3], alone[0])


def test_saved_and_loaded_it_makes_the_same_bytes(made: Method, tmp_path: Path) -> None:
    section = saved(made, tmp_path)
    again = type(made).load(tmp_path, section, "auto")
    for before, after in zip(made.generate(performance(range(4))), again.generate(performance(range(4))), strict=True):
        np.testing.assert_array_equal(before, after)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert saved(again, tmp_path / "twice") == section
    assert {path.name: path.read_bytes() for path in (tmp_path / "twice").iterdir()} == files


def test_a_lost_file_is_refused(made: Method, tmp_path: Path) -> None:
    section = saved(made, tmp_path)
    for path in list(tmp_path.iterdir()):
        kept = path.read_bytes()
        path.unlink()
        with pytest.raises(CheckpointError):
            type(made).load(tmp_path, section)
        path.write_bytes(kept)


@pytest.mark.parametrize("change", ["missing", "extra", "size"])
def test_a_tensor_that_does_not_fit_is_refused(made: Method, tmp_path: Path, change: str) -> None:
    section = saved(made, tmp_path)
    (path,) = tmp_path.glob("*.safetensors")
    tensors = load_file(path)
    name = next(iter(tensors))
    if change == "missing":
        del tensors[name]
    elif change == "extra":
        tensors["surplus"] = np.zeros(3, np.float16)
    else:
        tensors[name] = np.ascontiguousarray(tensors[name][:-1])
    save_file(tensors, path)
    with pytest.raises(CheckpointError):
        type(made).load(tmp_path, section)


def test_an_unknown_method_is_named() -> None:
    with pytest.raises(UnknownName, match="knn, pose2pics, pics2pics"):
        METHODS.resolve("magic")
