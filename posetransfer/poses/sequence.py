"""Pose sequences on disk, and mirrored."""

from __future__ import annotations

import io
import json
import os
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posetransfer.errors import OutOfSpace, PoseTransferError
from posetransfer.poses.skeleton import MIRRORED
from posetransfer.types import PoseSequence

FORMAT = 1  # raised when what a file holds changes

# point i of the mirrored face is point FACE_MIRRORED[i] of the face, in dlib's order of 68:
# jaw, brows, bridge and base of the nose, eyes, outer lips, inner lips
FACE_MIRRORED = (
    *range(16, -1, -1), *range(26, 16, -1), 27, 28, 29, 30, 35, 34, 33, 32, 31,
    45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40,
    54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65,
)  # fmt: skip


def save_sequence(sequence: PoseSequence, path: Path, facts: Mapping[str, Any] | None = None) -> None:
    """Write a sequence as .npz, with facts about it that JSON can hold. Raises OutOfSpace.

    Written beside the path first and then renamed: a stop half-way leaves no half file.
    """
    arrays: dict[str, NDArray[Any]] = {
        "format": np.array(FORMAT),
        "joints": sequence.joints,
        "faces": sequence.faces,
        "size": np.array(sequence.size),
        "fps": np.array([sequence.fps.numerator, sequence.fps.denominator]),
        "facts": np.array(json.dumps(dict(facts or {}))),
    }
    if sequence.world is not None:
        arrays["world"] = sequence.world
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            np.savez_compressed(file, **arrays)
        partial.replace(path)
    except OSError as error:
        raise OutOfSpace(f"{path.name} cannot be written to {path.parent}: {error.strerror or error}.") from error
    finally:
        partial.unlink(missing_ok=True)


def load_sequence(path: Path) -> PoseSequence:
    """Read what `save_sequence` wrote. Raises PoseTransferError if it is missing, damaged or of a newer format."""
    return load_with_facts(path)[0]


def load_with_facts(path: Path) -> tuple[PoseSequence, dict[str, Any]]:
    """A sequence and the facts that were saved with it. Raises as `load_sequence`."""
    try:
        with zipfile.ZipFile(path) as archive:
            arrays = {name.removesuffix(".npy"): _array(archive, name) for name in archive.namelist()}
        return _from_arrays(arrays, path.name)
    except FileNotFoundError as error:
        raise PoseTransferError(f"There are no poses at {path}. Check the path.") from error
    except (OSError, EOFError, ValueError, KeyError, TypeError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise PoseTransferError(f"{path.name} is damaged or holds no poses. Make it again from the video.") from error


def _array(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    # np.load on the whole file would take other formats too, and leaks a handle where the archive is damaged
    array: NDArray[Any] = np.load(io.BytesIO(archive.read(name)), allow_pickle=False)
    return array


def _from_arrays(arrays: dict[str, NDArray[Any]], name: str) -> tuple[PoseSequence, dict[str, Any]]:
    if int(arrays["format"]) > FORMAT:
        raise PoseTransferError(f"{name} was written by a newer posetransfer. Update this one to read it.")
    width, height = (int(v) for v in arrays["size"])
    numerator, denominator = (int(v) for v in arrays["fps"])
    if min(width, height, numerator, denominator) <= 0:
        raise ValueError("a size or a rate that is not positive")
    world = arrays.get("world")
    sequence = PoseSequence(
        joints=arrays["joints"].astype(np.float32, copy=False),
        faces=arrays["faces"].astype(np.float32, copy=False),
        size=(width, height),
        fps=Fraction(numerator, denominator),
        world=None if world is None else world.astype(np.float32, copy=False),
    )
    return sequence, json.loads(str(arrays["facts"]))


def mirror(sequence: PoseSequence) -> PoseSequence:
    """The same performance as a mirror shows it: left is right.

    Whole numbers are the centres of pixels, so x becomes width - 1 - x: what frame[:, ::-1] does to frames.
    World x, in metres from the hips, becomes -x.
    """
    last = np.float32(sequence.size[0] - 1)
    joints = sequence.joints[:, MIRRORED].copy()
    joints[..., 0] = last - joints[..., 0]
    faces = sequence.faces[:, FACE_MIRRORED].copy()
    faces[..., 0] = last - faces[..., 0]
    world = None
    if sequence.world is not None:
        world = sequence.world[:, MIRRORED].copy()
        world[..., 0] = -world[..., 0]
    return replace(sequence, joints=joints, faces=faces, world=world)
