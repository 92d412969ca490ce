"""The server as one FastAPI application; the composition root brings its services."""

import logging
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy import text

from sync_server import office
from sync_server.api import enrol, sync
from sync_server.errors import RequestFault
from sync_server.services import Services

LOG = logging.getLogger(__name__)


def create_app(services: Services, build_dir: Path | None = None) -> FastAPI:
    """The application over these services; `build_dir` holds the built PWA, the fonts and the office's script."""
    app = FastAPI(title="Mumen", version="0.1.0", docs_url="/docs", redoc_url=None)
    app.state.services = services
    app.include_router(enrol.router)
    app.include_router(sync.router)

    @app.get("/healthz", tags=["operation"])
    async def health() -> dict[str, str | int]:
        """Answers when the database does."""
        await services.read(lambda session: session.execute(text("SELECT 1")).scalar_one())
        return {"status": "ok", "server_epoch": services.identity.epoch}

    @app.exception_handler(RequestFault)
    async def answer_fault(_request: Request, fault: RequestFault) -> Response:
        body = fault.fault.model_dump(mode="json")
        return JSONResponse(body, fault.status, headers=fault.headers)

    office.install(app, build_dir / "office" if build_dir else None, build_dir / "fonts" if build_dir else None)
    app_dir = build_dir / "app" if build_dir else None
    if app_dir is not None and app_dir.is_dir():
        app.mount("/app", StaticFiles(directory=app_dir, html=True), name="app")
    return app
