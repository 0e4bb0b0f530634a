"""What comes from a visitor's browser, checked before it goes to a seat, and how it is refused."""

from __future__ import annotations

import json
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response

from posetransfer.errors import PoseTransferError
from space.live.origin import FOREIGN, own_origin
from space.live.seat import UNKNOWN, Seat
from space.live.stage import Stage
from space.live.wire import ASKED, MOST_PICTURE, MOST_WORDS, Message

PRIVATE: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
TOO_BIG = f"The page takes pictures of up to {MOST_PICTURE // 2**10} KB."


def take_in(seat: Seat, message: Message) -> None:
    """A message of the visitor's page. What is none becomes a sentence for it, and hurts nobody."""
    try:
        if isinstance(message, bytes):
            if not ASKED.size < len(message) <= MOST_PICTURE:
                raise PoseTransferError(TOO_BIG if len(message) > MOST_PICTURE else UNKNOWN)
            seat.picture(message)
            return
        content = json.loads(message) if len(message) <= MOST_WORDS else None
        if not isinstance(content, dict):
            raise PoseTransferError(UNKNOWN)
        seat.word(content)
    except PoseTransferError as error:
        seat.complain(str(error))
    except ValueError:
        seat.complain(UNKNOWN)


def check_origin(connection: HTTPConnection, stage: Stage) -> None:
    """Raise PoseTransferError if another site's page asks."""
    headers = connection.headers
    if not own_origin(headers.get("origin"), headers.get("host"), stage.shared):
        raise PoseTransferError(FOREIGN)


def refusal(error: PoseTransferError, status: int) -> Response:
    """The sentence for the page, as JSON."""
    return JSONResponse({"error": str(error)}, status, headers=PRIVATE)
