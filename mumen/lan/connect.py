"""What is served over plain HTTP: the way to trust this server, its authority's certificate, and fonts to read it."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader

from mumen.lan.addresses import is_address
from mumen.lan.authority import fingerprint
from mumen.serving.origin import host_of
from sync_server.office.devices.devices import qr_svg
from sync_server.office.shell.assets import FONTS, ICON, Assets, asset_router
from sync_server.office.shell.style import style_sheet

CERTIFICATE_PATH = "/mumen-ca.crt"
_FOLDER = Path(__file__).parent
_TEMPLATES = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)


@dataclass(frozen=True)
class Guide:
    """What the guide tells a tablet; without `authority` the network trusts the server's certificate already."""

    origin: str
    address: str
    """This machine's IP address on the network."""
    port: int
    connect_port: int
    authority: Path | None

    @property
    def host(self) -> str:
        """The host name or address in the origin."""
        return host_of(self.origin)


def connect_app(guide: Guide, assets: Assets) -> FastAPI:
    """The guide at `/connect` with its fonts; every other path leads there."""
    certificate = guide.authority.read_bytes() if guide.authority is not None else None
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(asset_router(assets, FONTS))

    @app.get("/connect")
    async def connect() -> Response:
        return HTMLResponse(_page(guide, assets), headers={"Cache-Control": "no-store"})

    @app.get(CERTIFICATE_PATH)
    async def authority() -> Response:
        if certificate is None:
            return RedirectResponse("/connect", 302)
        headers = {"Content-Disposition": 'attachment; filename="mumen-ca.crt"'}
        return Response(certificate, media_type="application/x-x509-ca-cert", headers=headers)

    @app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "DELETE"])
    async def elsewhere(path: str, request: Request) -> Response:
        del path, request
        return RedirectResponse("/connect", 302)

    return app


def _page(guide: Guide, assets: Assets) -> str:
    url = f"{guide.origin}/app/"
    return _TEMPLATES.get_template("connect.html").render(
        guide=guide,
        url=url,
        origin=guide.origin,
        qr=qr_svg(url),
        digest=fingerprint(guide.authority) if guide.authority is not None else "",
        has_authority=guide.authority is not None,
        is_named=not is_address(guide.host),
        by_address=f"https://{guide.address}:{guide.port}",
        style=style_sheet(assets),
        icon=ICON,
        script=(_FOLDER / "connect.js").read_text(encoding="utf-8"),
        path=CERTIFICATE_PATH,
    )
