"""The office: server-rendered pages, one router a page. They work without JavaScript; HTMX makes them quicker."""

from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from sync_server.office import devices, home, label_sheets, orders, pieces, sessions
from sync_server.office.frame import NeedsSignIn, OfficeFault, page
from sync_server.office.style import style_sheet

MACHINE_PATHS = ("/v1/", "/app/", "/docs", "/openapi.json", "/healthz")


def install(app: FastAPI, static_dir: Path | None, fonts_dir: Path | None) -> None:
    """Adds the office's pages, its style, and answers for people to every path that is not a machine's."""
    app.state.fonts_dir = fonts_dir
    for router in (sessions.router, home.router, orders.router, pieces.router, devices.router, label_sheets.router):
        app.include_router(router)

    @app.get("/static/style.css", include_in_schema=False)
    async def style() -> Response:
        return Response(style_sheet(), media_type="text/css", headers={"Cache-Control": "no-cache"})

    @app.get("/static/htmx.js", include_in_schema=False)
    async def htmx() -> Response:
        script = static_dir / "htmx.min.js" if static_dir is not None else None
        if script is None or not script.exists():
            return Response("/* not built; the pages work without it */", media_type="text/javascript")
        return FileResponse(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    _install_faults(app)


def _install_faults(app: FastAPI) -> None:
    """A page in words for whatever cannot be shown."""

    @app.exception_handler(NeedsSignIn)
    async def to_sign_in(_request: Request, _fault: NeedsSignIn) -> Response:
        return RedirectResponse("/sign-in", 303)

    @app.exception_handler(OfficeFault)
    async def show_fault(request: Request, fault: OfficeFault) -> Response:
        return _fault_page(request, fault)

    @app.exception_handler(RequestValidationError)
    async def show_wrong_address(request: Request, fault: RequestValidationError) -> Response:
        if request.url.path.startswith(MACHINE_PATHS):
            return await request_validation_exception_handler(request, fault)
        return _fault_page(request, OfficeFault(422, "网址不对 Wrong address", "请检查网址，或回到首页。"))

    @app.exception_handler(HTTPException)
    async def show_http(request: Request, fault: HTTPException) -> Response:
        if request.url.path.startswith(MACHINE_PATHS):
            return JSONResponse({"detail": fault.detail}, fault.status_code, headers=fault.headers)
        shown = OfficeFault(fault.status_code, f"没有这个页面 {fault.detail}", "请检查网址，或回到首页。")
        return _fault_page(request, shown)


def _fault_page(request: Request, fault: OfficeFault) -> HTMLResponse:
    return page(request, "fault.html", None, {"title": fault.title, "advice": fault.advice}, fault.status)
