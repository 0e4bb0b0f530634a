"""What a video is: the size and the rate its frames are given at, and how long it is."""

from __future__ import annotations

from pathlib import Path

from posetransfer.streams import closing_source
from posetransfer.types import VideoInfo
from posetransfer.video.decode import decoded_pictures
from posetransfer.video.limits import LOCAL, Limits
from posetransfer.video.opening import open_video
from posetransfer.video.picture import shape_of
from posetransfer.video.timeline import read_timeline


def video_info(path: str | Path, limits: Limits = LOCAL) -> VideoInfo:
    """Describe what `read_frames` gives for the same file.

    All packets are read and one picture is decoded, as headers lie. The length is not held to the limits: of a
    video that is too long a piece may be read. `frames` is None where pictures are known to be missing.
    Raises NotAVideo, NoPictures, LimitPassed (bytes, pixels, time).
    """
    with open_video(path, limits) as video:
        timeline = read_timeline(video)
    with open_video(path, limits) as video, closing_source(decoded_pictures(video, limits)) as pictures:
        shape = shape_of(video, next(pictures).frame, limits)
        has_audio = any(stream.codec_context is not None for stream in video.container.streams.audio)
    width, height = shape.size
    return VideoInfo(
        width=width,
        height=height,
        fps=timeline.fps,
        frames=timeline.count if timeline.whole else None,
        duration=float(timeline.seconds),
        rotation=shape.turn,
        has_audio=has_audio,
    )
