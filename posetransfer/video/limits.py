"""How big a video may be, held before and while it is decoded, because what a file's header says may be a lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from posetransfer.errors import LimitPassed


@dataclass(frozen=True)
class Limits:
    """What a video may ask of this machine; None is no limit.

    max_width, max_height, max_pixels: of a stored frame, px; max_bytes: of the file; max_frames and max_seconds:
    of what is read (a cut may be shorter than the file); decode_seconds: time in the decoder for one whole
    reading; stall_seconds: time in the decoder without one picture coming out.

    A stall is the only limit on time that is on by default: the slowest honest frame (4096x4096, 10 bits,
    two busy cores) takes about half a second, so ten seconds without any ends a hostile file and nothing else,
    however long the video is.
    """

    max_width: int = 4096
    max_height: int = 4096
    max_pixels: int = 4096 * 4096
    max_bytes: int = 4 * 1024**3
    max_frames: int | None = None
    max_seconds: float | None = None
    decode_seconds: float | None = None
    stall_seconds: float = 10.0

    @property
    def coded_pixels(self) -> int:
        """Pixels a codec may allocate for one frame: codecs round both sides up, to 64 px at most."""
        return self.max_pixels + 64 * (self.max_width + self.max_height)


LOCAL = Limits()


def check_bytes(path: Path, limits: Limits) -> None:
    """Raise LimitPassed if the file is too big."""
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise LimitPassed(
            f"{path.name} has {_bytes(size)}, and {_bytes(limits.max_bytes)} are allowed. "
            "Cut it shorter or save it smaller."
        )


def check_size(name: str, width: int, height: int, limits: Limits) -> None:
    """Raise LimitPassed if a frame of `width` x `height` px is too big."""
    if width > limits.max_width or height > limits.max_height or width * height > limits.max_pixels:
        raise LimitPassed(
            f"The picture of {name} is {width}x{height}, and {limits.max_width}x{limits.max_height} "
            f"with {limits.max_pixels / 1e6:.1f} megapixels are allowed. Scale it down first."
        )


def check_length(name: str, frames: int, seconds: float, limits: Limits) -> None:
    """Raise LimitPassed if `frames` frames over `seconds` are more than may be read."""
    # a piece of just the seconds allowed, cut at whole frames, may come out longer by less than a frame
    if limits.max_seconds is not None and seconds - seconds / max(frames, 1) > limits.max_seconds - 1e-6:
        raise LimitPassed(
            f"{name} gives {seconds:.1f} s of video, and {limits.max_seconds:g} s are allowed. "
            "Choose a shorter piece with a start and an end."
        )
    if limits.max_frames is not None and frames > limits.max_frames:
        raise LimitPassed(
            f"{name} gives {frames} frames, and {limits.max_frames} are allowed. "
            "Choose a shorter piece with a start and an end."
        )


class DecodeClock:
    """Counts the time spent in the decoder, not the time its consumer takes between two frames."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        self._spent = 0.0
        self._since = monotonic()

    def resume(self) -> None:
        """The consumer asks for the next picture."""
        self._since = monotonic()

    def pause(self) -> None:
        """A picture came out."""
        self._spent += monotonic() - self._since

    def check(self) -> None:
        """Raise LimitPassed if the decoder has run for too long."""
        waited = monotonic() - self._since
        whole = self._limits.decode_seconds
        if waited > self._limits.stall_seconds or (whole is not None and self._spent + waited > whole):
            raise LimitPassed(f"{self._name} takes too long to decode. Convert it to a smaller mp4 and try again.")


def _bytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"
