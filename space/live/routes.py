"""The live stage's own routes: a WebSocket, the same by plain requests where a proxy lets none through, recordings.

Raw messages and not gradio's image streaming, which gives 14 pictures a second at 640x480 where this gives 38
(docs/decisions/0013-live.md). It goes past gradio's queue: hence the seats, the origin check and the limits.
"""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from posetransfer.errors import PoseTransferError
from space.live.intake import PRIVATE, check_origin, refusal, take_in
from space.live.plain import plain_routes
from space.live.seat import LAST_WORDS, Seat
from space.live.stage import SeatTaken, Stage
from space.live.wire import words

LIVE: Final = "/posetransfer/live"
REFUSED: Final = 1008  # WebSocket's code for a policy
NO_RECORDING = "The recording is not here any more. It is kept for an hour."


def live_routes(stage: Stage) -> list[BaseRoute]:
    """All routes below /posetransfer/live."""

    async def socket(connection: WebSocket) -> None:
        await connection.accept()
        try:
            check_origin(connection, stage)
            seat = stage.take()
        except PoseTransferError as error:
            await connection.send_text(words(over=str(error), taken=isinstance(error, SeatTaken)))
            await connection.close(REFUSED)
            return
        await _serve(connection, seat)

    async def recording(request: Request) -> Response:
        path = stage.recording(request.path_params["token"])
        if path is None:
            return refusal(PoseTransferError(NO_RECORDING), 404)
        return FileResponse(path, filename="posetransfer-live.mp4", media_type="video/mp4", headers=PRIVATE)

    return [
        WebSocketRoute(LIVE, socket),
        Route(f"{LIVE}/recordings/{{token}}", recording),
        *plain_routes(stage, LIVE),
    ]


async def _serve(connection: WebSocket, seat: Seat) -> None:
    """Both directions at once, until either side is done."""
    listening = asyncio.create_task(_listen(connection, seat))
    speaking = asyncio.create_task(_speak(connection, seat))
    try:
        await asyncio.wait({listening, speaking}, return_when=asyncio.FIRST_COMPLETED)
        seat.leave()
        await asyncio.wait({speaking}, timeout=LAST_WORDS)
    finally:
        seat.leave()
        listening.cancel()
        speaking.cancel()
        await asyncio.gather(listening, speaking, return_exceptions=True)


async def _listen(connection: WebSocket, seat: Seat) -> None:
    while not seat.left:
        came = await connection.receive()
        if came["type"] == "websocket.disconnect":
            return
        message = came.get("bytes")
        take_in(seat, came.get("text") or "" if message is None else message)


async def _speak(connection: WebSocket, seat: Seat) -> None:
    while True:
        for message in await seat.heard():
            if isinstance(message, str):
                await connection.send_text(message)
            else:
                await connection.send_bytes(message)
        if seat.left:
            await connection.close()
            return
