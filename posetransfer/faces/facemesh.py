"""Contours by mediapipe's face mesh network, run on OpenVINO: free for any use (Apache-2.0)."""

from __future__ import annotations

from typing import ClassVar, Final

import cv2
import numpy as np

from posetransfer.places import package_file
from posetransfer.runtime.openvino import OpenVINORuntime
from posetransfer.types import Box, Face, Frame

SIDE: Final = 192  # px of the network's square input
AROUND: Final = 1.75  # side of the square that is looked at, in box sides: the mesh covers forehead and ears
SEEN: Final = 0.5  # the network's own probability that it sees a face

# Which of the mesh's 468 vertices stands at each of the 68 places.
VERTICES: Final = (
    162, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 389,
    71, 63, 105, 66, 107,
    336, 296, 334, 293, 301,
    168, 197, 5, 4,
    75, 97, 2, 326, 305,
    33, 160, 158, 133, 153, 144,
    362, 385, 387, 263, 373, 380,
    61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181,
    78, 82, 13, 312, 308, 317, 14, 87,
)  # fmt: skip


class FaceMesh:
    """Attention-free face mesh (Kartynnik et al. 2019): 1-2 ms a face."""

    NAME: ClassVar[str] = "facemesh"

    def __init__(self) -> None:
        path = package_file("mediapipe", "modules/face_landmark/face_landmark.tflite", "mediapipe==0.10.21")
        self._network = OpenVINORuntime().open_model(path)

    def find(self, frame: Frame, box: Box, roll: float = 0.0) -> Face | None:
        """As `ContourFinder`."""
        to_frame = _square_to_frame(box, roll)
        square = cv2.warpAffine(
            frame,
            to_frame,
            (SIDE, SIDE),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        mesh, presence = self._network(square[None].astype(np.float32) / 255)
        if 1 / (1 + np.exp(-float(presence.squeeze()))) < SEEN:
            return None
        places = mesh.reshape(-1, 3)[list(VERTICES), :2]
        return np.asarray(places @ to_frame[:, :2].T + to_frame[:, 2], np.float32)


def _square_to_frame(box: Box, roll: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """[2, 3]: from px of the network's input to px of the frame, turned so that the eyes come out level."""
    scale = AROUND * max(box.width, box.height) / SIDE
    turn = scale * np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    centre = np.array(box.centre)
    return np.column_stack([turn, centre - turn @ np.full(2, SIDE / 2)])
