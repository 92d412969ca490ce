"""Signing in and out."""

import secrets

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from sync_server import auth
from sync_server.auth import NewSession, SignInProblem
from sync_server.office.frame import COOKIE, page, read_form, services_of, text_of, viewer_of

router = APIRouter(include_in_schema=False)
COMPLAINTS = {
    SignInProblem.WRONG: "工号或密码不对，请再试。连错 5 次会锁 15 分钟。",
    SignInProblem.LOCKED: "试错太多，这个账号锁 15 分钟；其他人不受影响。",
}


@router.get("/sign-in")
async def sign_in_page(request: Request) -> Response:
    """The form."""
    return page(request, "sign_in.html", None, {"number": "", "complaint": ""})


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Lets somebody in, or says why not."""
    services = services_of(request)
    form = await read_form(request, None)
    number, password = text_of(form, "number"), str(form.get("password") or "")
    token, now_us = secrets.token_urlsafe(32), services.now_us()
    answer = await services.write(lambda session: auth.sign_in(session, number, password, token, now_us))
    if not isinstance(answer, NewSession):
        context = {"number": number, "complaint": COMPLAINTS[answer]}
        return page(request, "sign_in.html", None, context, 429 if answer is SignInProblem.LOCKED else 401)
    redirect = RedirectResponse("/", 303)
    is_secure = services.public_url.startswith("https://")
    redirect.set_cookie(
        COOKIE, token, max_age=auth.SESSION_US // 1_000_000, httponly=True, samesite="lax", secure=is_secure
    )
    return redirect


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
