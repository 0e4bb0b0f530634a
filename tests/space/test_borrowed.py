"""Pictures from a GPU that the page borrows: the same ones, in chunks, and the CPU's where none is lent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from posetransfer.checkpoints.folder import Checkpoint
from posetransfer.checkpoints.lookup import find_target
from posetransfer.errors import PoseTransferError
from posetransfer.methods.method import Performer
from posetransfer.types import PosedFrame, unseen_pose
from space import gpu
from space.jobs.backchannel import Backchannel
from space.jobs.borrowed import Borrowed

CPU = "openvino fp32 CPU"


@pytest.fixture(scope="module")
def ines() -> Checkpoint:
    return find_target("ines")


@pytest.fixture(scope="module")
def local(ines: Checkpoint) -> Performer:
    return ines.load_method("pose2pics", "openvino")


@pytest.fixture(scope="module")
def posed(ines: Checkpoint) -> list[PosedFrame]:
    """Five of the target's own poses, nobody seen in the third."""
    poses = list(load_file(ines.folder / "poses.safetensors")["joints"][:200:40])
    poses[2] = unseen_pose()
    return [PosedFrame(pose) for pose in poses]


@pytest.fixture
def lend() -> Iterator[Callable[[Callable[..., Any]], None]]:
    """Has the page answer, for the test."""
    opened: list[Backchannel] = []
    yield lambda answer: opened.append(Backchannel({"gpu": answer}))
    for channel in opened:
        channel.close()


def test_the_pictures_are_those_of_this_machine(
    ines: Checkpoint, local: Performer, posed: list[PosedFrame], lend: Callable[..., None]
) -> None:
    sizes: list[int] = []

    def answer(visit: str, folder: str, method: str, size: int, frames: list[PosedFrame]) -> gpu.Lent:
        sizes.append(len(frames))
        assert (visit, Path(folder)) == ("v", ines.folder)
        return gpu.perform(folder, method, size, frames)

    lend(answer)
    borrowed = Borrowed(local, ines, "pose2pics", "v", most=2)
    made = list(borrowed.generate(iter(posed)))
    for one, other in zip(made, local.generate(iter(posed)), strict=True):
        assert np.abs(one.astype(int) - other).mean() < 0.5, "also where nobody is seen at the start of a call"
    assert sizes == [2, 2, 1] and borrowed.notes == []
    assert borrowed.runtime_used.startswith("torch") and borrowed.runtime_used.endswith("lent by ZeroGPU")


def test_the_cpu_goes_on_where_the_quota_ends(
    ines: Checkpoint, local: Performer, posed: list[PosedFrame], lend: Callable[..., None]
) -> None:
    calls = iter((True, False))

    def answer(visit: str, folder: str, method: str, size: int, frames: list[PosedFrame]) -> gpu.Lent:
        if not next(calls):
            raise PoseTransferError("ZeroGPU quota exceeded: try again tomorrow.")
        return np.zeros((len(frames), size, size, 3), np.uint8), "torch fp16 cuda"

    lend(answer)
    borrowed = Borrowed(local, ines, "pose2pics", "v", most=2)
    made = list(borrowed.generate(iter(posed)))
    assert [bool(frame.any()) for frame in made] == [False, False, True, True, True]
    assert np.array_equal(made[2], made[1]) is False and borrowed.notes == [
        "Made on the CPU from here on. ZeroGPU quota exceeded: try again tomorrow."
    ]
    assert borrowed.runtime_used == f"torch fp16 cuda, lent by ZeroGPU, then {CPU}"


def test_without_a_page_the_cpu_does_it_all(ines: Checkpoint, local: Performer, posed: list[PosedFrame]) -> None:
    borrowed = Borrowed(local, ines, "pose2pics", "v", most=100)
    assert len(list(borrowed.generate(iter(posed)))) == 5
    assert borrowed.runtime_used == CPU and "Made on the CPU." in borrowed.notes[0]


def test_what_is_asked_for_grows_with_frames_and_pixels() -> None:
    assert gpu.quota_seconds(1, 256) > gpu.STARTING
    assert gpu.quota_seconds(600, 256) < gpu.quota_seconds(600, 512) < gpu.quota_seconds(1800, 512)
    assert gpu.call_frames(512) * 3 * 512 * 512 <= gpu.MOST_BYTES and gpu.call_frames(10**5) == 1
