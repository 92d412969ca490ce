"""What the office shows when something cannot be shown: a sentence in both languages, a next step, nothing typed lost.

Paths of machines get JSON instead.
"""

import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from shared.words import Phrase
from sync_server.errors import (
    DatabaseAway,
    NotNow,
    RequestFault,
    StorageFull,
    http_fault,
    internal_error,
    wrong_shape,
)
from sync_server.office.shell.errand import errand_of, typed_fields
from sync_server.office.shell.errors import NeedsSignIn, OfficeFault
from sync_server.office.shell.forms import text_of
from sync_server.office.shell.page import page
from sync_server.office.shell.sessions import ask_to_sign_in
from sync_server.office.shell.viewer import Viewer, viewer_of
from sync_server.office.shell.words import GO_HOME
from sync_server.services import services_of

LOG = logging.getLogger(__name__)
MACHINE_PATHS = ("/v1/", "/app/", "/docs", "/openapi.json", "/healthz")
NO_PAGE = Phrase("没有这个页面", "There is no such page")
WRONG_ADDRESS = Phrase("网址不对", "Wrong address")
OTHER_FAULT = Phrase("不能这样做（{detail}）", "This cannot be done ({detail})")
BUSY = Phrase("服务器繁忙", "The server is busy")
DISK_FULL = Phrase("服务器的磁盘满了", "The server's disk is full")
DATABASE_AWAY = Phrase("服务器的数据库暂时不能用", "The server's database cannot be used just now")
BUSY_ADVICE = Phrase("还没有保存。请等几秒，再试一次。", "Nothing was saved yet. Wait some seconds and try again.")
ERROR = Phrase("服务器出错了", "The server failed")
ERROR_ADVICE = Phrase(
    "请再试一次；如果还是不行，请把错误编号告诉管理员。",
    "Try again; if it fails again, tell your administrator the error number.",
)
TYPED_IS_KEPT = Phrase(
    "{advice}您填的内容还在这一页里：点“再试一次”就行，不会重复保存。",
    "{advice} What you typed is kept in this page: just press 'Try again', it is saved only once.",
)


SIGNED_OUT = Phrase(
    "您的登录已过期。您填的内容还在：登录以后接着提交。",
    "You were signed out meanwhile. What you typed is kept: sign in, then send it.",
)


def install_faults(app: FastAPI) -> None:
    """Adds an answer in words for whatever goes wrong."""
    _install_refusals(app)
    _install_failures(app)


def _install_refusals(app: FastAPI) -> None:
    """A page in words for whatever cannot be shown."""

    @app.exception_handler(NeedsSignIn)
    async def to_sign_in(request: Request, _fault: NeedsSignIn) -> Response:
        # HTMX would put the sign-in page into the middle of a form; it leaves the page alone after a 401.
        return Response(status_code=401) if "hx-request" in request.headers else await _sign_in_first(request)

    @app.exception_handler(OfficeFault)
    async def show_fault(request: Request, fault: OfficeFault) -> Response:
        return await _fault_page(request, fault)

    @app.exception_handler(RequestValidationError)
    async def show_wrong_address(request: Request, fault: RequestValidationError) -> Response:
        if request.url.path.startswith(MACHINE_PATHS):
            return _machine_fault(wrong_shape(str(fault.errors())))
        return await _fault_page(request, OfficeFault(422, WRONG_ADDRESS, GO_HOME))

    @app.exception_handler(HTTPException)
    async def show_http(request: Request, fault: HTTPException) -> Response:
        if request.url.path.startswith(MACHINE_PATHS):
            return _machine_fault(http_fault(fault.status_code, str(fault.detail)), fault.headers)
        is_missing = fault.status_code in {404, 405}  # 405: the address of a button, typed into the browser
        title = NO_PAGE if is_missing else OTHER_FAULT.filled(detail=fault.detail)
        return await _fault_page(request, OfficeFault(fault.status_code, title, GO_HOME))


def _install_failures(app: FastAPI) -> None:
    """A page that keeps what was typed for whatever is the server's own fault."""

    @app.exception_handler(NotNow)
    async def show_not_now(request: Request, fault: NotNow) -> Response:
        if request.url.path.startswith(MACHINE_PATHS):
            return _machine_fault(fault)
        shown = await _fault_page(request, OfficeFault(fault.status, _why_not_now(fault), BUSY_ADVICE))
        shown.headers.update(fault.headers)
        return shown

    @app.exception_handler(Exception)
    async def show_error(request: Request, error: Exception) -> Response:
        error_id = services_of(request).mint.new_id()[-8:]
        LOG.error("error %s: %s %s", error_id, request.method, request.url.path, exc_info=error)
        if request.url.path.startswith(MACHINE_PATHS):
            return _machine_fault(internal_error(error_id))
        return await _fault_page(request, OfficeFault(500, ERROR, ERROR_ADVICE), error_id)


def _machine_fault(fault: RequestFault, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(fault.fault.model_dump(mode="json"), fault.status, headers={**fault.headers, **(headers or {})})


async def _sign_in_first(request: Request) -> Response:
    try:
        errand = await errand_of(request)
    except OfficeFault as fault:
        return await _fault_page(request, fault)
    if not errand.fields:
        return RedirectResponse(errand.sign_in_path, 303)
    return ask_to_sign_in(request, errand, complaint=SIGNED_OUT, status=401)


def _why_not_now(fault: NotNow) -> Phrase:
    match fault:
        case StorageFull():
            return DISK_FULL
        case DatabaseAway():
            return DATABASE_AWAY
        case _:
            return BUSY


async def _fault_page(request: Request, fault: OfficeFault, error_id: str = "") -> HTMLResponse:
    typed = _typed(request, fault)
    advice = TYPED_IS_KEPT.filled(advice=fault.advice) if typed else fault.advice
    context = {
        "title": fault.title,
        "advice": advice,
        "error_id": error_id,
        "typed": typed,
        "way_on": fault.way_on,
        "is_locked_out": fault.status == 403,
    }
    return page(request, "fault.html", await _reader(request, fault), context, fault.status)


async def _reader(request: Request, fault: OfficeFault) -> Viewer | None:
    """Who reads the page, if that can be found out: with the menu around it they can go on from there."""
    if fault.status >= 500:
        return None  # whatever failed may fail again
    try:
        return await viewer_of(request)
    except (NeedsSignIn, OfficeFault, NotNow):
        return None


def _typed(request: Request, fault: OfficeFault) -> list[tuple[str, str]]:
    """The fields to send again where the fault is the server's; its keys make sure that they count once."""
    form: FormData | None = getattr(request.state, "typed", None)
    if form is None or fault.status not in {500, 503} or not (fields := typed_fields(form)):
        return []
    return [("csrf", text_of(form, "csrf")), *fields]
