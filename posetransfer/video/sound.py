"""The sound of a video as samples on the clock of its pictures, and as an AAC track of another."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from numpy.typing import NDArray

from posetransfer.streams import closing_source
from posetransfer.video.limits import Limits
from posetransfer.video.opening import open_container, open_video
from posetransfer.video.timeline import read_timeline

log = logging.getLogger(__name__)

Samples = NDArray[np.float32]  # [channels, n], -1..1

AAC_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
OTHER_RATE = 48000
BIT_RATE = 160_000
JUMP = 0.03  # seconds; a smaller step in the times is rounding by the container, a larger one is silence or overlap
LEAD = 1  # second decoded before the start, for codecs whose blocks build on earlier ones
LONGEST_SILENCE = 48000  # samples made at once


class Sound:
    """The first sound stream of a video, from `start` seconds after its first picture; a with-block releases it.

    channels: 1 or 2; rate: samples a second, one that AAC knows. A stream that begins
    after the start is led in by silence, and damaged stretches are silent, so sample n always belongs n / rate
    seconds after the start.
    """

    def __init__(self, path: str | Path, limits: Limits, start: Fraction) -> None:
        with open_video(path, limits) as video:
            self._from = read_timeline(video).origin_seconds + start
        with open_container(path, limits) as container:
            known = [stream for stream in container.streams.audio if stream.codec_context is not None]
            self._index = known[0].index if known else None
            self.channels = min(known[0].channels, 2) if known else 0
            self.rate = known[0].rate if known and known[0].rate in AAC_RATES else OTHER_RATE
        self._path, self._limits = path, limits
        self._blocks: Iterator[Samples] = self._aligned()
        self._rest: Samples = np.zeros((self.channels, 0), np.float32)

    @property
    def found(self) -> bool:
        """Whether the file has sound that can be decoded."""
        return self.channels > 0

    @property
    def layout(self) -> str:
        return "mono" if self.channels == 1 else "stereo"

    def __enter__(self) -> Sound:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with closing_source(self._blocks):
            pass

    def take(self, count: int) -> Samples:
        """The next `count` samples, fewer at the end of the sound."""
        blocks, have = [self._rest], self._rest.shape[1]
        while have < count:
            block = next(self._blocks, None)
            if block is None:
                break
            blocks.append(block)
            have += block.shape[1]
        joined = np.concatenate(blocks, axis=1)
        self._rest = joined[:, count:]
        return joined[:, :count]

    def _aligned(self) -> Iterator[Samples]:
        """Blocks that follow each other without gap from the start: silence where nothing is, overlaps cut away."""
        position = 0  # samples given
        with closing_source(self._decoded()) as blocks:
            for seconds, block in blocks:
                at = round((seconds - self._from) * self.rate)
                # before the first sample every step counts; later only one that rounding does not explain
                jump = at - position if position == 0 or abs(at - position) > JUMP * self.rate else 0
                while jump > 0:
                    silence = min(jump, LONGEST_SILENCE)
                    yield np.zeros((self.channels, silence), np.float32)
                    position, jump = position + silence, jump - silence
                block = block[:, -jump:]
                if block.shape[1]:
                    yield block
                    position += block.shape[1]

    def _decoded(self) -> Iterator[tuple[Fraction, Samples]]:
        """Blocks with the container's time of their first sample in seconds, from a little before the start."""
        with open_container(self._path, self._limits) as container:
            stream = container.streams[self._index or 0]
            assert isinstance(stream, AudioStream)
            resampler, form, seconds = self._resampler(), None, Fraction(0)
            packets = _since(container.demux(stream), self._from - LEAD)
            for frame in _frames(packets, Path(self._path).name):
                if form != (frame.rate, frame.layout.name, frame.format.name):  # AAC may change midway
                    resampler, form = self._resampler(), (frame.rate, frame.layout.name, frame.format.name)
                if frame.pts is not None and frame.time_base is not None:
                    seconds = frame.pts * frame.time_base
                for part in resampler.resample(frame):
                    yield seconds, np.asarray(part.to_ndarray(), np.float32)
                    seconds += Fraction(part.samples, self.rate)

    def _resampler(self) -> AudioResampler:
        return AudioResampler(format="fltp", layout=self.layout, rate=self.rate)


def _since(packets: Iterator[Packet[AudioStream]], seconds: Fraction) -> Iterator[Packet[AudioStream]]:
    """Leave out what ends long before `seconds`. Not a seek: AVI and MP3 land beside the place they are asked for."""
    for packet in packets:
        if packet.pts is None or packet.pts * packet.time_base >= seconds:
            yield packet


def _frames(packets: Iterator[Packet[AudioStream]], name: str) -> Iterator[AudioFrame]:
    """The frames that decode; what does not is left out, with one warning."""
    damaged = 0
    try:
        for packet in packets:
            try:
                frames = packet.decode()
            except av.FFmpegError:
                damaged += 1
                continue
            yield from frames
    except av.FFmpegError as error:
        log.warning("The sound of %s cannot be read to its end (%s).", name, error.strerror)
    if damaged:
        log.warning("The sound of %s is damaged: %d parts of it are silent.", name, damaged)


class SoundTrack:
    """An AAC track of an mp4 that is being written, fed from a `Sound` as the pictures go on.

    The sound is always encoded anew: a copied stream can only be cut at its packets (AAC 23 ms, MP3 26 ms), its
    decoder delay is not known for AVI, and half the codecs do not play in browsers. Coding costs 0.3 ms a picture, and
    the encoder's own delay is in the mp4's edit list, so that it is exact to a sample.
    """

    def __init__(self, output: OutputContainer, sound: Sound) -> None:
        self._sound = sound
        # the codec's usual search takes up to 2 ms a picture, and at this rate came 5 to 20 dB less near to a piano
        # and to tones than its quick one, and about as near to noise
        options = {"aac_coder": "fast"}
        self._stream = output.add_stream("aac", rate=sound.rate, layout=sound.layout, format="fltp", options=options)
        self._stream.bit_rate = BIT_RATE * sound.channels // 2
        self._sent = 0

    def until(self, seconds: Fraction) -> Iterator[Packet[AudioStream]]:
        """The packets of the whole blocks that end by then."""
        size = self._stream.codec_context.frame_size or 1024
        while self._sent + size <= seconds * self._sound.rate:
            samples = self._sound.take(size)
            if not samples.shape[1]:
                return
            yield from self._encoded(samples)

    def finish(self, seconds: Fraction) -> Iterator[Packet[AudioStream]]:
        """The packets that remain, to the sample that ends the pictures or to the end of the sound."""
        yield from self.until(seconds)
        samples = self._sound.take(max(int(seconds * self._sound.rate) - self._sent, 0))
        if samples.shape[1]:
            yield from self._encoded(samples)
        yield from self._stream.encode(None)

    def _encoded(self, samples: Samples) -> list[Packet[AudioStream]]:
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=self._sound.layout)
        frame.sample_rate = self._sound.rate
        frame.time_base = Fraction(1, self._sound.rate)
        frame.pts = self._sent
        self._sent += samples.shape[1]
        return self._stream.encode(frame)
