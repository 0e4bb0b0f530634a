"""What is known of a rendered reel: where the performer's joints truly are, in the picture and in the room."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posetransfer.errors import PoseTransferError, ShapeError
from posetransfer.types import FACE_POINTS, JOINTS, PoseSequence, check_shape


@dataclass(frozen=True)
class Truth:
    """The joints.npz beside a rendered reel; joints in the order of `Pose`, hidden ones too.

    pixels: [T, 18, 2] px of the rendered picture, where pixel centres are at .5; size: its side in px;
    metres: [T, 18, 3], x the picture's right, y away from the camera, z up; camera: [3] m, where it stands. It looks
    along y.
    """

    pixels: NDArray[np.float32]
    metres: NDArray[np.float32]
    camera: NDArray[np.float64]
    size: int

    def __post_init__(self) -> None:
        count = len(self.pixels)
        check_shape("pixels", self.pixels, (count, JOINTS, 2))
        check_shape("metres", self.metres, (count, JOINTS, 3))
        check_shape("camera_place", self.camera, (3,))

    def __len__(self) -> int:
        return len(self.pixels)

    def poses(self, picture: tuple[int, int], fps: Fraction) -> PoseSequence:
        """The joints in px of the reel's pictures of (width, height), whole numbers at pixel centres.

        Joints outside the picture are unseen; hidden ones are seen, with confidence 1. There are no faces.
        """
        places = self.pixels * (np.array(picture, np.float32) / self.size) - np.float32(0.5)
        joints = np.concatenate([places, np.ones_like(places[..., :1])], axis=-1)
        faces = np.full((len(self), FACE_POINTS, 2), np.nan, np.float32)
        return PoseSequence(only_inside(joints, picture), faces, picture, fps)


def only_inside(joints: NDArray[np.float32], picture: tuple[int, int]) -> NDArray[np.float32]:
    """Joints [T, 18, 3] px, those outside a picture of (width, height) made unseen."""
    places = joints[..., :2]
    inside = ((places >= -0.5) & (places < np.array(picture) - 0.5)).all(axis=-1)
    unseen = np.array([np.nan, np.nan, 0], np.float32)
    return np.where(inside[..., None], joints, unseen)


def load_truth(path: Path) -> Truth:
    """Read a joints.npz. Raises PoseTransferError if it is missing, damaged or of other shapes."""
    try:
        with zipfile.ZipFile(path) as archive:
            arrays = {name.removesuffix(".npy"): _array(archive, name) for name in archive.namelist()}
        return Truth(
            arrays["pixels"].astype(np.float32),
            arrays["metres"].astype(np.float32),
            arrays["camera_place"].astype(np.float64),
            int(arrays["size"]),
        )
    except FileNotFoundError as error:
        raise PoseTransferError(f"There are no joints at {path}. Check the path.") from error
    except ShapeError as error:
        raise PoseTransferError(f"{path.name} does not hold the joints of a reel: {error}") from error
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        raise PoseTransferError(
            f"{path.name} is damaged or holds no joints. Give the joints.npz of the rendered reel."
        ) from error


def _array(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    array: NDArray[Any] = np.load(io.BytesIO(archive.read(name)), allow_pickle=False)
    return array
