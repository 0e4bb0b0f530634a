"""A quick look at real footage: who is there, what is said of it, what is written, and how it ends early."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from posetransfer.errors import LimitPassed, NotAVideo, PoseTransferError
from posetransfer.pipeline.look import Look, look
from posetransfer.pipeline.options import Watch
from posetransfer.types import Frame, Progress
from posetransfer.video.info import video_info
from posetransfer.video.limits import Limits
from posetransfer.video.read import read_frames
from posetransfer.video.write import VideoWriter

pytestmark = pytest.mark.slow

PATIENT = 60.0  # seconds: a busy machine must not change what is found


def seen_in(
    video: Path, folder: Path, watch: Watch | None = None, limits: Limits | None = None, budget: float = PATIENT
) -> tuple[Look, list[Progress]]:
    steps, looking = [], look(video, watch or Watch(), folder, limits, budget=budget)
    while True:
        try:
            steps.append(next(looking))
        except StopIteration as end:
            return end.value, steps


def kinds(found: Look) -> list[str]:
    return [advice.kind for advice in found.advice]


def written(path: Path, frames: Iterable[Frame], change: Callable[[Frame], Frame] = lambda frame: frame) -> Path:
    """A video of frames, made even in size."""
    made = [change(frame) for frame in frames]
    with VideoWriter(path, Fraction(25), (made[0].shape[1], made[0].shape[0])) as writer:
        for frame in made:
            writer.write(frame)
    return path


def test_good_footage_is_shown_and_needs_no_advice(clips: Path, tmp_path: Path) -> None:
    found, steps = seen_in(clips / "juggler.mp4", tmp_path)
    assert found.advice == [] and found.seen == 1 and found.followed == 0
    [(x0, y0, x1, y1)] = found.people
    assert 500 < x0 < 650 and y0 < 100 and 700 < x1 < 900 and 620 < y1 < 720
    assert (steps[0].done, steps[0].total, steps[-1].total) == (0, 247, 247)
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    first, drawn = cv2.imread(str(tmp_path / "first.jpg")), video_info(tmp_path / "skeleton.mp4")
    assert first.shape == (360, 640, 3)
    assert (drawn.width, drawn.height, drawn.fps, drawn.frames) == (480, 270, 24, 24)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.jpg", "skeleton.mp4"]


def test_a_part_of_the_dancer(clips: Path, tmp_path: Path) -> None:
    found, _ = seen_in(clips / "blue-dancer.avi", tmp_path, Watch(start=4, end=9))
    assert found.advice == []
    plain = json.loads(json.dumps(found.to_json()))
    assert plain["frames"] == 125 and plain["trim_duration"] == 5 and plain["duration"] > 60
    assert plain["looked_at"] == 5 and plain["seen"] == 1 and plain["fps"] == 25 and plain["has_audio"] is True
    assert (plain["width"], plain["height"]) == (518, 496) and len(plain["people"][0]) == 4


def test_the_first_picture_is_there_at_the_first_frame(clips: Path, tmp_path: Path) -> None:
    looking = look(clips / "juggler.mp4", Watch(), tmp_path)
    while next(looking).done == 0:
        pass
    assert cv2.imread(str(tmp_path / "first.jpg")) is not None
    looking.close()
    assert [path.name for path in tmp_path.iterdir()] == ["first.jpg"], "no half a video stays behind"


def test_two_people_and_whom_to_follow(clips: Path, tmp_path: Path) -> None:
    video = clips / "two-people.mp4"
    found, _ = seen_in(video, tmp_path, Watch(start=1.5, end=3))
    assert len(found.people) == 2 and found.people[0][0] < found.people[1][0]
    assert "several" in kinds(found) and found.followed == 0
    other = ((found.people[1].x0 + found.people[1].x1) / 2, (found.people[1].y0 + found.people[1].y1) / 2)
    assert seen_in(video, tmp_path, Watch(start=1.5, end=3, person_at=other))[0].followed == 1
    assert seen_in(video, tmp_path, Watch(start=1.5, end=3, person=2))[0].followed == 1
    missing, _ = seen_in(video, tmp_path, Watch(start=1.5, end=3, person=9))
    assert missing.followed == 0 and "Person 9" in missing.advice[0].text


def test_feet_out_of_the_picture(clips: Path, tmp_path: Path) -> None:
    found, _ = seen_in(clips / "sign-orange.mkv", tmp_path, Watch(end=4))
    assert kinds(found) == ["feet"]


def test_legs_out_of_the_picture(clips: Path, tmp_path: Path) -> None:
    upper = written(
        tmp_path / "upper.mp4", read_frames(clips / "juggler.mp4", end=2), lambda f: f[:240, 440:1000].copy()
    )
    assert "legs" in kinds(seen_in(upper, tmp_path)[0])


def test_a_face_turned_away_and_a_slow_rate(clips: Path, tmp_path: Path) -> None:
    assert kinds(seen_in(clips / "boxer.mp4", tmp_path, Watch(end=4))[0]) == ["turned"]
    assert kinds(seen_in(clips / "approach.mp4", tmp_path)[0]) == ["slow"]


def test_a_cut_is_found_at_its_second(clips: Path, tmp_path: Path) -> None:
    def joined() -> Iterable[Frame]:
        for name, start in (("juggler.mp4", 0.0), ("blue-dancer.avi", 5.0)):
            for frame in islice(read_frames(clips / name, start=start), 60):
                yield np.asarray(cv2.resize(frame, (640, 480)), np.uint8)

    video = written(tmp_path / "joined.mp4", joined())
    [advice] = [advice for advice in seen_in(video, tmp_path)[0].advice if advice.kind == "cuts"]
    assert "changes at 2.4 s" in advice.text
    [advice] = [a for a in seen_in(video, tmp_path, Watch(start=1.2))[0].advice if a.kind == "cuts"]
    assert "changes at 2.4 s" in advice.text, "the second is the file's, not the part's"


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("dark", lambda frame: (frame * 0.2).astype(np.uint8)),
        ("bright", lambda frame: np.minimum(frame * 9.0, 255).astype(np.uint8)),
        ("blur", lambda frame: np.asarray(cv2.GaussianBlur(frame, (0, 0), 5), np.uint8)),
        ("edge", lambda frame: frame[:, 716:].copy()),
        ("small", lambda frame: np.asarray(cv2.resize(frame, (256, 144), interpolation=cv2.INTER_AREA), np.uint8)),
    ],
)
def test_spoilt_copies(kind: str, change: Callable[[Frame], Frame], clips: Path, tmp_path: Path) -> None:
    video = written(tmp_path / "spoilt.mp4", read_frames(clips / "juggler.mp4", end=2), change)
    assert kind in kinds(seen_in(video, tmp_path)[0])


def test_nobody_at_first_and_nobody_at_all(clips: Path, real_data: Path, tmp_path: Path) -> None:
    found, _ = seen_in(clips / "one-by-one.mp4", tmp_path, Watch(end=10))
    assert found.people == [] and found.followed is None
    assert found.advice[0].kind == "nobody" and "comes in at about 6" in found.advice[0].text
    empty, _ = seen_in(real_data / "odd" / "syn-all-black-no-person.mp4", tmp_path)
    assert empty.seen == 0 and "No person is seen" in empty.advice[0].text
    assert (tmp_path / "first.jpg").exists() and (tmp_path / "skeleton.mp4").exists()


def test_a_long_video_is_looked_at_for_a_while_only(clips: Path, tmp_path: Path) -> None:
    found, _ = seen_in(clips / "pianist.avi", tmp_path, budget=0.5)
    assert 1 <= found.looked_at < 60
    assert kinds(found) == ["partly"] and f"first {found.looked_at:.0f} s" in found.advice[0].text


def test_a_video_over_the_limits_can_still_be_looked_at(clips: Path, tmp_path: Path) -> None:
    found, steps = seen_in(clips / "juggler.mp4", tmp_path, limits=Limits(max_seconds=2))
    assert kinds(found) == ["long"] and found.looked_at == 2 and found.duration > 10
    assert steps[-1].total == 48


def test_files_that_are_no_videos_say_so(real_data: Path, tmp_path: Path) -> None:
    still = tmp_path / "still.mp4"
    still.write_bytes(cv2.imencode(".png", np.zeros((64, 64, 3), np.uint8))[1].tobytes())
    with pytest.raises(NotAVideo):
        seen_in(still, tmp_path)
    with pytest.raises(LimitPassed):
        seen_in(real_data / "clips" / "juggler.mp4", tmp_path, limits=Limits(max_bytes=1000))
    with pytest.raises(PoseTransferError, match="ends before"):
        seen_in(real_data / "clips" / "juggler.mp4", tmp_path, Watch(start=100))
    assert [path.name for path in tmp_path.iterdir()] == ["still.mp4"]
