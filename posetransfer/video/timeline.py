"""Which pictures a file has and when they stand, read from its packets before anything is decoded."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream

from posetransfer.errors import NoPictures, NotAVideo
from posetransfer.video.opening import OpenVideo
from posetransfer.video.rates import FASTEST, Ticks, constant_rate, gapped_rate, standard_rate

LONGEST_HOLD = 600  # seconds one picture may stand; a longer gap is a damaged time that would give frames for ever
MOST_PICTURES = 20_000_000  # 92 hours at 60 a second, 160 MB of times
UNSTATED_RATE = Fraction(25)  # for a single picture in a container that names no rate


@dataclass(frozen=True)
class Timeline:
    """The places a clip's pictures are given at, evenly spaced at `fps`.

    origin: container ticks of place 0; count: places; last: the place of the last picture, which may stand longer
    than one; whole: nothing is known to be missing.
    """

    time_base: Fraction
    origin: int
    fps: Fraction
    count: int
    last: int
    whole: bool

    @property
    def seconds(self) -> Fraction:
        return self.count / self.fps

    @property
    def origin_seconds(self) -> Fraction:
        return self.origin * self.time_base

    def place(self, ticks: int) -> int:
        """The place of a picture that stands at `ticks`; negative before the origin."""
        return round((ticks - self.origin) * self.time_base * self.fps)

    def ticks(self, place: int) -> int:
        """The container time of a place."""
        return self.origin + round(place / self.fps / self.time_base)


def read_timeline(video: OpenVideo) -> Timeline:
    """Read all packets of an open file (it is at its end afterwards). Raises NoPictures, NotAVideo."""
    stream = video.stream
    base = stream.time_base or Fraction(1, 1000)
    ticks, hold, packets = _picture_times(video)
    if not len(ticks):
        raise NoPictures(f"{video.name} announces pictures but holds none. Try another copy.")
    if len(ticks) > 1 and np.diff(ticks).max() * base > LONGEST_HOLD:
        raise NotAVideo(f"The times in {video.name} jump by more than ten minutes. Save it again with a video editor.")
    ticks = _without_first_hold(ticks)
    stated = [rate for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate) if rate]
    fps, held = _rate(ticks, base, stated, min(hold * base, Fraction(LONGEST_HOLD)))
    last = round((ticks[-1] - ticks[0]) * base * fps)
    whole = packets >= stream.frames - 1  # AVI counts an empty packet after the first as a frame
    return Timeline(base, int(ticks[0]), fps, last + max(round(held * fps), 1), last, whole)


def _rate(ticks: Ticks, base: Fraction, stated: list[Fraction], hold: Fraction) -> tuple[Fraction, Fraction]:
    """The rate to give the pictures at, and how many seconds the last one stands; `hold` is what its packet says."""
    if len(ticks) == 1:
        believable = [rate for rate in stated if Fraction(1, LONGEST_HOLD) <= rate <= FASTEST]
        fps = believable[0] if believable else UNSTATED_RATE
        return fps, 1 / fps
    fixed = constant_rate(ticks, base, stated) or gapped_rate(ticks, base, stated[:1])
    if fixed is not None:
        return fixed, 1 / fixed
    span = int(ticks[-1] - ticks[0]) * base
    hold = hold or span / (len(ticks) - 1)
    return standard_rate(len(ticks) / (span + hold)), hold


def _picture_times(video: OpenVideo) -> tuple[Ticks, int, int]:
    """Rising times of the pictures that are shown, from the first that can be decoded alone; for how many ticks the
    last one stands; and how many packets there are, with those an edit list hides."""
    times = array("q")
    first_key: int | None = None
    latest, hold, packets = None, 0, 0
    try:
        for packet in video.container.demux(video.stream):
            time = packet_time(video, packet)
            if time is None or packet.size == 0:  # the end, or AVI's sign for a repeated picture
                continue
            packets += 1
            if first_key is None and packet.is_keyframe:
                first_key = time
            if packet.is_discard:
                continue
            times.append(time)
            if latest is None or time > latest:
                latest, hold = time, packet.duration or 0
            if packets > MOST_PICTURES:
                raise NotAVideo(f"{video.name} claims more than {MOST_PICTURES} pictures. Cut it into pieces.")
    except av.FFmpegError:
        pass  # damaged from here on: what was read before it counts
    ticks: Ticks = np.unique(np.frombuffer(times, np.int64))
    return (ticks if first_key is None else ticks[ticks >= first_key]), hold, packets


def packet_time(video: OpenVideo, packet: Packet[VideoStream]) -> int | None:
    """When a packet's picture is shown, in ticks. AVI does not store it: its packets are counted in decoding order,
    and the times that libavformat makes up for B-frames are wrong, but the same set of times."""
    return packet.dts if video.is_avi or packet.pts is None else packet.pts


def _without_first_hold(ticks: Ticks) -> Ticks:
    """AVI files with B-frames let the first picture stand twice as long, for the decoder's delay. Moving it up keeps
    the rate constant, and every other picture where its sound is."""
    if len(ticks) < 3:
        return ticks
    period = ticks[2] - ticks[1]
    if ticks[1] - ticks[0] != 2 * period or np.any(np.diff(ticks[1:]) != period):
        return ticks
    return np.concatenate([[ticks[1] - period], ticks[1:]])
