"""OpenPose: a network of heat maps and part affinity fields for 18 joints, as in the paper.

Two are known to work: Open Model Zoo's human-pose-estimation-0001 (lightweight OpenPose, Osokin 2018) and the
frozen graphs of tf-pose-estimation ("compressed OpenPose"). Both take BGR 0..255.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from posetransfer.errors import WeightsMissing
from posetransfer.poses.openpose_parts import find_people
from posetransfer.poses.people import NEAR, nearest, person_box
from posetransfer.poses.weights import find_weights
from posetransfer.runtime.openvino import OpenVINORuntime, core
from posetransfer.runtime.runtime import Network
from posetransfer.types import Frame, Person

HEAT_MAPS, FIELDS = 19, 38
FREE_SIDE = 368  # px given to a network that leaves its size open; tf-pose-estimation's own
STRIDE = 8


class OpenPose:
    """Heat maps and part affinity fields on the whole frame, grouped into people. It gives no depth."""

    NAME: ClassVar = "openpose"

    def __init__(self, weights: Path | None = None, threads: int | None = None) -> None:
        """`weights`: an .xml, .onnx, .tflite or .pb file, else that of `find_weights`. Raises WeightsMissing."""
        self.weights = find_weights(self.NAME) if weights is None else weights
        self._runtime = OpenVINORuntime(threads)
        self._shape = _input_shape(self.weights)
        self._networks: dict[tuple[int, int], Network] = {}

    def people(self, frame: Frame, *, thorough: bool = True) -> list[Person]:
        """Everyone with four joints or more. `thorough` makes no difference: the whole frame is always seen."""
        heat, fields, cell = self._run(frame)
        people = []
        for joints in find_people(heat, fields):
            joints[:, :2] = joints[:, :2] * cell - 0.5  # from corners of cells to centres of pixels
            joints[:, 2] = np.clip(joints[:, 2], 0, 1)
            box = person_box(joints)
            if box is not None:
                people.append(Person(box, joints))
        return people

    def follow(self, frame: Frame, last: Person) -> Person | None:
        """Whoever is closest to `last`, if they are close enough to be the same person."""
        person, distance = nearest(self.people(frame), last)
        return person if distance < NEAR else None

    def _run(self, frame: Frame) -> tuple[NDArray[np.float32], NDArray[np.float32], float]:
        """Heat maps [h, w, 19], fields [h, w, 38] and the side of their cells in px of the frame."""
        height, width = self._picture_size(frame)
        scale = min(width / frame.shape[1], height / frame.shape[0])
        inside = (min(round(frame.shape[1] * scale), width), min(round(frame.shape[0] * scale), height))
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        small = cv2.resize(frame, inside, interpolation=how)
        picture = np.zeros((height, width, 3), np.float32)
        picture[: inside[1], : inside[0]] = small[:, :, ::-1]
        channels_first = self._shape[1] == 3
        batch = np.ascontiguousarray(picture.transpose(2, 0, 1) if channels_first else picture)[None]
        outputs = self._network(height, width)(batch)
        maps = [output[0].transpose(1, 2, 0) if channels_first else output[0] for output in outputs]
        heat, fields = self._split(maps)
        return heat, fields, width / heat.shape[1] / scale

    def _split(self, maps: list[NDArray[np.float32]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Heat maps and fields, told apart by their number of channels; one output has both, heat maps first."""
        by_channels = {output.shape[2]: output for output in maps}
        both = by_channels.get(HEAT_MAPS + FIELDS)
        if both is not None:
            return both[:, :, :HEAT_MAPS], both[:, :, HEAT_MAPS:]
        if HEAT_MAPS not in by_channels or FIELDS not in by_channels:
            raise WeightsMissing(f"{self.weights.name} is not an OpenPose network of 18 joints. Give another file.")
        return by_channels[HEAT_MAPS], by_channels[FIELDS]

    def _picture_size(self, frame: Frame) -> tuple[int, int]:
        """Height and width the network is given.

        An IR's own size is a limit, turned for upright frames: a 256x456 network is as good and faster at
        256x264 than with bars. Other files keep their size and get bars; tf-pose's graph normalises by the
        statistics of each picture, and was best so.
        """
        height, width = self._shape[2:] if self._shape[1] == 3 else self._shape[1:3]
        if self.weights.suffix != ".xml":
            return height, width
        if (frame.shape[0] > frame.shape[1]) != (height > width):
            height, width = width, height
        scale = min(height / frame.shape[0], width / frame.shape[1])
        return _round_up(frame.shape[0] * scale), _round_up(frame.shape[1] * scale)

    def _network(self, height: int, width: int) -> Network:
        if (height, width) not in self._networks:
            shape = (1, 3, height, width) if self._shape[1] == 3 else (1, height, width, 3)
            self._networks = {(height, width): self._runtime.open_model(self.weights, shape)}
        return self._networks[height, width]


def _input_shape(path: Path) -> tuple[int, int, int, int]:
    """The network's input, [1, 3, H, W] or [1, H, W, 3], sizes it leaves open filled in. Raises WeightsMissing."""
    if not path.is_file():
        raise WeightsMissing(f"The weights {path.name} are not at {path.parent}. Give the path of the file.")
    try:
        shape = core().read_model(path).inputs[0].partial_shape
    except RuntimeError as error:
        raise WeightsMissing(
            f"{path.name} cannot be read as a network. Copy it again, an .xml file together with its .bin."
        ) from error
    sizes = [FREE_SIDE if size.is_dynamic else size.get_length() for size in shape]
    if len(sizes) != 4 or 3 not in (sizes[1], sizes[3]):
        raise WeightsMissing(f"{path.name} does not take pictures. Give an OpenPose network of 18 joints.")
    return 1, sizes[1], sizes[2], sizes[3]


def _round_up(length: float) -> int:
    return max(-(-round(length) // STRIDE) * STRIDE, STRIDE)
