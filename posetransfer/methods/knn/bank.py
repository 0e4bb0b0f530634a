"""The target's own frames with their poses, on disk, any frame at once: what nearest neighbours choose from.

poses.safetensors   joints [N, 18, 3] float32 in window pixels
frames.mp4          H.264 with a key frame every `KEY_EVERY`, no B-frames: a frame is at most 7 others away
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import av
import av.container
import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from posetransfer.errors import CheckpointError, OutOfSpace, TrainingError
from posetransfer.streams import closing_source
from posetransfer.types import Frame, PoseSequence, check_shape

POSES: Final = "poses.safetensors"
FRAMES: Final = "frames.mp4"
KEY_EVERY = 8  # a third of the bytes of key frames alone (2.1 MB for 6.3 a minute at 256 px) at twice the decode time
QUALITY = 18  # x264's constant rate factor
CACHE_BYTES = 32 << 20  # of decoded frames: 170 at 256 px, so that a dance that repeats itself is not decoded again


@dataclass(frozen=True)
class BankFacts:
    """What config.json says of a bank; the files must agree. size: px; frames: how many; fps: exact rate."""

    size: int
    frames: int
    fps: Fraction

    def to_json(self) -> dict[str, Any]:
        return {"size": self.size, "frames": self.frames, "fps": str(self.fps)}

    @classmethod
    def from_json(cls, section: dict[str, Any]) -> BankFacts:
        """Raises CheckpointError where the section is not what `to_json` writes."""
        try:
            return cls(int(section["size"]), int(section["frames"]), Fraction(str(section["fps"])))
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            raise CheckpointError(f"The target's frame bank is not described as it should be ({error}).") from error


def write_bank(folder: Path, frames: Iterable[Frame], poses: PoseSequence) -> BankFacts:
    """Write a bank of square window frames [size, size, 3] and their poses, one for one, holding one frame at a time.

    Raises TrainingError if the frames and the poses are not as many, OutOfSpace if they cannot be written.
    """
    width, height = poses.size
    partial = folder / (FRAMES + ".partial")
    try:
        with av.open(str(partial), "w", format="mp4") as container, closing_source(frames) as source:
            count = _encode(container, source, (width, height), poses.fps)
        if count != len(poses):
            raise TrainingError(f"The target video has {count} frames but {len(poses)} poses. Estimate them again.")
        joints = np.ascontiguousarray(poses.joints, np.float32)
        save_file({"joints": joints}, folder / POSES)
        partial.replace(folder / FRAMES)
    except (OSError, SafetensorError) as error:
        raise OutOfSpace(f"The target's frames cannot be written to {folder} ({error}). Make room.") from error
    finally:
        partial.unlink(missing_ok=True)
    return BankFacts(width, count, poses.fps)


def _encode(
    container: av.container.OutputContainer, frames: Iterator[Frame], size: tuple[int, int], fps: Fraction
) -> int:
    """Encode frames of (width, height) px, odd sizes with their last row and column twice; gives their count."""
    width, height = size
    stream = container.add_stream("libx264", rate=fps)
    stream.width, stream.height, stream.pix_fmt = width + width % 2, height + height % 2, "yuv420p"
    params = f"keyint={KEY_EVERY}:min-keyint={KEY_EVERY}:scenecut=0:bframes=0"
    stream.options = {"crf": str(QUALITY), "preset": "medium", "x264-params": params}
    count = 0
    for frame in frames:
        check_shape("A frame of the bank", frame, (height, width, 3))
        even: Frame = np.asarray(
            cv2.copyMakeBorder(frame, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE), np.uint8
        )
        picture = VideoFrame.from_ndarray(even, format="rgb24")
        picture.pts, picture.time_base = count, 1 / fps
        container.mux(stream.encode(picture))
        count += 1
    container.mux(stream.encode(None))
    return count


class Bank:
    """A bank that `write_bank` wrote. `bank[i]` is frame i, [size, size, 3]; `joints` are the poses [N, 18, 3].

    Frames are decoded when asked for; the last used are kept, up to `cache_bytes`. Threads may share it.
    Raises CheckpointError if the files and `facts` do not agree.
    """

    def __init__(self, folder: Path, facts: BankFacts, *, cache_bytes: int = CACHE_BYTES) -> None:
        self.folder, self.facts = folder, facts
        self.joints = _read_joints(folder, facts)
        self._video = _FrameFile(folder / FRAMES, facts)
        self._cached: OrderedDict[int, Frame] = OrderedDict()
        self._room = max(cache_bytes // (facts.size * facts.size * 3), 1)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return self.facts.frames

    def __getitem__(self, index: int) -> Frame:
        with self._lock:
            if index not in self._cached:
                self._cached[index] = self._video.read(index)
                if len(self._cached) > self._room:
                    self._cached.popitem(last=False)
            self._cached.move_to_end(index)
            return self._cached[index].copy()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; the next read opens it again."""
        with self._lock:
            self._video.close()


