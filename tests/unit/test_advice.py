"""What is said about footage: each rule on a figure whose joints are known, and how its pictures are measured."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from posetransfer.errors import OutOfSpace
from posetransfer.pipeline.advice import Footage, advise
from posetransfer.pipeline.overlay import fitted, skeleton_over, write_jpeg
from posetransfer.pipeline.samples import Cuts, measure
from posetransfer.poses.people import person_box
from posetransfer.poses.skeleton import HEAD, L_ANKLE, L_HIP, L_KNEE, R_ANKLE, R_HIP, R_KNEE
from posetransfer.types import Frame, Person, unseen_face
from tests.drawn_clips import quarters, stripes
from tests.stick_figure import picture, pose_at

COUNT, SIZE = 20, 600
UNSEEN = (np.nan, np.nan, 0)
ANKLES = [L_ANKLE, R_ANKLE]
LEGS = [L_HIP, R_HIP, L_KNEE, R_KNEE, *ANKLES]


def footage(**changes: object) -> Footage:
    """A figure of three quarters of the picture's height, in light, with a face, for 20 samples in 6.7 s."""
    good = Footage(
        size=(SIZE, SIZE),
        fps=25.0,
        duration=6.7,
        looked_at=6.7,
        whole=True,
        people=1,
        followed=1,
        begins=True,
        times=np.arange(COUNT, dtype=np.float32) / 3,
        joints=np.array([pose_at(moment, SIZE) for moment in range(COUNT)]),
        light=np.full(COUNT, 150, np.float32),
        burnt=np.zeros(COUNT, np.float32),
        sharpness=np.full(COUNT, 0.1, np.float32),
        face=True,
    )
    return replace(good, **changes)  # type: ignore[arg-type]


def without(joints: list[int], frames: slice = slice(None)) -> np.ndarray:
    hidden = footage().joints.copy()
    for joint in joints:
        hidden[frames, joint] = UNSEEN
    return hidden


def told(**changes: object) -> dict[str, str]:
    return {advice.kind: advice.text for advice in advise(footage(**changes))}


def test_good_footage_needs_no_advice() -> None:
    assert told() == {}


def test_nobody() -> None:
    nowhere = np.full(COUNT, np.nan, np.float32)
    unseen = {"joints": without(list(range(18))), "light": nowhere, "burnt": nowhere, "sharpness": nowhere}
    told_of_nobody = told(**unseen, begins=False, people=0, followed=None, face=False)
    assert list(told_of_nobody) == ["nobody"]
    assert "No person is seen" in told_of_nobody["nobody"]
    assert "for a moment only" in told(**unseen)["nobody"]


def test_nobody_at_the_beginning_says_when_somebody_comes() -> None:
    late = told(joints=without(list(range(18)), slice(0, 9)), begins=False, people=0, followed=None)
    assert list(late) == ["nobody"] and "about 3.0 s" in late["nobody"]


def test_somebody_who_is_mostly_away() -> None:
    assert "In 60% of this part" in told(joints=without(list(range(18)), slice(2, 14)))["nobody"]
    assert told(joints=without(list(range(18)), slice(2, 8))) == {}


def test_several_people_are_counted() -> None:
    text = told(people=3, followed=2)["several"]
    assert text.startswith("3 people are seen, and number 2 from the left is followed.") and "Click another" in text


def test_feet_or_whole_legs_out_of_the_picture() -> None:
    assert list(told(joints=without(ANKLES))) == ["feet"]
    assert list(told(joints=without(LEGS))) == ["legs"]
    assert told(joints=without([L_ANKLE])) == {}, "one foot may be hidden by the other leg"
    assert told(joints=without(ANKLES, slice(0, 9))) == {}, "and both for a while"


@pytest.mark.parametrize(("scale", "size", "says"), [(0.2, SIZE, "px tall"), (1.0, 3000, "of the picture's height")])
def test_small_people(scale: float, size: int, says: str) -> None:
    joints = footage().joints.copy()
    joints[..., :2] *= scale
    assert says in told(joints=joints, size=(size, size))["small"]


@pytest.mark.parametrize(
    ("kind", "measured", "bad", "good"),
    [("dark", "light", 40, 100), ("bright", "burnt", 0.6, 0.3), ("blur", "sharpness", 0.01, 0.05)],
)
def test_light_and_sharpness(kind: str, measured: str, bad: float, good: float) -> None:
    values = np.full(COUNT, bad, np.float32)
    values[:5] = np.nan
    assert list(told(**{measured: values})) == [kind]
    values[:15] = good
    assert told(**{measured: values}) == {}


def test_reaching_over_the_side() -> None:
    joints = footage().joints.copy()
    joints[..., 0] -= joints[:, :, 0].min(axis=1)[:, None]
    assert "In 100% of this part" in told(joints=joints)["edge"]
    joints[5:] = footage().joints[5:]
    assert told(joints=joints) == {}


