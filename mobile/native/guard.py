"""Keeps other sites that are open in this machine's browser away from the app, which has no sign-in of its own."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

HOSTS = frozenset({"localhost", "127.0.0.1"})
POLICY_VIOLATION = 1008


class OwnPagesOnly:
    """Refuses requests under another host name, and WebSockets that another site's page opens."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of this application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI's entry."""
        if scope["type"] == "lifespan" or is_own(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body", "body": b""})


def is_own(scope: Scope) -> bool:
    """Whether the request names this machine, and comes from a page of the same origin where a page made it."""
    headers = Headers(scope=scope)
    host, origin = headers.get("host", ""), headers.get("origin")
    return urlsplit(f"//{host}").hostname in HOSTS and (origin is None or urlsplit(origin).netloc == host)