class _FrameFile:
    """Frame i of a video with frequent key frames. It stays open between reads, for frames played in a row."""

    def __init__(self, path: Path, facts: BankFacts) -> None:
        self.path, self.facts = path, facts
        self._container: av.container.InputContainer | None = None
        self._ahead: Iterator[VideoFrame] = iter(())
        self._next = 0  # the frame that `_ahead` gives next
        self._open()
        self.close()

    def read(self, index: int) -> Frame:
        """Frame `index` as [size, size, 3]. Raises IndexError outside the file, CheckpointError if it is damaged."""
        if not 0 <= index < self.facts.frames:
            raise IndexError(f"The bank has {self.facts.frames} frames; there is no frame {index}.")
        try:
            if self._container is None or not self._next <= index < self._next + KEY_EVERY:
                self._seek(index)
            for picture in self._ahead:
                self._next = self._index(picture) + 1
                if self._next > index:
                    size = self.facts.size
                    return np.ascontiguousarray(picture.to_ndarray(format="rgb24")[:size, :size])
        except av.FFmpegError as error:
            raise CheckpointError(f"{self.path.name} of the target is damaged. Get the target again.") from error
        raise CheckpointError(f"{self.path.name} of the target ends before frame {index}. Get the target again.")

    def close(self) -> None:
        if self._container is not None:
            self._container.close()
            self._container, self._ahead = None, iter(())

    def _seek(self, index: int) -> None:
        container = self._container or self._open()
        stream = container.streams.video[0]
        assert stream.time_base is not None
        container.seek(round(index / self.facts.fps / stream.time_base), stream=stream)
        self._ahead = container.decode(stream)
        self._next = index

    def _index(self, picture: VideoFrame) -> int:
        assert picture.pts is not None and picture.time_base is not None
        return round(picture.pts * picture.time_base * self.facts.fps)

    def _open(self) -> av.container.InputContainer:
        """Open the file and check that it is the one described; its index is read, no frame is decoded."""
        try:
            # a target may come from anywhere: its file must not make the demuxer open others
            options = {"protocol_whitelist": "file", "format_whitelist": "mov,mp4"}
            container = av.open(str(self.path.resolve()), "r", format="mp4", options=options)
            stream = container.streams.video[0]
        except (OSError, IndexError, av.FFmpegError) as error:
            raise CheckpointError(f"The target lacks its {self.path.name}, or it is damaged. Get it again.") from error
        even = self.facts.size + self.facts.size % 2
        if (stream.width, stream.height, stream.frames) != (even, even, self.facts.frames):
            container.close()
            raise CheckpointError(
                f"{self.path.name} of the target has {stream.frames} frames of {stream.width}x{stream.height} px, but "
                f"{self.facts.frames} of {even}x{even} px are described. Get the target again."
            )
        stream.thread_type = "NONE"  # frame threads would decode ahead of what a jump asks for
        self._container = container
        return container


def _read_joints(folder: Path, facts: BankFacts) -> NDArray[np.float32]:
    try:
        tensors = load_file(folder / POSES)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"The target lacks its {POSES}, or it is damaged. Get it again.") from error
    shapes = {name: (tensor.shape, str(tensor.dtype)) for name, tensor in tensors.items()}
    if shapes != {"joints": ((facts.frames, 18, 3), "float32")}:
        raise CheckpointError(f"{POSES} of the target does not hold the {facts.frames} poses it should: {shapes}.")
    return tensors["joints"]
