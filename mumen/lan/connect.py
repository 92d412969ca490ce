"""What is served over plain HTTP, and nothing else: the way to trust this server, and its authority's certificate."""

from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader

from sync_server.office.devices import qr_svg
from sync_server.office.style import style_sheet

CERTIFICATE_PATH = "/mumen-ca.crt"
_TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)


def connect_app(origin: str, certificate: Path | None, digest: str) -> FastAPI:
    """The guide at `/connect`; every other path leads there. Without `certificate` the network trusts us already."""
    content = certificate.read_bytes() if certificate is not None else None
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/connect")
    async def connect() -> Response:
        url = f"{origin}/app/"
        text = _TEMPLATES.get_template("connect.html").render(
            url=url, origin=origin, qr=qr_svg(url), digest=digest, has_authority=certificate is not None,
            style=style_sheet(), path=CERTIFICATE_PATH,
        )  # fmt: skip
        return HTMLResponse(text, headers={"Cache-Control": "no-store"})

    @app.get(CERTIFICATE_PATH)
    async def authority() -> Response:
        if content is None:
            return RedirectResponse("/connect", 302)
        headers = {"Content-Disposition": 'attachment; filename="mumen-ca.crt"'}
        return Response(content, media_type="application/x-x509-ca-cert", headers=headers)

    @app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "DELETE"])
    async def elsewhere(path: str, request: Request) -> Response:
        del path, request
        return RedirectResponse("/connect", 302)

    return app
