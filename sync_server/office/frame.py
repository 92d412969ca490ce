"""What every page of the office needs: who looks, the templates, the guards of forms, and commands in their name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader
from sqlmodel import SQLModel
from starlette.datastructures import FormData

from shared.rules.permissions import Right, may
from shared.schemas.people import Person
from shared.schemas.production import Site
from shared.schemas.sync import Verdict
from sync_server import auth, intake
from sync_server.intake import Submission
from sync_server.office import words
from sync_server.rows import SessionRows
from sync_server.services import Services

COOKIE = "mumen_office"
FORM_BYTES_MAX = 2_000_000
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
cast("dict[str, object]", TEMPLATES.globals)["words"] = words


class OfficeFault(Exception):  # noqa: N818 - named as the other faults are
    """A page that cannot be shown, or a form that cannot be taken: a status and sentences that say what to do."""

    def __init__(self, status: int, title: str, advice: str) -> None:
        """Say what is wrong and what to do next."""
        super().__init__(title)
        self.status = status
        self.title = title
        self.advice = advice


class NeedsSignIn(Exception):  # noqa: N818 - what it says
    """Nobody is signed in; the sign-in page comes first."""


@dataclass(frozen=True)
class Viewer:
    """Who looks at a page; `csrf_token` must come back with every form."""

    person: Person
    csrf_token: str
    utc_offset_min: int

    def may(self, right: Right) -> bool:
        """Whether this person has the right."""
        return may(self.person.roles, right)

    def when(self, at_us: int | None) -> str:
        """A time by the factory's clock."""
        if at_us is None:
            return "—"
        at = datetime.fromtimestamp(at_us / 1_000_000, UTC) + timedelta(minutes=self.utc_offset_min)
        return f"{at:%Y-%m-%d %H:%M}"


def services_of(request: Request) -> Services:
    """The services that the composition root brought."""
    services: Services = request.app.state.services
    return services


async def viewer_of(request: Request, right: Right = Right.SEE_OFFICE) -> Viewer:
    """Who is signed in. Raises `NeedsSignIn`, or `OfficeFault` 403 where the right is missing."""
    services, token = services_of(request), request.cookies.get(COOKIE, "")
    now_us = services.now_us()

    def read(session: Any) -> Viewer | None:
        known = auth.find_session(session, token, now_us)
        rows = SessionRows(session)
        person = rows.get(Person, known.person_id) if known else None
        if known is None or person is None or not person.is_active:
            return None
        site = rows.get(Site, person.site_id)
        return Viewer(person, known.csrf_token, site.utc_offset_min if site else 480)

    viewer = await services.read(read)
    if viewer is None:
        raise NeedsSignIn
    if not viewer.may(right):
        raise OfficeFault(403, "没有权限 Not permitted", "请找主管开通，或换一个账号登录。")
    return viewer


async def read_form(request: Request, viewer: Viewer | None) -> FormData:
    """The form, after its guards: from our own page, not too large, with the session's token."""
    origin = request.headers.get("origin")
    if origin not in {None, "null"} and urlsplit(origin or "").netloc != request.headers.get("host"):
        raise OfficeFault(403, "请求来自别的网站 Cross-site form", "请从本系统的页面重新提交。")
    if int(request.headers.get("content-length", "0")) > FORM_BYTES_MAX:
        raise OfficeFault(413, "内容太大 Too large", f"一次最多 {FORM_BYTES_MAX // 1_000_000} MB。")
    form = await request.form(max_fields=5_000)
    if viewer is not None and not auth.is_csrf_token(viewer.csrf_token, text_of(form, "csrf")):
        await form.close()
        raise OfficeFault(403, "页面已过期 The page has expired", "请返回、刷新页面后再提交一次；没有任何内容被改动。")
    return form


def text_of(form: FormData, name: str) -> str:
    """A field's text, stripped; empty where it is missing or a file."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def number_of(form: FormData, name: str, default: int) -> int:
    """A hidden field's number; the default where somebody has tampered with it."""
    text = text_of(form, name)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else default


def page(
    request: Request,
    template: str,
    viewer: Viewer | None,
    context: Mapping[str, object] | None = None,
    status: int = 200,
) -> HTMLResponse:
    """The template as a page; never kept by a cache, because people share computers."""
    text = TEMPLATES.get_template(template).render(
        request=request, viewer=viewer, is_demo=services_of(request).is_demo, **(context or {})
    )
    return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})


async def submit(request: Request, viewer: Viewer, command: SQLModel, key: str) -> Verdict:
    """The verdict of a command in this person's name; the same key twice is one command."""
    services = services_of(request)
    body: dict[str, Any] = command.model_dump(mode="json")
    now_us = services.now_us()
    submission = Submission(
        origin=f"user:{viewer.person.id}",
        key=key,
        body=body,
        command=body,
        event_time_us=now_us,
        event_offset_min=viewer.utc_offset_min,
        person_id=viewer.person.id,
    )
    mint, epoch = services.mint, services.identity.epoch
    return await services.write(lambda session: intake.submit(session, submission, mint, now_us, epoch))
