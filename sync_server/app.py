"""The server as one FastAPI application; the composition root brings its services."""

from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import text

from shared.version import VERSION
from sync_server import office
from sync_server.api import enrol, photos, pictures, sync
from sync_server.api.description import ABOUT, describe
from sync_server.app_files import AppFiles
from sync_server.devices.requests import BODY_BYTES_MAX
from sync_server.errors import RequestFault
from sync_server.services import Services
from sync_server.slow_bodies import SlowBodies

BODY_READ_MAX = 4 * BODY_BYTES_MAX
"""Of a request by a device. More than `BODY_BYTES_MAX` is refused in words, more than this without a look at it."""


def create_app(services: Services, build_dir: Path | None = None) -> FastAPI:
    """The application over these services; `build_dir` holds the built PWA, the fonts and the office's script."""
    app = FastAPI(title="木门 Mumen", version=VERSION, description=ABOUT, docs_url=None, redoc_url=None)
    describe(app)
    app.state.services = services
    app.add_middleware(SlowBodies)
    for interface in (enrol, sync, photos, pictures):
        app.include_router(interface.router, max_body_size=BODY_READ_MAX)

    @app.get("/healthz", tags=["operation"])
    async def health() -> dict[str, str | int]:
        """Answers when the database does."""
        await services.read(lambda session: session.execute(text("SELECT 1")).scalar_one())
        return {"status": "ok", "server_epoch": services.identity.epoch}

    @app.exception_handler(RequestFault)
    async def answer_fault(_request: Request, fault: RequestFault) -> Response:
        body = fault.fault.model_dump(mode="json")
        return JSONResponse(body, fault.status, headers=fault.headers)

    office.install(app, build_dir)
    app_dir = build_dir / "app" if build_dir else None
    if app_dir is not None and app_dir.is_dir():
        app.mount("/app", AppFiles(directory=app_dir, html=True), name="app")
    return app
