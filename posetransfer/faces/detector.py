"""Finding faces in a picture: dlib's two detectors behind one interface."""

from __future__ import annotations

from typing import ClassVar, Final, NamedTuple, Protocol

import numpy as np

from posetransfer.faces.models import dlib_model, frontal_detector, load_dlib
from posetransfer.plugins import Registry
from posetransfer.types import Box, Frame

FACE_DETECTORS: Final = Registry(
    "face detector",
    {"hog": "posetransfer.faces.detector:HogDetector", "cnn": "posetransfer.faces.detector:CnnDetector"},
)


class Detection(NamedTuple):
    """A face found: brows to chin, about as wide as high, in px, and how sure the detector is of it."""

    box: Box
    score: float


class FaceDetector(Protocol):
    """Finds the faces that look towards the camera."""

    NAME: ClassVar[str]

    def detect(self, frame: Frame) -> list[Detection]:
        """Every face of about 80 px or more in an RGB frame, surest first."""
        ...


class HogDetector:
    """Histograms of oriented gradients (Dalal and Triggs 2005), dlib's frontal detector: 4-15 ms at 224-512 px."""

    NAME: ClassVar[str] = "hog"

    def __init__(self, threshold: float = 0.0) -> None:
        """threshold: the least score, 0 is dlib's own; lower finds more, and more that is no face."""
        self._detector, self._lock = frontal_detector()
        self._threshold = threshold

    def detect(self, frame: Frame) -> list[Detection]:
        """As `FaceDetector`."""
        with self._lock:
            boxes, scores, _ = self._detector.run(np.ascontiguousarray(frame), 0, self._threshold)
        found = [Detection(_box(box), float(score)) for box, score in zip(boxes, scores, strict=True)]
        return sorted(found, key=lambda face: -face.score)


class CnnDetector:
    """dlib's network with max-margin training (King 2015): finds turned faces too, 0.3-0.7 s on two cores."""

    NAME: ClassVar[str] = "cnn"

    def __init__(self) -> None:
        self._detector = load_dlib().cnn_face_detection_model_v1(dlib_model("mmod_human_face_detector.dat"))

    def detect(self, frame: Frame) -> list[Detection]:
        """As `FaceDetector`."""
        found = [
            Detection(_box(face.rect), float(face.confidence))
            for face in self._detector(np.ascontiguousarray(frame), 0)
        ]
        return sorted(found, key=lambda face: -face.score)


def _box(rectangle: object) -> Box:
    left, top = rectangle.left(), rectangle.top()  # type: ignore[attr-defined]
    return Box(left, top, left + rectangle.width(), top + rectangle.height())  # type: ignore[attr-defined]
