"""The default estimator: mediapipe's two BlazePose networks, run directly on OpenVINO.

The library itself is not imported: its own solution follows one person of its own choosing, and is slower.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import ClassVar, NamedTuple

import numpy as np

from posetransfer.places import package_file
from posetransfer.poses.crop import Region, tiles, whole
from posetransfer.poses.mediapipe_decode import (
    DETECTOR_SIZE,
    Detections,
    body_region,
    decode_detections,
    decode_landmarks,
    held,
    merge,
    moves,
    to_pose,
)
from posetransfer.poses.people import person_box, without_doubles
from posetransfer.runtime.openvino import OpenVINONetwork, OpenVINORuntime, Precision, has_bf16
from posetransfer.runtime.runtime import Array
from posetransfer.types import Frame, Person

LANDMARK_SIZE = 256
LANDMARK_LEVELS = 0.0, 255.0  # to 0..1
DETECTOR_LEVELS = 127.5, 127.5  # to -1..1
SEGMENTATION = 2  # the landmark network's output that is not needed: a third of its time goes into it
STILL_THERE = 0.5  # least presence of someone followed
AT_ONCE = 2  # frames that the landmark network looks at together, where a stream can be looked ahead in
# of the body's circle: as far as that a region may be from where it would be put, as it is for most frames that were
# looked at before the frame before them was done with (docs/decisions/0018)
STALE = 0.05
# Someone new is a person if the odds against it, of the detector and of two looks of the landmark network, multiply
# to less than this: a table's foot had 0.0009 and more, people mostly under 0.0001.
DOUBT = 0.0005
MOST_PEOPLE = 12  # the landmark network runs once for each
MOST_TILES = 32
SMALLEST_TILE = 120  # px; a person in a smaller one is too coarse for landmarks
WIDE = 1.2  # from this aspect on a person may be too small for the detector although somebody else is not


class _Tracked(Person):
    """A person with the region where the next frame's landmarks will be looked for."""

    region: Region


class _Look(NamedTuple):
    """The landmark network under way on a region of a frame."""

    frame: Frame
    region: Region
    outputs: Callable[[], list[Array]]


