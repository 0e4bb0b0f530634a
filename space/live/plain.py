"""The live stage by plain requests, for a browser behind a proxy that lets no WebSocket through.

A seat is taken, then each message is a request of its own, and one or two more wait for what comes back. Slower, as
each request costs its headers and a wait in line, but nothing else differs.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from posetransfer.errors import PoseTransferError
from space.live.intake import PRIVATE, TOO_BIG, check_origin, refusal, take_in
from space.live.stage import SeatTaken, Stage
from space.live.wire import MOST_PICTURE, batch, words

POLL_SECONDS: Final = 1.0  # that a question without an answer waits
# A seat may be given up while requests for it are on their way. They are no errors, which a browser would log: `hear`
# says that it is over.
OVER: Final = batch([words(over=None)])


def plain_routes(stage: Stage, below: str) -> list[BaseRoute]:
    """Take a seat, tell it something, hear what it says. below: the address they are under."""

    async def take(request: Request) -> Response:
        try:
            check_origin(request, stage)
            seat = stage.take()
        except PoseTransferError as error:
            return refusal(error, 409 if isinstance(error, SeatTaken) else 403)
        return JSONResponse({"seat": seat.token}, headers=PRIVATE)

    async def tell(request: Request) -> Response:
        seat = stage.seat(request.path_params["token"])
        if seat is None:
            return Response(status_code=204, headers=PRIVATE)
        content = b""
        async for part in request.stream():
            content += part
            if len(content) > MOST_PICTURE:
                return refusal(PoseTransferError(TOO_BIG), 413)
        is_word = request.headers.get("content-type", "").startswith("application/json")
        take_in(seat, content.decode("utf-8", "replace") if is_word else content)
        return Response(status_code=204, headers=PRIVATE)

    async def hear(request: Request) -> Response:
        seat = stage.seat(request.path_params["token"])
        said = OVER if seat is None else batch(await seat.heard(POLL_SECONDS))
        return Response(said, media_type="application/octet-stream", headers=PRIVATE)

    return [
        Route(f"{below}/seats", take, methods=["POST"]),
        Route(f"{below}/seats/{{token}}/tell", tell, methods=["POST"]),
        Route(f"{below}/seats/{{token}}/hear", hear, methods=["POST"]),
    ]
