"""A reel in parts of two seconds, so that a rendering can be stopped anywhere and gone on with on another machine.

A part is what the reel will be: its frames as H.264 with a key frame in front, and its masks as bits. Joining parts
copies their coded frames as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter
from numpy.typing import NDArray

LENGTH = 50  # frames of a part
CODING = {"crf": "15", "preset": "slow", "x264-params": f"keyint={LENGTH}:open-gop=0:bframes=0"}


def part_paths(folder: Path, frame: int) -> tuple[Path, Path]:
    """The video and the masks of the part that `frame` lies in."""
    first = frame - frame % LENGTH
    return folder / "parts" / f"{first:06d}.mp4", folder / "parts" / f"{first:06d}.npz"


def is_packed(folder: Path, frame: int) -> bool:
    """Whether the part that `frame` lies in is whole."""
    return all(path.exists() for path in part_paths(folder, frame))


def pack(folder: Path, frame: int, count: int, fps: int) -> None:
    """Write the part that `frame` lies in, of a reel of `count` frames, from the PNGs of its frames and masks."""
    first = frame - frame % LENGTH
    numbers = range(first, min(first + LENGTH, count))
    video_path, masks_path = part_paths(folder, frame)
    video_path.parent.mkdir(exist_ok=True)
    growing = video_path.with_suffix(".part.mp4")
    pictures = [cv2.imread(str(folder / "frames" / f"{number:06d}.png")) for number in numbers]
    with av.open(str(growing), "w") as video:
        stream = video.add_stream("libx264", rate=fps, options=CODING)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        codec = stream.codec_context
        codec.color_range, codec.colorspace = ColorRange.MPEG, Colorspace.ITU709
        codec.color_primaries, codec.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        for picture in pictures:
            video.mux(stream.encode(_yuv(picture)))
        video.mux(stream.encode())
    masks = [cv2.imread(str(folder / "masks" / f"{number:06d}.png"), cv2.IMREAD_GRAYSCALE) for number in numbers]
    packed = masks_path.with_suffix(".part.npz")
    np.savez_compressed(packed, masks=np.stack([np.packbits(mask > 127, axis=1) for mask in masks]))
    packed.replace(masks_path)
    growing.replace(video_path)


def _yuv(picture: NDArray[np.uint8]) -> av.VideoFrame:
    """BGR [H, W, 3] as BT.709 in limited range, which is what its tags say and players expect."""
    frame = av.VideoFrame.from_ndarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), "rgb24")
    ranges = {"src_color_range": ColorRange.JPEG, "dst_color_range": ColorRange.MPEG}
    return VideoReformatter().reformat(frame, format="yuv420p", dst_colorspace=Colorspace.ITU709, **ranges)


def join(folder: Path, count: int, fps: int) -> None:
    """reel.mp4 and masks.npz [frames, size, size / 8] of all parts, each under its name only when whole."""
    starts = range(0, count, LENGTH)
    growing = folder / "reel.part.mp4"
    with av.open(str(growing), "w", options={"movflags": "+faststart"}) as reel:
        stream = None
        for start in starts:
            with av.open(str(part_paths(folder, start)[0])) as part:
                if stream is None:
                    stream = reel.add_stream_from_template(part.streams.video[0])
                for index, packet in enumerate(_packets(part)):
                    packet.stream = stream
                    packet.time_base = Fraction(1, fps)
                    packet.pts = packet.dts = start + index
                    packet.duration = 1
                    reel.mux(packet)
    growing.replace(folder / "reel.mp4")
    packed = folder / "masks.part.npz"
    masks = [np.load(part_paths(folder, start)[1])["masks"] for start in starts]
    np.savez_compressed(packed, masks=np.concatenate(masks))
    packed.replace(folder / "masks.npz")


def _packets(part: av.container.InputContainer) -> Iterator[av.Packet]:
    """The coded frames in order, which is also the order they are shown in: no B-frames."""
    return (packet for packet in part.demux(video=0) if packet.size)
