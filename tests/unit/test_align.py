"""Alignment: whole and broken shifts, held where no face is found."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from posetransfer.align.aligner import ALIGNERS, Centre, align, shifted
from posetransfer.errors import UnknownName
from posetransfer.types import Frame

SIZE = 96


def face_at(x: float, y: float) -> Frame:
    """A soft bright spot on a dark ground."""
    ys, xs = np.mgrid[:SIZE, :SIZE]
    spot = np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / 50)
    return np.repeat(np.rint(20 + 200 * spot)[..., None], 3, axis=2).astype(np.uint8)


def centre_of(frame: Frame) -> np.ndarray:
    weight = frame[..., 0].astype(float) - 20
    ys, xs = np.mgrid[:SIZE, :SIZE]
    return np.array([(xs * weight).sum(), (ys * weight).sum()]) / weight.sum()


def test_a_whole_shift_is_exact_and_copies_the_edge() -> None:
    frame = np.random.default_rng(0).integers(0, 255, (7, 9, 3), dtype=np.uint8)
    moved = shifted(frame, (2, -1))
    np.testing.assert_array_equal(moved[:6, 2:], frame[1:, :-2])
    np.testing.assert_array_equal(moved[:6, 0], frame[1:, 0])
    np.testing.assert_array_equal(moved[6, 2:], frame[6, :-2])
    assert shifted(frame, (0, 0)) is frame


def test_first_holds_the_face_where_it_first_was() -> None:
    places: list[Centre] = [(40, 40), (45.4, 38), (30, 52)]
    frames = list(align((face_at(*p) for p in places), places, [None] * 3, "first"))
    for frame in frames:
        assert np.abs(centre_of(frame) - (40, 40)).max() <= 0.6


def test_first_waits_for_a_face_and_holds_the_last_shift() -> None:
    frames = [face_at(40, 40)] * 4
    found: list[Centre | None] = [None, (40, 40), (44, 40), None]
    made = list(align(frames, found, [None] * 4, "first"))
    np.testing.assert_array_equal(made[0], frames[0])
    np.testing.assert_array_equal(made[2], shifted(frames[2], (-4, 0)))
    np.testing.assert_array_equal(made[3], made[2])


def test_pose_removes_shake_and_keeps_the_walk() -> None:
    rng = np.random.default_rng(1)
    wanted = [(30 + 0.8 * t, 48.0) for t in range(40)]
    shaken = [(x + dx, y + dy) for (x, y), (dx, dy) in zip(wanted, rng.normal(0, 2, (40, 2)), strict=True)]
    made = align((face_at(*p) for p in shaken), shaken, wanted, "pose")
    left = np.array([centre_of(frame) for frame in made]) - wanted
    assert left.std() < 0.5 * np.std(np.subtract(shaken, wanted))
    assert np.abs(left).max() < 1.6


def test_pose_adds_less_noise_than_the_detector_has() -> None:
    rng = np.random.default_rng(2)
    found = [(48 + dx, 48 + dy) for dx, dy in rng.normal(0, 0.3, (60, 2))]
    made = align((face_at(48, 48) for _ in found), found, [(48, 48)] * 60, "pose")
    left = np.array([centre_of(frame) for frame in made])[5:]
    assert np.diff(left, axis=0).std() < 0.6 * np.diff(np.array(found)[5:], axis=0).std()


def test_pose_does_not_believe_a_face_far_away_or_missing() -> None:
    frames = [face_at(48, 48)] * 4
    found: list[Centre | None] = [(46, 48), (90, 90), None, (46, 48)]
    wanted: list[Centre | None] = [(48, 48), (48, 48), (48, 48), None]
    made = list(align(frames, found, wanted, "pose"))
    for frame in made[1:]:
        np.testing.assert_array_equal(frame, made[0])


@pytest.mark.parametrize("by", list(ALIGNERS))
def test_it_is_lazy_and_closes_its_sources(by: str) -> None:
    closed: list[str] = []

    def endless(name: str, item: object) -> Iterator[object]:
        try:
            while True:
                yield item
        finally:
            closed.append(name)

    made = align(endless("frames", face_at(48, 48)), endless("made", (48, 48)), endless("wanted", (48, 48)), by)  # type: ignore[arg-type]
    assert np.array_equal(next(made), face_at(48, 48))
    made.close()
    assert sorted(closed) == ["frames", "made", "wanted"]


@pytest.mark.parametrize("by", list(ALIGNERS))
def test_frames_without_any_face_pass_untouched(by: str) -> None:
    frames = [face_at(x, 48) for x in (40, 44, 48)]
    for before, after in zip(frames, align(frames, [None] * 3, [None] * 3, by), strict=True):
        np.testing.assert_array_equal(before, after)
    assert list(align([], [], [], by)) == []


def test_an_unknown_alignment_is_named() -> None:
    with pytest.raises(UnknownName, match="pose, first"):
        align([], [], [], "magic")


@pytest.mark.parametrize("shift", [(1.3, 0.7), (-2.4, 3.1), (0.5, -0.25), (-0.5, 0.0)])
def test_a_shift_by_a_fraction_is_opencvs_bicubic_one(shift: Centre) -> None:
    """Within a level, and cv2.warpAffine's own rounding of shifts to 1/32 px."""
    height, width = 40, 56
    rows, columns = np.mgrid[:height, :width]
    frame = np.stack([np.sin(rows / 3 + channel) * np.cos(columns / 4) * 100 + 128 for channel in range(3)], axis=-1)
    frame = frame.astype(np.uint8)
    matrix = np.array([[1, 0, shift[0]], [0, 1, shift[1]]])
    wanted = cv2.warpAffine(frame, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    off = np.abs(shifted(frame, shift).astype(int) - wanted)
    assert off.max() <= 2 and off.mean() < 0.5
