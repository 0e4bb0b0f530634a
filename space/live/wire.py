"""How pictures and words travel: between browser and page as messages, between page and worker as pieces of a pipe.

A message is text, a JSON object, or bytes, a header and a JPEG:

    to the page     number of the picture uint32, the browser's clock in ms float64
    to the browser  the same two, and the ms it was at work float32; no picture follows while there is none to show

Everything is little-endian. A piece is its kind (one byte), its length (uint32) and the message.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import IO, Any, Final

import cv2
import numpy as np
from PIL import Image

from posetransfer.errors import NotAVideo
from posetransfer.types import Frame

Message = str | bytes

ASKED: Final = struct.Struct("<Id")
MADE: Final = struct.Struct("<Idf")
PIECE: Final = struct.Struct("<cI")
WORDS, PICTURE = b"w", b"p"

MOST_PICTURE: Final = 1 << 20  # bytes of a picture that comes in: 640x480 px take 30 KB
MOST_WORDS: Final = 1 << 12
MOST_SIDE: Final = 1280  # px
QUALITY: Final = 85  # of the pictures that go out; 20 KB at 256 px


def piece(message: Message) -> bytes:
    """A message as a piece."""
    kind, content = (WORDS, message.encode()) if isinstance(message, str) else (PICTURE, message)
    return PIECE.pack(kind, len(content)) + content


def batch(messages: Iterable[Message]) -> bytes:
    """Several as one body."""
    return b"".join(map(piece, messages))


def read_pieces(stream: IO[bytes]) -> Iterator[Message]:
    """The messages of a stream until it ends, in the middle of one if need be."""
    while len(head := stream.read(PIECE.size)) == PIECE.size:
        kind, length = PIECE.unpack(head)
        content = stream.read(length)
        if len(content) < length:
            return
        yield content if kind == PICTURE else content.decode()


def words(**content: Any) -> str:
    """A text message."""
    return json.dumps(content)


LEFT: Final = words(left=True)  # a worker has said all about a visitor who went


def encode(frame: Frame) -> bytes:
    """A frame [H, W, 3] RGB as JPEG."""
    bgr = cv2.cvtColor(frame, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()


def decode(data: bytes) -> Frame:
    """A JPEG of at most `MOST_SIDE` px a side as a frame. Raises NotAVideo for anything else, before decoding it."""
    try:
        with Image.open(BytesIO(data), formats=["JPEG"]) as picture:
            sides = picture.size
    except (OSError, ValueError, SyntaxError) as error:
        raise NotAVideo("The page got a picture that is no JPEG.") from error
    if max(sides) > MOST_SIDE:
        raise NotAVideo(f"The page takes pictures of up to {MOST_SIDE} px a side, not {sides[0]}x{sides[1]}.")
    frame = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION)
    if frame is None:
        raise NotAVideo("The page got a damaged picture.")
    return np.asarray(frame, np.uint8)
