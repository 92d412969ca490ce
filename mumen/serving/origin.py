"""The one address that devices keep, because a browser ties what it has not sent yet to scheme, host and port."""

import ipaddress
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sync_server.errors import StartFault

FILE = "public-origin"
ANY_HOST = ("/healthz", "/v1/")
"""Paths that programs ask for by whatever address they have: what watches the server, and the devices' interface."""


class OriginChanged(StartFault):
    """Another origin than before would strand what enrolled devices have not sent yet."""


def known_origin(data_dir: Path) -> str | None:
    """The origin of earlier runs."""
    file = data_dir / FILE
    return (file.read_text(encoding="utf-8").strip() or None) if file.exists() else None


def keep_origin(data_dir: Path, wanted: str, count_devices: Callable[[], int]) -> None:
    """Fixes the origin for later runs. Raises `OriginChanged` where it was another and devices are enrolled under it.

    Before the first device is enrolled nothing can be stranded, and it may still change.
    """
    file, known = data_dir / FILE, known_origin(data_dir)
    if known == wanted:
        return
    if known is not None and (devices := count_devices()) > 0:
        raise OriginChanged(
            f"有 {devices} 台设备只认得 {known}；换成 {wanted}，它们就找不到还没上传的记录。"
            f"请继续用 {known}；一定要换，就先让所有设备上传完（或导出），再删除 {file} 并重新登记。",
            f"{devices} enrolled device(s) know this server as {known}; as {wanted} they would not find their unsent "
            f"scans. Keep {known}; or, when every device has sent (or exported) its scans, delete {file} and enrol "
            "them anew.",
        )
    file.write_text(f"{wanted}\n", encoding="utf-8")


class OneOrigin:
    """An application that leads whoever came by another host name or address to the public origin."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        """Wrap this application, which devices know as `origin`."""
        self._app = app
        self._origin = origin
        self._host = urlsplit(origin).netloc.lower()
        self._is_local = is_loopback(origin)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers with a redirect, or lets the application answer."""
        if scope["type"] != "http" or scope["path"].startswith(ANY_HOST) or self._is_ours(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        target = f"{self._origin}{scope.get('raw_path', b'/').decode('latin-1')}{f'?{query}' if query else ''}"
        await RedirectResponse(target, 307)(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        host = headers.get("host", "").lower()
        if host == self._host:
            return True
        # "localhost" means another machine to whoever does not sit at this one, and another port than ours is one
        # that somebody forwards on purpose: a redirect would lead both to where nobody listens.
        came_by = f"http://{host}"
        return self._is_local and (host_of(came_by) == host_of(self._origin) or not is_loopback(came_by))


def host_of(url: str) -> str:
    """The host name or address in a URL; empty where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_loopback(url: str) -> bool:
    """Whether only this machine reaches what this URL names."""
    host = host_of(url)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
