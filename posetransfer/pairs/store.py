"""Training pairs on disk: written once, read at random, in memory that does not grow with the clip."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self

import cv2
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from posetransfer.errors import OutOfSpace, TrainingError
from posetransfer.places import file_hash
from posetransfer.types import Face, Frame, Pose, check_frame, check_shape, unseen_face, unseen_pose

JPEG_QUALITY = 95  # with colour at full resolution: about 25 KB a picture of 256 px, errors of about one level
TARGETS, SOURCES, INDEX = "targets.jpegs", "sources.jpegs", "index.safetensors"
NO_SOURCE = -1


class Pair(NamedTuple):
    """One example: what the network is shown, and what it should make of it. All in window pixels.

    pose, face: the driver's; source: the driver's picture, or None where it is not kept;
    target: the target's picture; target_pose, target_face: where the target is in that picture.
    """

    pose: Pose
    face: Face
    source: Frame | None
    target: Frame
    target_pose: Pose
    target_face: Face


class PictureFile:
    """JPEG pictures one after the other in a file; `ends` are the byte places where each ends."""

    def __init__(self, path: Path, ends: NDArray[np.int64]) -> None:
        self.path = path
        self.ends = ends

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, index: int) -> Frame:
        start = int(self.ends[index - 1]) if index else 0
        with self.path.open("rb") as file:
            file.seek(start)
            data = np.frombuffer(file.read(int(self.ends[index]) - start), np.uint8)
        bgr = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
        if bgr is None:
            raise TrainingError(f"The training pictures in {self.path.parent} are damaged. Start the training anew.")
        return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)


class PairWriter:
    """Writes a store: the target's pictures first, then the pairs that point to them.

    with PairWriter(folder, size=256) as writer:
        index = writer.add_target(frame, pose, face)
        writer.add_pair(index)                                # the target's own pose is the driver's
        writer.add_pair(index, pose_of_a, face_of_a, picture_of_a)

    The index is written last, under its own name only when all is there: a store that was not finished
    does not open. Raises ShapeError for a picture of another size.
    """

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.size = size
        self._target_poses: list[Pose] = []
        self._target_faces: list[Face] = []
        self._pairs: list[tuple[int, int]] = []
        self._poses: list[Pose] = []
        self._faces: list[Face] = []
        self._ends: dict[str, list[int]] = {TARGETS: [], SOURCES: []}
        self._files: dict[str, BinaryIO] = {}

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / INDEX).unlink(missing_ok=True)
        self._files = {name: (self.folder / name).open("wb") for name in (TARGETS, SOURCES)}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()
        if kind is None:
            self._write_index()

    def add_target(self, frame: Frame, pose: Pose | None = None, face: Face | None = None) -> int:
        """Keep a picture of the target; gives the number by which pairs point to it."""
        self._add_picture(TARGETS, frame)
        self._target_poses.append(unseen_pose() if pose is None else pose)
        self._target_faces.append(unseen_face() if face is None else face)
        return len(self._target_poses) - 1

    def add_pair(
        self, target: int, pose: Pose | None = None, face: Face | None = None, source: Frame | None = None
    ) -> None:
        """Pair a driver's pose, face and picture with a target's picture; without a pose, the target's own."""
        if pose is None:
            pose, face = self._target_poses[target], self._target_faces[target]
        self._poses.append(pose)
        self._faces.append(unseen_face() if face is None else face)
        number = NO_SOURCE
        if source is not None:
            self._add_picture(SOURCES, source)
            number = len(self._ends[SOURCES]) - 1
        self._pairs.append((number, target))

    def _add_picture(self, name: str, frame: Frame) -> None:
        check_frame(frame)
        check_shape("A training picture", frame, (self.size, self.size, 3))
        options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
        options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
        _, data = cv2.imencode(".jpg", cv2.cvtColor(frame, cv2.COLOR_RGB2BGR), options)
        try:
            self._files[name].write(data.tobytes())
        except OSError as error:
            raise OutOfSpace(f"The training pictures cannot be written to {self.folder}: {error.strerror}.") from error
        ends = self._ends[name]
        ends.append((ends[-1] if ends else 0) + len(data))

    def _write_index(self) -> None:
        count, targets = len(self._pairs), len(self._target_poses)
        tensors: dict[str, NDArray[np.generic]] = {
            "pairs": np.array(self._pairs, np.int64).reshape(count, 2),
            "poses": np.array(self._poses, np.float32).reshape(count, 18, 3),
            "faces": np.array(self._faces, np.float32).reshape(count, 68, 2),
            "target_poses": np.array(self._target_poses, np.float32).reshape(targets, 18, 3),
            "target_faces": np.array(self._target_faces, np.float32).reshape(targets, 68, 2),
            "target_ends": np.array(self._ends[TARGETS], np.int64),
            "source_ends": np.array(self._ends[SOURCES], np.int64),
            "size": np.array([self.size], np.int64),
        }
        partial = self.folder / f"{INDEX}.partial"
        try:
            save_file(tensors, partial)
            partial.replace(self.folder / INDEX)
        except (OSError, SafetensorError) as error:
            raise OutOfSpace(f"The training pairs cannot be written to {self.folder} ({error}). Make room.") from error


@dataclass(frozen=True)
class PairStore:
    """Pairs that `PairWriter` wrote. `store[i]` reads one from the disk."""

    size: int
    pairs: NDArray[np.int64]  # [N, 2]: number of the source picture (-1: none) and of the target picture
    poses: NDArray[np.float32]  # [N, 18, 3]
    faces: NDArray[np.float32]  # [N, 68, 2]
    target_poses: NDArray[np.float32]  # [M, 18, 3]
    target_faces: NDArray[np.float32]  # [M, 68, 2]
    targets: PictureFile
    sources: PictureFile
    fingerprint: str  # SHA-256 of the index: the same pairs in the same order

    @classmethod
    def open(cls, folder: Path) -> PairStore:
        """Open a finished store. Raises TrainingError if there is none."""
        try:
            index = load_file(folder / INDEX)
            fingerprint = file_hash(folder / INDEX)
            return cls(
                size=int(index["size"][0]),
                targets=PictureFile(folder / TARGETS, index["target_ends"]),
                sources=PictureFile(folder / SOURCES, index["source_ends"]),
                fingerprint=fingerprint,
                **{name: index[name] for name in ("pairs", "poses", "faces", "target_poses", "target_faces")},
            )
        except (OSError, KeyError, SafetensorError) as error:
            raise TrainingError(
                f"There are no finished training pairs in {folder}. Prepare the footage again."
            ) from error

    def part(self, which: slice) -> PairStore:
        """Some of the pairs, as a store of their own over the same files."""
        fingerprint = hashlib.sha256(f"{self.fingerprint} {which.start} {which.stop} {which.step}".encode())
        return replace(
            self,
            pairs=self.pairs[which],
            poses=self.poses[which],
            faces=self.faces[which],
            fingerprint=fingerprint.hexdigest(),
        )

    def __len__(self) -> int:
        return len(self.pairs)

    def __getitem__(self, index: int) -> Pair:
        source, target = (int(number) for number in self.pairs[index])
        return Pair(
            pose=self.poses[index],
            face=self.faces[index],
            source=None if source == NO_SOURCE else self.sources[source],
            target=self.targets[target],
            target_pose=self.target_poses[target],
            target_face=self.target_faces[target],
        )