def test_no_face() -> None:
    assert "turned away" in told(face=False, joints=without(list(HEAD)))["turned"]
    assert "may be too small, blurred, covered or turned away" in told(face=False)["turned"]


def test_cuts_are_named_up_to_three() -> None:
    assert "changes at 2.0 s, and" in told(cuts=(2.0,))["cuts"]
    assert "changes at 2.0 and 3.5 s, and" in told(cuts=(2.0, 3.5))["cuts"]
    assert "at 2.0, 3.5, 4.0 and 2 more times, and" in told(cuts=(2.0, 3.5, 4.0, 5.0, 6.0))["cuts"]


def test_length_and_rate() -> None:
    assert "only 0.6 s long" in told(duration=0.6)["short"]
    assert "only 10 frames" in told(fps=10.0)["slow"]
    assert "90.0 s long, and 60 s are allowed" in told(duration=90.0, longest=60.0)["long"]
    assert "first 41 s" in told(duration=90.0, looked_at=41.0, whole=False)["partly"]


def person_in(frame_size: int, moment: int = 0) -> tuple[Frame, Person]:
    pose = pose_at(moment, frame_size)
    box = person_box(pose)
    assert box is not None
    return picture(pose, frame_size), Person(box, pose)


def test_measures_follow_light_and_blur() -> None:
    frame, person = person_in(SIZE)
    as_it_is = measure(frame, person)
    assert measure((frame * 0.25).astype(np.uint8), person).light == pytest.approx(as_it_is.light / 4, abs=1)
    assert measure(cv2.GaussianBlur(frame, (0, 0), 6), person).sharpness < as_it_is.sharpness / 4
    white = picture(person.pose, SIZE, clothes=(255, 255, 255))
    assert as_it_is.burnt == 0 and measure(white, person).burnt > 0.8
    assert np.isnan(measure(frame, None)).all()


def test_a_person_outside_the_picture_is_not_measured() -> None:
    frame, person = person_in(SIZE)
    away = person.pose.copy()
    away[:, 0] += 3 * SIZE
    box = person_box(away)
    assert box is not None
    assert np.isnan(measure(frame, Person(box, away))).all()


def test_cuts_are_found_where_they_are_and_motion_is_none() -> None:
    cuts = Cuts(Fraction(25))
    for moment in range(60):
        frame = picture(pose_at(moment, 200), 200)
        cuts.step(frame if moment < 40 else quarters(200, 200))
    assert cuts.found == [40]


def test_a_flash_is_no_shot_change_of_its_own() -> None:
    cuts = Cuts(Fraction(25))
    for moment in range(75):
        cuts.step(np.full((90, 160, 3), 255, np.uint8) if moment == 40 else stripes(3, 160, 90))
    assert len(cuts.found) <= 1


def test_the_skeleton_lies_on_the_person_over_a_darker_picture() -> None:
    frame, person = person_in(SIZE)
    drawn = skeleton_over(frame, person, unseen_face(), (SIZE // 2, SIZE // 2))
    plain = skeleton_over(frame, None, None, (SIZE // 2, SIZE // 2))
    assert drawn.shape == plain.shape == (SIZE // 2, SIZE // 2, 3)
    assert plain.mean() < 0.7 * frame.mean()
    changed = np.abs(drawn.astype(int) - plain).max(axis=2) > 40
    for x, y in person.pose[:, :2] / 2:
        assert changed[round(float(y)), round(float(x))]
    assert changed.mean() < 0.15


def test_a_skeleton_half_outside_is_cut_off() -> None:
    frame, person = person_in(SIZE)
    moved = person.pose.copy()
    moved[:, :2] -= SIZE / 2
    box = person_box(moved)
    assert box is not None
    assert skeleton_over(frame, Person(box, moved), None, (SIZE, SIZE)).shape == frame.shape


def test_sizes_are_even_and_never_larger() -> None:
    assert fitted(1280, 720, 480) == (480, 270)
    assert fitted(517, 301, 480) == (480, 280)
    assert fitted(90, 50, 480) == (90, 50)


def test_a_picture_is_written_whole_and_in_its_colours(tmp_path: Path) -> None:
    write_jpeg(tmp_path / "first.jpg", quarters(800, 400), 640)
    read = cv2.imread(str(tmp_path / "first.jpg"))
    assert read.shape == (320, 640, 3) and read[40, 40, 2] > 180 > 60 > read[40, 40, 0]
    assert [path.name for path in tmp_path.iterdir()] == ["first.jpg"]
    with pytest.raises(OutOfSpace, match=r"first\.jpg cannot be written"):
        write_jpeg(tmp_path / "nowhere" / "first.jpg", quarters(8, 8), 640)
