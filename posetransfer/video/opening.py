"""Opening a video file safely: only files, only video containers, and every failure as a sentence."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from posetransfer.errors import LimitPassed, NoPictures, NotAVideo, VideoError
from posetransfer.video.limits import Limits, check_bytes

# Without the list a text file named .mp4 is opened as a play list and decodes whatever file it names, and
# a renamed picture is a video of one frame. Of these containers none opens a second file by itself.
CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts"
KINDS = "mp4, mov, mkv, webm, avi or ts"
IO_SECONDS = 20.0  # one read, or the whole of opening; a disk that is slower than this is broken
PICTURE_BRANDS = {"avif", "heic", "heix", "heim", "heis", "mif1", "jpeg"}  # pictures in mp4's boxes, by their ftyp
STILL = Disposition.attached_pic | Disposition.still_image | Disposition.timed_thumbnails


@dataclass(frozen=True)
class OpenVideo:
    """An open file and the picture stream that is read from it."""

    name: str
    container: InputContainer
    stream: VideoStream

    @property
    def is_avi(self) -> bool:
        return self.container.format.name == "avi"


@contextmanager
def open_container(path: str | Path, limits: Limits) -> Iterator[InputContainer]:
    """Open a video file for as long as the with-block lasts. Raises NotAVideo, LimitPassed."""
    file = Path(path)
    _check_file(file, limits)
    options = {
        "protocol_whitelist": "file",
        "format_whitelist": CONTAINERS,
        "max_pixels": str(limits.coded_pixels),  # probing decodes a frame: it must not allocate a hostile one
    }
    try:
        # resolved, so that a name with a colon is never taken for a protocol
        container = av.open(
            str(file.resolve()), "r", options=options, metadata_errors="replace", timeout=(IO_SECONDS, IO_SECONDS)
        )
    except (av.FFmpegError, MemoryError) as error:
        raise explain(error, file.name) from error
    try:
        yield container
    finally:
        container.close()


@contextmanager
def open_video(path: str | Path, limits: Limits) -> Iterator[OpenVideo]:
    """Open a file and choose its picture stream. Raises NotAVideo, NoPictures, LimitPassed."""
    name = Path(path).name
    with open_container(path, limits) as container:
        stream = _picture_stream(container, name)
        stream.thread_type = "AUTO"
        stream.codec_context.options = {"max_pixels": str(limits.coded_pixels)}
        yield OpenVideo(name, container, stream)


def explain(error: Exception, name: str) -> VideoError:
    """The sentence for what PyAV says of the file `name`."""
    code = getattr(error, "errno", None)
    if isinstance(error, MemoryError):
        return LimitPassed(f"{name} needs more memory than there is. Convert it to a smaller mp4 and try again.")
    if isinstance(error, (av.error.ExitError, av.error.TimeoutError)):
        return LimitPassed(f"{name} takes too long to open. Convert it to mp4 and try again.")
    if code in (errno.EACCES, errno.EPERM):
        return NotAVideo(f"{name} may not be read. Change its permissions, or copy it to a folder of your own.")
    if code == errno.EINVAL:
        return NotAVideo(f"{name} is not a video in a container that is read here. Convert it to {KINDS}.")
    return NotAVideo(f"{name} is damaged or not a video. Try another copy, or convert it to mp4.")


def _check_file(file: Path, limits: Limits) -> None:
    try:
        if not file.exists():
            raise NotAVideo(f"There is no file {file.name}. Check the path.")
        if not file.is_file():  # a pipe would hang, a folder has no pictures
            raise NotAVideo(f"{file.name} is not a file. Choose a video file.")
        if file.stat().st_size == 0:
            raise NotAVideo(f"{file.name} is empty. Copy or download it again.")
        check_bytes(file, limits)
    except (OSError, ValueError) as error:  # a folder without permission, a name too long or with a null in it
        if isinstance(error, VideoError):
            raise
        raise NotAVideo("This path cannot be read. Check its name and permissions.") from error


def _picture_stream(container: InputContainer, name: str) -> VideoStream:
    """The largest moving-picture stream that can be decoded, the first of equals."""
    pictures = container.streams.video
    if container.metadata.get("major_brand", "").strip() in PICTURE_BRANDS:
        raise NotAVideo(f"{name} is a picture, not a video. Choose a video file.")
    moving = [stream for stream in pictures if not stream.disposition & STILL]
    if not moving:
        raise NoPictures(f"{name} has no moving pictures, only sound or a cover. Choose a video file.")
    known = [stream for stream in moving if stream.codec_context is not None]
    if not known:
        raise NotAVideo(f"The pictures of {name} are coded in a way that cannot be read. Convert it to mp4 (H.264).")
    return max(known, key=lambda stream: stream.width * stream.height)
