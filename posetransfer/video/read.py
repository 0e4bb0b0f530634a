"""A video file as a stream of frames at an exact constant rate."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import VideoFrame

from posetransfer.errors import NoPictures, VideoError
from posetransfer.streams import closing_source
from posetransfer.types import Frame
from posetransfer.video.decode import decoded_pictures
from posetransfer.video.limits import LOCAL, Limits, check_length
from posetransfer.video.opening import OpenVideo, open_video
from posetransfer.video.picture import ToFrame, shape_of
from posetransfer.video.timeline import Timeline, read_timeline

SEEK_FROM = 5.0  # seconds; what starts earlier is decoded from the beginning
SEEK_LEAD = 1.0  # seconds before the start to look for a key frame, as containers seek by decoding time


def read_frames(
    path: str | Path,
    limits: Limits = LOCAL,
    *,
    max_side: int | None = None,
    start: float | None = None,
    end: float | None = None,
) -> Generator[Frame, None, None]:
    """Give the frames of a video: [H, W, 3] uint8 RGB, upright, square pixels, at the exact rate of `video_info`.

    Variable rates are made constant: each place on the grid of the rate shows the picture that stands there, so
    pictures repeat or fall out and the frames keep time with the sound. A repeated frame is a copy of its own.
    A picture that cannot be decoded is replaced by the one before it; after the last that can, the stream ends.

    max_side: px that the longer side is scaled down to. start, end: seconds from the first picture, rounded to
    whole frames. Nothing is opened before the first frame is asked for; closing the generator closes the file.
    Raises NotAVideo, NoPictures, LimitPassed, and VideoError for a start and end that leave nothing.
    """
    with closing(read_some(path, limits, 1, max_side=max_side, start=start, end=end)) as frames:
        for _, frame in frames:
            yield frame


def read_some(
    path: str | Path,
    limits: Limits,
    every: int,
    *,
    max_side: int | None = None,
    start: float | None = None,
    end: float | None = None,
) -> Generator[tuple[int, Frame], None, None]:
    """Give numbers 0, every, 2 * every ... of what `read_frames` gives, and its last, each with its number.

    The pictures between are decoded, as the codec needs them, but not turned into frames.
    """
    if max_side is not None and max_side < 1:
        raise VideoError("The longest side of a picture must be at least 1 pixel.")
    with open_video(path, limits) as video:
        timeline = read_timeline(video)
        name = video.name
    first, stop = _cut(name, timeline, start, end)
    check_length(name, stop - first, float((stop - first) / timeline.fps), limits)
    with closing_source(_placed(path, limits, timeline, first)) as pictures:
        yield from _on_grid(pictures, timeline, first, stop, every, max_side, limits)


def _cut(name: str, timeline: Timeline, start: float | None, end: float | None) -> tuple[int, int]:
    """The first place to give and the first not to."""
    begin = 0.0 if start is None else start
    finish = float(timeline.seconds) if end is None else end
    if not begin >= 0 or (end is not None and not finish > begin):
        raise VideoError("The end must come after the start, and the start must not be negative.")
    first = round(min(begin, float(timeline.seconds)) * timeline.fps)
    if first >= timeline.count:
        raise NoPictures(
            f"{name} ends before {begin:g} s: it is {float(timeline.seconds):.1f} s long. Choose an earlier start."
        )
    stop = round(Fraction(min(finish, float(timeline.seconds))) * timeline.fps)
    return first, max(stop, first + 1)


Placed = tuple[int, VideoFrame, OpenVideo]


def _placed(path: str | Path, limits: Limits, timeline: Timeline, first: int) -> Iterator[Placed]:
    """The decoded pictures with their places, from at least the one that stands at `first`."""
    if first / timeline.fps > SEEK_FROM:
        with open_video(path, limits) as video:
            if _seek(video, timeline, first):
                begun = False
                with closing_source(_decoded(video, limits, timeline)) as pictures:
                    for placed in pictures:
                        if not begun and placed[0] > first:
                            break  # the container led past the start
                        begun = True
                        yield placed
                if begun:
                    return
    with open_video(path, limits) as video, closing_source(_decoded(video, limits, timeline)) as pictures:
        yield from pictures


def _seek(video: OpenVideo, timeline: Timeline, first: int) -> bool:
    """Move to a key frame before place `first`; False if the container cannot."""
    lead = round(SEEK_LEAD / timeline.time_base)
    try:
        video.container.seek(timeline.ticks(first) - lead, stream=video.stream, backward=True)
    except av.FFmpegError:
        return False
    return True


def _decoded(video: OpenVideo, limits: Limits, timeline: Timeline) -> Iterator[Placed]:
    """Pictures with their places; one without a time follows the one before it."""
    place = -1
    with closing_source(decoded_pictures(video, limits)) as pictures:
        for ticks, frame in pictures:
            place = place + 1 if ticks is None else timeline.place(ticks)
            yield place, frame, video


def _on_grid(
    pictures: Iterator[Placed],
    timeline: Timeline,
    first: int,
    stop: int,
    every: int,
    max_side: int | None,
    limits: Limits,
) -> Iterator[tuple[int, Frame]]:
    """Those of the places from `first` to `stop` that are wanted, each with its number and the last picture that
    stands at or before it."""
    to_frame: ToFrame | None = None
    held: tuple[int, VideoFrame] | None = None
    given = first
    for place, picture, video in pictures:
        if to_frame is None:
            to_frame = ToFrame(video.name, shape_of(video, picture, limits, max_side))
        if held is not None and place > given:
            until = min(place, stop)
            yield from _repeated(to_frame, held[1], given - first, until - first, every, last=until == stop)
            given = until
        held = place, picture
        if given == stop:
            break
    if held is not None and to_frame is not None:
        finish = timeline.count if held[0] >= timeline.last else held[0] + 1
        yield from _repeated(to_frame, held[1], given - first, min(finish, stop) - first, every, last=True)


def _repeated(
    to_frame: ToFrame, picture: VideoFrame, begin: int, end: int, every: int, last: bool = False
) -> Iterator[tuple[int, Frame]]:
    """The picture at the wanted ones of the numbers from `begin` to `end`. last: the last of them is wanted too."""
    wanted = [number for number in range(begin, end) if number % every == 0 or (last and number == end - 1)]
    if wanted:
        frame = to_frame(picture)
        yield wanted[0], frame
        for number in wanted[1:]:
            yield number, frame.copy()