class MediaPipe:
    """BlazePose full, 33 landmarks in the picture and in metres, mapped to 18 joints.

    The landmark network runs once a frame while a person is followed, the detector only while nobody is.
    """

    NAME: ClassVar = "mediapipe"

    def __init__(self, threads: int | None = None, precision: Precision | None = None) -> None:
        """threads: of each look, of which two may be under way; None: the machine's cores for one at a time.
        precision: of the landmark network while a person is followed; None: bf16 where the CPU has it, which takes
        two thirds of fp32's time and is as near to true joints.

        Raises WeightsMissing.
        """
        folder = weights_folder()
        self.weights = folder / "pose_landmark" / "pose_landmark_full.tflite"
        if precision is None:
            precision = "bf16" if has_bf16() else "fp32"
        open_model = OpenVINORuntime(threads).open_model
        self._at_once = 1 if threads is None else AT_ONCE
        body = partial(open_model, self.weights, without=[SEGMENTATION], levels=LANDMARK_LEVELS)
        with ThreadPoolExecutor() as pool:  # compiling each takes a third of a second of one core
            detector = pool.submit(
                open_model, folder / "pose_detection" / "pose_detection.tflite", levels=DETECTOR_LEVELS
            )
            following = pool.submit(body, precision=precision, at_once=self._at_once)
            # who is somebody is decided by fp32: see DOUBT
            landmarks = following if precision == "fp32" else pool.submit(body)
        self._detector, self._following = detector.result(), following.result()
        self._landmarks = landmarks.result()
        self._expected: deque[_Look] = deque()

    def people(self, frame: Frame, *, thorough: bool = True) -> list[Person]:
        """Everyone the detector scores 0.5 or more; `thorough` looks at overlapping squares of the frame too."""
        height, width = frame.shape[:2]
        found = self._detect(frame, [whole(width, height)])
        short, long = sorted((width, height))
        if thorough and long > WIDE * short and short >= SMALLEST_TILE:
            found = merge(_joined(found, self._detect(frame, tiles(width, height, short)[:MOST_TILES])))
        people = self._look_at(frame, found)
        if thorough and not people and short / 2 >= SMALLEST_TILE:
            people = self._look_at(frame, self._detect(frame, tiles(width, height, short / 2)[:MOST_TILES]))
        return people

    def follow(self, frame: Frame, last: Person) -> Person | None:
        """The landmarks in the region around `last`; None where the network says that nobody is there."""
        if isinstance(last, _Tracked):
            region = last.region
        else:  # a first look around the box gives the region that the networks are made for
            square = Region(*last.box.centre, max(last.box.width, last.box.height))
            aligned, _ = self._person(frame, square, self._following)
            if aligned is None:
                return None
            region = aligned.region
        look = self._begun(frame, region) or _look(frame, region, self._following)
        person, presence = _seen(look)
        if person is None or presence < STILL_THERE:
            return None
        person.region = held(region, person.region)
        return person

    def expect(self, frame: Frame, last: Person) -> None:
        """Begin to look at a frame where `last` was two frames before it; `follow` decides whether that was near
        enough."""
        if self._at_once > 1 and isinstance(last, _Tracked):
            self._end_looks(self._at_once - 1)
            self._expected.append(_look(frame, last.region, self._following))

    def _begun(self, frame: Frame, region: Region) -> _Look | None:
        """The look at this frame, if one was begun and at nearly this region."""
        if self._expected and self._expected[0].frame is frame:
            if moves(self._expected[0].region, region).max() < STALE:
                return self._expected.popleft()
            self._end_looks(len(self._expected) - 1)
        self._end_looks(self._at_once - 1)  # one more can be begun
        return None

    def _end_looks(self, most: int) -> None:
        """Have no more than `most` under way: the oldest are given up."""
        while len(self._expected) > most:
            self._expected.popleft().outputs()

    def _detect(self, frame: Frame, regions: list[Region]) -> Detections:
        """People in px of the frame, each once, best first."""
        found = Detections(np.zeros(0, np.float32), np.zeros((0, 6, 2), np.float32))
        for region in regions:
            picture = region.crop(frame, DETECTOR_SIZE, black_outside=True)
            boxes, scores = self._detector(picture[None])
            found = _joined(found, decode_detections(boxes[0], scores[0, :, 0], region))
        return merge(found)

    def _look_at(self, frame: Frame, found: Detections) -> list[Person]:
        """Those detections in which the landmark network agrees, each once.

        It looks twice: its own region fits better than the detector's, above all where half the body is seen.
        """
        people = []
        for score, points in zip(found.scores[:MOST_PEOPLE], found.points, strict=False):
            first, presence = self._person(frame, body_region(points[2], points[3]), self._landmarks)
            if first is None:
                continue
            person, again = self._person(frame, first.region, self._landmarks)
            if person is not None and _odds_against(score) * _odds_against(presence) * _odds_against(again) <= DOUBT:
                people.append(person)
        return without_doubles(people)

    def _person(self, frame: Frame, region: Region, network: OpenVINONetwork) -> tuple[_Tracked | None, float]:
        """Who is in a region, and the presence (see `_seen`). Looks that were begun are given up."""
        self._end_looks(0)
        return _seen(_look(frame, region, network))


def _look(frame: Frame, region: Region, network: OpenVINONetwork) -> _Look:
    return _Look(frame, region, network.begin(region.crop(frame, LANDMARK_SIZE)[None]))


def _seen(look: _Look) -> tuple[_Tracked | None, float]:
    """Who was looked at, if any joint is seen there, and the landmark network's presence, 0..1."""
    marks = decode_landmarks(look.outputs(), LANDMARK_SIZE, look.region)
    pose, world = to_pose(marks)
    box = person_box(pose)
    if box is None:
        return None, marks.presence
    person = _Tracked(box, pose, world)
    person.region = body_region(*marks.points[33:35])
    return person, marks.presence


def _odds_against(share: float) -> float:
    return (1 - share) / max(share, 1e-6)


def _joined(one: Detections, other: Detections) -> Detections:
    return Detections(np.concatenate([one.scores, other.scores]), np.concatenate([one.points, other.points]))


def weights_folder() -> Path:
    """Where the wheel keeps its networks."""
    return package_file("mediapipe", "modules/pose_landmark/pose_landmark_full.tflite", "mediapipe==0.10.21").parents[
        1
    ]
