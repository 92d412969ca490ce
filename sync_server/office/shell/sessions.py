"""Signing in and out, and the language of the pages."""

import secrets
from typing import cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.words import Phrase
from sync_server import auth
from sync_server.auth import NewSession, SignInProblem
from sync_server.office.shell.errand import Errand, carried, local_path
from sync_server.office.shell.forms import read_form, text_of
from sync_server.office.shell.language import COOKIE as LANGUAGE_COOKIE
from sync_server.office.shell.language import NOTHING, Language
from sync_server.office.shell.page import page
from sync_server.office.shell.viewer import COOKIE, viewer_of
from sync_server.passwords import PasswordChecks
from sync_server.services import services_of

LANGUAGE_KEPT_S = 365 * 86_400

router = APIRouter(include_in_schema=False)
COMPLAINTS = {
    SignInProblem.WRONG: Phrase(
        "工号或密码不对，请再试。连错 5 次会锁 15 分钟。",
        "Number or password is wrong, try again. After 5 wrong tries it is locked for 15 minutes.",
    ),
    SignInProblem.LOCKED: Phrase(
        "试错太多，这个账号锁 15 分钟；其他人不受影响。",
        "Too many wrong tries: this number is locked for 15 minutes; nobody else is.",
    ),
}


@router.get("/sign-in")
async def sign_in_page(request: Request, to: str = "/") -> Response:
    """The form; afterwards it goes on to the page `to`."""
    return ask_to_sign_in(request, Errand(local_path(to)))


def ask_to_sign_in(
    request: Request, errand: Errand, number: str = "", complaint: Phrase = NOTHING, status: int = 200
) -> Response:
    """The sign-in page, with what somebody was about to do."""
    context = {"number": number, "complaint": complaint, "errand": errand}
    return page(request, "sign_in.html", None, context, status)


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Lets somebody in, or says why not."""
    services = services_of(request)
    form = await read_form(request, None)
    number, password = text_of(form, "number"), str(form.get("password") or "")
    errand, token, now_us = carried(form), secrets.token_urlsafe(32), services.now_us()
    answer = await _sign_in(request, number, password, token, now_us)
    if not isinstance(answer, NewSession):
        status = 429 if answer is SignInProblem.LOCKED else 401
        return ask_to_sign_in(request, errand, number, COMPLAINTS[answer], status)
    response: Response = RedirectResponse(errand.to, 303)
    if errand.fields:
        response = page(request, "go_on.html", None, {"errand": errand, "csrf": answer.csrf_token})
    is_secure = services.public_url.startswith("https://")
    response.set_cookie(
        COOKIE, token, max_age=auth.SESSION_US // 1_000_000, httponly=True, samesite="lax", secure=is_secure
    )
    return response


async def _sign_in(request: Request, number: str, password: str, token: str, now_us: int) -> NewSession | SignInProblem:
    """Reads, checks, writes: the check is slow, so no transaction is open meanwhile."""
    services, checks = services_of(request), cast("PasswordChecks", request.app.state.password_checks)
    known = await services.read(lambda session: auth.find_credentials(session, number, now_us))
    if known.is_locked:
        return SignInProblem.LOCKED
    checked = await checks.check(known.password_hash, password)
    return await services.write(lambda session: auth.sign_in(session, number, checked, token, now_us))


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Ends the session."""
    viewer = await viewer_of(request)
    await read_form(request, viewer)
    token = request.cookies.get(COOKIE, "")
    await services_of(request).write(lambda session: auth.sign_out(session, token))
    redirect = RedirectResponse("/sign-in", 303)
    redirect.delete_cookie(COOKIE)
    return redirect


@router.get("/language")
async def choose_language(to: Language, back: str = "/") -> Response:
    """Remembers the language in this browser and goes back to the page that was open."""
    redirect = RedirectResponse(local_path(back), 303)
    keep_language(redirect, to)
    return redirect


def keep_language(response: Response, language: Language) -> None:
    """Puts the language into the browser's cookie."""
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=LANGUAGE_KEPT_S, httponly=True, samesite="lax")
