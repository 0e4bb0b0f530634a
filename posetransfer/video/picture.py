"""A decoded picture as a frame: upright, with square pixels, RGB, eight bits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import atan2, degrees
from typing import cast

import av
import cv2
import numpy as np
from av.buffer import Buffer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from posetransfer.types import Frame
from posetransfer.video.limits import Limits, check_size
from posetransfer.video.opening import OpenVideo, explain
from posetransfer.video.tone import HLG, PQ, to_standard_range

WIDEST_PIXEL = 4  # a pixel claimed to be more oblong than this is damage; anamorphic film is 2
HD_HEIGHT = 720  # untagged pictures from here on are BT.709, smaller ones BT.601, as players do

# the matrices by their numbers in ITU-T H.273
MATRICES = {
    1: Colorspace.ITU709,
    4: Colorspace.FCC,
    5: Colorspace.ITU601,
    6: Colorspace.ITU601,
    7: Colorspace.SMPTE240M,
    9: Colorspace.BT2020,
    10: Colorspace.BT2020,
}
TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True)
class Shape:
    """How stored pictures become upright ones.

    scaled: (width, height) px they are scaled to first; flipped: then turned upside down like a mirror lying on the
    floor; turn: then turned by so many degrees clockwise, a multiple of 90.
    """

    scaled: tuple[int, int]
    flipped: bool
    turn: int

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) px of the frames."""
        width, height = self.scaled
        return (height, width) if self.turn % 180 else (width, height)


def shape_of(video: OpenVideo, picture: VideoFrame, limits: Limits, max_side: int | None = None) -> Shape:
    """The shape of a clip's frames, from its first picture. Pixels that are not square become so by the width.

    Raises LimitPassed if the frames would be too big.
    """
    stated = video.stream.sample_aspect_ratio or video.stream.codec_context.sample_aspect_ratio
    aspect = Fraction(1)
    if stated and Fraction(1, WIDEST_PIXEL) <= stated <= WIDEST_PIXEL:
        aspect = stated
    width, height = max(round(picture.width * aspect), 1), picture.height
    check_size(video.name, width, height, limits)
    if max_side is not None and max(width, height) > max_side:
        shrink = Fraction(max_side, max(width, height))
        width, height = max(round(width * shrink), 1), max(round(height * shrink), 1)
    turn, flipped = _orientation(picture)
    return Shape((width, height), flipped, turn)


def _orientation(picture: VideoFrame) -> tuple[int, bool]:
    """(degrees clockwise, flipped) of the display matrix: nine numbers a b u, c d v, x y w, of which (a, b) is where
    the picture's right goes and (c, d) where its bottom goes. Slanted ones are taken for the nearest upright one."""
    side_data = cast("Mapping[str, Buffer]", picture.side_data)  # the stub knows motion vectors only
    if "DISPLAYMATRIX" not in side_data:
        return 0, False
    matrix = np.frombuffer(bytes(side_data["DISPLAYMATRIX"]), np.int32).astype(np.float64)
    a, b, c, d = matrix[[0, 1, 3, 4]]
    if a * d == b * c:  # damage: it would flatten the picture
        return 0, False
    return round(degrees(atan2(b, a)) / 90) * 90 % 360, bool(a * d < b * c)


class ToFrame:
    """Turns the decoded pictures of one clip into frames of one shape, also where their size changes midway."""

    def __init__(self, name: str, shape: Shape) -> None:
        self._name = name
        self._shape = shape
        self._reformatter = VideoReformatter()

    def __call__(self, picture: VideoFrame) -> Frame:
        """[H, W, 3] RGB, C-contiguous. Raises NotAVideo if the pixel format cannot be converted."""
        try:
            frame = self._rgb(picture)
        except (av.FFmpegError, MemoryError) as error:
            raise explain(error, self._name) from error
        if self._shape.flipped:
            frame = np.asarray(cv2.flip(frame, 0), np.uint8)
        if self._shape.turn:
            frame = np.asarray(cv2.rotate(frame, TURNS[self._shape.turn]), np.uint8)
        return np.ascontiguousarray(frame)

    def _rgb(self, picture: VideoFrame) -> Frame:
        width, height = self._shape.scaled
        hdr = picture.color_trc in (PQ, HLG)
        shrinks = width * height < picture.width * picture.height
        full = picture.color_range == ColorRange.JPEG or picture.format.name.startswith("yuvj")
        converted = self._reformatter.reformat(
            picture,
            width,
            height,
            "rgb48" if hdr else "rgb24",
            src_colorspace=_matrix(picture),
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG if full or picture.format.is_rgb else ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
            interpolation=Interpolation.AREA if shrinks else Interpolation.BICUBIC,
            threads=1,  # under 1 ms at 720p; the decoder has the other core
        )
        pixels = converted.to_ndarray()
        if hdr:
            return to_standard_range(np.asarray(pixels, np.uint16), picture.color_trc)
        return np.asarray(pixels, np.uint8)


def _matrix(picture: VideoFrame) -> Colorspace:
    untagged = Colorspace.ITU709 if picture.height >= HD_HEIGHT else Colorspace.ITU601
    return MATRICES.get(picture.colorspace, untagged)
