"""Two listeners in one process: HTTPS for everything, plain HTTP for the way there."""

import threading
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.middleware.base import RequestResponseEndpoint

from mumen.lan.authority import CertificateFiles, ensure_authority, ensure_certificate, fingerprint
from mumen.lan.connect import connect_app
from mumen.lan.origin import certificate_names

FOLDER = "tls"


def prepare(
    data_dir: Path, origin: str, given: CertificateFiles | None, now_us: int
) -> tuple[CertificateFiles, Path | None]:
    """The server's certificate, and the authority's where it is our own."""
    if given is not None:
        return given, None
    folder = data_dir / FOLDER
    authority = ensure_authority(folder, now_us)
    return ensure_certificate(folder, authority, certificate_names(origin), now_us), authority.certificate


def only_as(app: FastAPI, origin: str) -> FastAPI:
    """Leads whoever came by another host name or address to the public origin: a store belongs to one origin."""
    host = urlsplit(origin).netloc

    @app.middleware("http")
    async def to_public_origin(request: Request, call_next: RequestResponseEndpoint) -> Response:
        if request.headers.get("host") == host or request.url.path == "/healthz":
            return await call_next(request)
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{origin}{request.url.path}{query}", 307)

    return app


def serve_lan(
    app: FastAPI, origin: str, files: CertificateFiles, authority: Path | None, host: str, port: int, connect_port: int
) -> None:
    """Serves until it is told to stop."""
    guide = connect_app(origin, authority, fingerprint(authority) if authority else "")
    plain = uvicorn.Server(uvicorn.Config(guide, host=host, port=connect_port, log_level="warning"))
    thread = threading.Thread(target=plain.run, name="connect", daemon=True)
    thread.start()
    try:
        uvicorn.run(
            only_as(app, origin),
            host=host,
            port=port,
            log_level="warning",
            ssl_certfile=str(files.certificate),
            ssl_keyfile=str(files.key),
        )
    finally:
        plain.should_exit = True
        thread.join(10)
