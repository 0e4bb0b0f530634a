"""The default estimator: mediapipe's two BlazePose networks, run directly on OpenVINO.

The library itself is not imported: its own solution follows one person of its own choosing, and is slower.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

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
    to_pose,
)
from posetransfer.poses.people import person_box, without_doubles
from posetransfer.runtime.openvino import OpenVINORuntime, Precision, has_bf16
from posetransfer.runtime.runtime import Network
from posetransfer.types import Frame, Person

LANDMARK_SIZE = 256
LANDMARK_LEVELS = 0.0, 255.0  # to 0..1
DETECTOR_LEVELS = 127.5, 127.5  # to -1..1
SEGMENTATION = 2  # the landmark network's output that is not needed: a third of its time goes into it
STILL_THERE = 0.5  # least presence of someone followed
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


class MediaPipe:
    """BlazePose full, 33 landmarks in the picture and in metres, mapped to 18 joints.

    The landmark network runs once a frame while a person is followed, the detector only while nobody is.
    """

    NAME: ClassVar = "mediapipe"

    def __init__(self, threads: int | None = None, precision: Precision | None = None) -> None:
        """threads: None lets OpenVINO take the machine's cores. precision: of the landmark network while a person is
        followed; None: bf16 where the CPU has it, which takes two thirds of fp32's time and is as near to true joints.

        Raises WeightsMissing.
        """
        folder = weights_folder()
        runtime = OpenVINORuntime(threads)
        self._detector = runtime.open_model(
            folder / "pose_detection" / "pose_detection.tflite", levels=DETECTOR_LEVELS
        )
        self.weights = folder / "pose_landmark" / "pose_landmark_full.tflite"
        # who is somebody is decided by fp32: see DOUBT
        self._landmarks = runtime.open_model(self.weights, without=[SEGMENTATION], levels=LANDMARK_LEVELS)
        if precision is None:
            precision = "bf16" if has_bf16() else "fp32"
        plain = precision == "fp32"
        self._following = (
            self._landmarks
            if plain
            else runtime.open_model(self.weights, precision=precision, without=[SEGMENTATION], levels=LANDMARK_LEVELS)
        )

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
        person, presence = self._person(frame, region, self._following)
        if person is None or presence < STILL_THERE:
            return None
        person.region = held(region, person.region)
        return person

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

    def _person(self, frame: Frame, region: Region, network: Network) -> tuple[_Tracked | None, float]:
        """Who is in a region, if any joint is seen there, and the landmark network's presence, 0..1."""
        picture = region.crop(frame, LANDMARK_SIZE)
        marks = decode_landmarks(network(picture[None]), LANDMARK_SIZE, region)
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
