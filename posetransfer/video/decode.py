"""The decoded pictures of an open file, as far as they decode, within the limits."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import NamedTuple

import av
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from posetransfer.errors import LimitPassed, NoPictures, NotAVideo, VideoError
from posetransfer.video.limits import DecodeClock, Limits, check_size
from posetransfer.video.opening import OpenVideo, explain

log = logging.getLogger(__name__)


class Picture(NamedTuple):
    """A decoded picture and when it is shown, in ticks of its stream; None if nothing says when."""

    ticks: int | None
    frame: VideoFrame


def decoded_pictures(video: OpenVideo, limits: Limits) -> Iterator[Picture]:
    """Decode from where the file stands to its end, leaving out what is damaged, with one warning.

    Raises LimitPassed for a picture that is too big or a decoder that stalls, and NoPictures or NotAVideo
    at the end if nothing could be decoded.
    """
    declared = _trust_the_bitstream(video, limits)
    clock, times = DecodeClock(video.name, limits), _Times(video)
    given, damaged, encrypted = 0, 0, False
    for packet in _packets(video):
        clock.check()
        times.sent(packet)
        try:
            frames = packet.decode()
        except (av.FFmpegError, MemoryError) as error:
            if isinstance(error, MemoryError):
                raise explain(error, video.name) from error
            damaged += 1
            encrypted = encrypted or packet.has_sidedata("encryption_info")
            continue
        for frame in frames:
            check_size(video.name, frame.width, frame.height, limits)
            given += 1
            clock.pause()
            yield Picture(times.of(frame), frame)
            clock.resume()
    if not given:
        raise _nothing_decoded(video.name, encrypted, declared, limits)
    if damaged:
        log.warning("%s is damaged: %d parts of it could not be decoded and are left out.", video.name, damaged)


class _Times:
    """When decoded pictures are shown. AVI numbers its packets in decoding order only, so there a picture has the
    number of the packet that brought it out, less the decoder's delay, which the first one shows."""

    def __init__(self, video: OpenVideo) -> None:
        self._is_avi = video.is_avi
        self._began: int | None = None
        self._delay: int | None = None

    def sent(self, packet: Packet[VideoStream]) -> None:
        if self._began is None and packet.is_keyframe:
            self._began = packet.dts

    def of(self, frame: VideoFrame) -> int | None:
        if not self._is_avi:
            return frame.pts
        if frame.dts is None or self._began is None:
            return None
        if self._delay is None:
            self._delay = frame.dts - self._began
        return frame.dts - self._delay


def _packets(video: OpenVideo) -> Iterator[Packet[VideoStream]]:
    """The packets of the picture stream; the file ends where it can no longer be read."""
    try:
        yield from video.container.demux(video.stream)
    except av.FFmpegError as error:
        log.warning("%s cannot be read to its end (%s).", video.name, error.strerror)


def _trust_the_bitstream(video: OpenVideo, limits: Limits) -> tuple[int, int]:
    """The size the container declares. If it is over the limits it is not given to the codec, which then goes by its
    own stream: that may be small, and if it is not, `max_pixels` stops the codec before it allocates."""
    codec = video.stream.codec_context
    declared = codec.width, codec.height
    if not codec.is_open and codec.width * codec.height > limits.coded_pixels:
        codec.width = codec.height = 0
    return declared


def _nothing_decoded(name: str, encrypted: bool, declared: tuple[int, int], limits: Limits) -> VideoError:
    if encrypted:
        return NotAVideo(f"{name} is encrypted. Use a copy without copy protection.")
    try:
        check_size(name, *declared, limits)
    except LimitPassed as error:
        return error
    return NoPictures(
        f"No picture of {name} can be decoded: it is damaged, or larger than {limits.max_width}x{limits.max_height}. "
        "Try another copy, or convert it to mp4."
    )
