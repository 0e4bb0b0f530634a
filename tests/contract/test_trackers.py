"""Every way of finding a face along a clip: here, and in a process beside this one."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import numpy as np
import psutil
import pytest

from posetransfer.errors import PoseTransferError, UnknownName
from posetransfer.faces.beside import UNDER_WAY, FaceProcess
from posetransfer.faces.tracker import FaceTracker, MakeTracker
from posetransfer.types import Face, Frame, Pose, unseen_pose
from tests.performers import INES, frame, pose

COUNT = 14
SECONDS = 1 / 25


@pytest.fixture(scope="module")
def process() -> Iterator[FaceProcess]:
    with FaceProcess() as process:
        yield process


@pytest.fixture(params=["here", "beside"])
def make_tracker(request: pytest.FixtureRequest, process: FaceProcess) -> MakeTracker:
    return FaceTracker if request.param == "here" else process.tracker


def shown(count: int = COUNT) -> Iterator[tuple[Frame, Pose]]:
    """Ines, who is not seen in the third frame, and held in the last but one."""
    for number in range(count):
        picture = number - 1 if number == count - 2 else number
        yield frame(INES, picture), unseen_pose() if number == 2 else pose(INES, number)


def same(one: Face | None, other: Face | None) -> bool:
    return other is None if one is None else other is not None and np.array_equal(one, other)


def test_it_finds_what_step_finds_in_order(make_tracker: MakeTracker) -> None:
    alone = FaceTracker()
    wanted = [alone.step(picture, joints, SECONDS) for picture, joints in shown()]
    assert sum(face is not None for face in wanted) >= COUNT - 2 and wanted[2] is None
    tracker = make_tracker()
    found = list(tracker.track(shown(), SECONDS))
    assert len(found) == COUNT and all(map(same, wanted, found))
    assert tracker.counts == alone.counts and sum(tracker.counts.values()) == COUNT


def test_a_new_one_knows_nothing_of_the_one_before(make_tracker: MakeTracker) -> None:
    """Left in the middle of its frames, whose answers the next must not take for its own."""
    first = make_tracker().track(shown(), SECONDS)
    next(first)
    first.close()  # type: ignore[attr-defined]
    tracker = make_tracker(cnn=False)
    assert list(tracker.track(iter([(frame(INES, 0), unseen_pose())]), SECONDS)) == [None]
    assert tracker.counts == {"hog": 0, "cnn": 0, "tracked": 0, "none": 1}


def test_it_closes_what_it_is_given_and_takes_a_few_ahead_at_most(make_tracker: MakeTracker) -> None:
    taken, closed = [], []

    def source() -> Iterator[tuple[Frame, Pose]]:
        try:
            for one in shown():
                taken.append(one)
                yield one
        finally:
            closed.append(True)

    faces = make_tracker().track(source(), SECONDS)
    next(faces)
    assert len(taken) <= UNDER_WAY + 1 and not closed
    faces.close()  # type: ignore[attr-defined]
    assert closed


def test_an_unknown_source_of_contours_is_refused_by_name(make_tracker: Callable[..., object]) -> None:
    with pytest.raises(UnknownName, match="crayon"):
        make_tracker(contours="crayon")


def test_a_process_that_was_killed_is_a_sentence() -> None:
    with FaceProcess() as process:
        tracker = process.tracker(cnn=False)
        (worker,) = psutil.Process().children()[-1:]
        os.kill(worker.pid, signal.SIGKILL)
        with pytest.raises(PoseTransferError, match="try again"):
            list(tracker.track(shown(), SECONDS))


def test_the_process_ends_with_its_block() -> None:
    before = {child.pid for child in psutil.Process().children()}
    with FaceProcess() as process:
        (worker,) = [child for child in psutil.Process().children() if child.pid not in before]
        assert process.rss_mb() > 1
    assert not worker.is_running()
    assert process.rss_mb() == 0
