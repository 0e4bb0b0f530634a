"""Writing an mp4 that every browser plays, whole or not at all."""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import ExitStack, suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter
from av.video.stream import VideoStream

from posetransfer.errors import OutOfSpace, ShapeError, VideoError
from posetransfer.types import Frame, check_frame
from posetransfer.video.limits import LOCAL
from posetransfer.video.sound import Sound, SoundTrack

# CPU time for a frame of 256 and 512 px on two cores: ultrafast 1.1 and 3.4 ms, veryfast 1.5 and 5.9 ms in about
# a third of the bytes at the same crf; making a frame takes 10 to 50 ms, so the smaller file wins
PRESET = "veryfast"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FINEST_RATE = 10**6  # the limit of a rate's denominator; mp4 counts its ticks in 32 bits

Seal = Callable[[Path, Path], None]


class VideoWriter:
    """Writes frames as H.264 (yuv420p, BT.709, limited range) at an exact rate, with the sound of another video.

    A with-block. The file grows beside the target as `<stem>.partial.mp4` and takes the target's place when the block
    ends well; when it ends with an error, is cancelled, or no frame was written, it is removed and an older target
    stays as it was. size: (width, height) px of the frames; odd sides are made even by repeating the last row or
    column, as the codec needs it. crf: x264's quality, lower is better. sound_from: a video whose sound is laid
    under the frames from its second `start` on, for `duration` seconds at most and never longer than the frames.
    comment: text for the file's metadata. seal: makes of the finished file (first path) the one that is kept (second).
    Raises OutOfSpace if the disk is full or the folder cannot be written to, VideoError for what cannot be coded.
    """

    def __init__(
        self,
        path: str | Path,
        fps: Fraction,
        size: tuple[int, int],
        *,
        crf: int = 18,
        sound_from: str | Path | None = None,
        start: float = 0.0,
        duration: float | None = None,
        comment: str | None = None,
        seal: Seal | None = None,
    ) -> None:
        self.path = Path(path)
        self.partial = self.path.with_name(f"{self.path.stem}.partial.mp4")
        self._fps = Fraction(fps).limit_denominator(FINEST_RATE)
        self._size = size
        self._crf = crf
        self._sound_from = sound_from
        self._start = Fraction(start)
        self._duration = None if duration is None else Fraction(duration)
        self._comment = comment
        self._seal = seal
        self._open = ExitStack()
        self._track: SoundTrack | None = None
        self._reformatter = VideoReformatter()
        self._written = 0
        if self.path.suffix.lower() != ".mp4":
            raise VideoError(f"{self.path.name} would be an mp4 video. Choose a name that ends in .mp4.")
        if not 0 < self._fps <= 1000 or min(size) < 1:
            raise VideoError(
                f"A video of {size[0]}x{size[1]} px at {float(self._fps):g} frames a second is not possible."
            )

    def __enter__(self) -> VideoWriter:
        try:
            self._container = av.open(str(self.partial), "w", format="mp4", options=self._mp4_options())
            self._open.callback(self._container.close)
            self._stream = self._picture_stream(self._container)
            if self._sound_from is not None:
                sound = self._open.enter_context(Sound(self._sound_from, LOCAL, self._start))
                self._track = SoundTrack(self._container, sound) if sound.found else None
            self._container.start_encoding()
        except BaseException as error:
            self._discard()
            raise self._explained(error) from error
        return self

    def write(self, frame: Frame) -> None:
        """Append a frame, [height, width, 3] RGB of the writer's size. Raises ShapeError, OutOfSpace."""
        check_frame(frame)
        width, height = self._size
        if frame.shape[:2] != (height, width):
            raise ShapeError(f"A frame of {frame.shape[1]}x{frame.shape[0]} does not fit a video of {width}x{height}.")
        picture = self._yuv(frame)
        picture.pts = self._written
        picture.time_base = 1 / self._fps
        try:
            self._container.mux(self._stream.encode(picture))
            self._written += 1
            if self._track is not None:
                self._container.mux(list(self._track.until(self._sound_end())))
        except av.FFmpegError as error:
            raise self._explained(error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._discard()
            return
        try:
            self._finish()
        except BaseException as failure:
            self._discard()
            raise self._explained(failure) from failure

    def _finish(self) -> None:
        """End the streams, move the index to the front and put the file in its place."""
        if not self._written:
            raise VideoError("No frame was made, so no video was written. Check the start and the end.")
        self._container.mux(self._stream.encode(None))
        if self._track is not None:
            self._container.mux(list(self._track.finish(self._sound_end())))
        self._open.close()
        if self._seal is not None:
            sealed = self.path.with_name(f"{self.path.stem}.sealed.partial.mp4")
            try:
                self._seal(self.partial, sealed)
                sealed.replace(self.partial)
            finally:
                sealed.unlink(missing_ok=True)
        self.partial.replace(self.path)

    def _discard(self) -> None:
        """Close what is open and remove the unfinished file."""
        with suppress(av.FFmpegError, OSError):  # a full disk refuses the index too; the file goes anyway
            self._open.close()
        with suppress(OSError):
            self.partial.unlink()

    def _sound_end(self) -> Fraction:
        """Where the sound must end by now, in seconds."""
        pictures = self._written / self._fps
        return pictures if self._duration is None else min(pictures, self._duration)

    def _mp4_options(self) -> dict[str, str]:
        """The index in front, so that playing starts while loading, and a movie clock in which a frame is a whole
        number of ticks: mp4's usual milliseconds would round the duration."""
        scale = self._fps.numerator * max(round(10_000 / self._fps.numerator), 1)
        return {"movflags": "+faststart", "movie_timescale": str(scale)}

    def _picture_stream(self, container: OutputContainer) -> VideoStream:
        container.metadata.update({"comment": self._comment} if self._comment else {})
        stream = container.add_stream("libx264", rate=self._fps, options={"preset": PRESET, "crf": str(self._crf)})
        codec = stream.codec_context
        codec.width, codec.height = (side + side % 2 for side in self._size)
        codec.pix_fmt = "yuv420p"
        codec.time_base = 1 / self._fps
        codec.color_range = ColorRange.MPEG
        codec.colorspace = Colorspace.ITU709
        codec.color_primaries = ColorPrimaries.BT709
        codec.color_trc = ColorTrc.BT709
        return stream

    def _yuv(self, frame: Frame) -> VideoFrame:
        height, width = frame.shape[:2]
        if height % 2 or width % 2:
            frame = np.asarray(cv2.copyMakeBorder(frame, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE), np.uint8)
        return self._reformatter.reformat(
            VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )

    def _explained(self, error: BaseException) -> BaseException:
        """The sentence for an error of the file system or the encoder; other errors as they are."""
        code = getattr(error, "errno", None)
        if isinstance(error, VideoError) or not isinstance(error, (av.FFmpegError, OSError)):
            return error
        if code in FULL:
            return OutOfSpace(f"There is no space left to write {self.path.name}. Free some, or choose another disk.")
        if isinstance(error, OSError):
            return OutOfSpace(f"{self.path.name} cannot be written in its folder. Choose a folder that is yours.")
        return VideoError(f"{self.path.name} cannot be coded ({error}). Try another size or rate.")
