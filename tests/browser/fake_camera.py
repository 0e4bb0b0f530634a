"""What Chromium's fake camera plays: a clip, uncompressed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import av

from posetransfer.types import Frame

CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


def camera_arguments(film: Path) -> list[str]:
    """For a browser whose camera plays `film`, again and again, and that lets every page use it."""
    return [*CAMERA, f"--use-file-for-fake-video-capture={film}"]


def write_film(path: Path, frames: Iterable[Frame], size: tuple[int, int], rate: int) -> None:
    """Write frames of `size` (width, height) as the y4m that the camera plays at `rate` frames a second."""
    with av.open(str(path), "w", format="yuv4mpegpipe") as container:
        stream = container.add_stream("wrapped_avframe", rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number, frame in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(frame, format="rgb24").reformat(format="yuv420p")
            picture.pts = number
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
