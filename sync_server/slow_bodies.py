"""A request whose body does not come to an end is given up on: whoever sends half of one holds nothing for ever."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync_server.errors import request_fault

PATIENCE_S = 60.0
"""How long the next piece of a body may take. A tablet at the edge of the Wi-Fi sends its pieces slowly, but sends."""


class SlowBodies:
    """An application that waits for each piece of a request's body only so long."""

    def __init__(self, app: ASGIApp, patience_s: float = PATIENCE_S) -> None:
        """Wrap this application; Starlette's own handlers must stand around it, for they answer the fault."""
        self._app = app
        self._patience_s = patience_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets the application answer. Raises `RequestFault` 408 into whoever reads the body."""
        is_whole = False

        async def in_time() -> Message:
            nonlocal is_whole
            if is_whole:  # from here on it only waits for the end of the connection
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), self._patience_s)
            except TimeoutError:
                fault = request_fault(
                    408,
                    "too_slow",
                    "上传中断太久,请检查网络后重试。",
                    "The upload stalled; check the network and retry.",
                )
                fault.headers["Connection"] = "close"
                raise fault from None
            is_whole = not message.get("more_body", False)
            return message

        await self._app(scope, in_time if scope["type"] == "http" else receive, send)
