"""Who a face looks like: dlib's embedding, in which pictures of one person lie close together."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posetransfer.faces.detector import FACE_DETECTORS, FaceDetector
from posetransfer.faces.head import find_head
from posetransfer.faces.models import dlib_model, load_dlib
from posetransfer.types import Box, Frame, Pose

Embedding = NDArray[np.float64]  # [128], no unit; its length is about 1.45

EMBEDDING: Final = 128
SAME_PERSON: Final = 0.6  # apart at most, as dlib's author has it: right for 99.38 % of the pairs of LFW


class FaceIdentity:
    """A residual network trained so that faces of one person lie within a ball of 0.6 (King 2017), 150x150 px in.

    The eyes and the nose are found by dlib's 5-point predictor, trained on dlib's own data, so that the terms of the
    68 places do not touch it. A face takes 60-85 ms on two busy cores.
    """

    def __init__(self, detector: str = "hog") -> None:
        """detector: a name in FACE_DETECTORS. Raises UnknownName, WeightsMissing."""
        self._detector: FaceDetector = FACE_DETECTORS.resolve(detector)()
        self._dlib = load_dlib()
        self._places = self._dlib.shape_predictor(dlib_model("shape_predictor_5_face_landmarks.dat"))
        self._network = self._dlib.face_recognition_model_v1(dlib_model("dlib_face_recognition_resnet_model_v1.dat"))

    def embed(self, frame: Frame, box: Box) -> Embedding:
        """The embedding of the face in `box` (brows to chin, px) of an RGB frame. It answers whatever is there."""
        picture = np.ascontiguousarray(frame)
        x0, y0, x1, y1 = (round(edge) for edge in box)
        places = self._places(picture, self._dlib.rectangle(x0, y0, x1 - 1, y1 - 1))
        return np.array(self._network.compute_face_descriptor(picture, places), np.float64)

    def find(self, frame: Frame, pose: Pose | None = None) -> Embedding | None:
        """The embedding of the surest face in an RGB frame, or None where the detector finds none.

        pose: px of the frame; with it, only a square around its head is searched, brought to a size at which
        small faces are found too. A pose without a head, or one whose head is outside the frame, is None.
        """
        searched = frame if pose is None else _head_square(frame, pose)
        faces = [] if searched is None else self._detector.detect(searched)
        return self.embed(searched, faces[0].box) if searched is not None and faces else None


def _head_square(frame: Frame, pose: Pose) -> Frame | None:
    """The square around the pose's head, or None where there is none within the frame."""
    head = find_head(pose)
    if head is None:
        return None
    x, y = head.centre
    inside = 0 <= x < frame.shape[1] and 0 <= y < frame.shape[0]
    return head.window.crop(frame) if inside else None
