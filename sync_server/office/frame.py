"""What every page of the office needs: who looks, the templates, the guards of forms, and commands in their name."""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader
from sqlmodel import SQLModel
from starlette.datastructures import FormData
from starlette.types import Message

from shared import words as terms
from shared.canonical import canonical_json, sha256_hex
from shared.rules.permissions import Right, may
from shared.schemas.identifiers import DEFAULT_OFFSET_MIN
from shared.schemas.people import Person
from shared.schemas.production import Site
from shared.schemas.sync import Verdict
from shared.words import Phrase
from sync_server import auth, intake
from sync_server.errors import NotNow
from sync_server.intake import Submission
from sync_server.moment import Moment
from sync_server.office import words
from sync_server.office.assets import ICON, Assets
from sync_server.office.language import Language, language_of, said_in
from sync_server.office.style import style_url
from sync_server.rows import SessionRows
from sync_server.services import Services

COOKIE = "mumen_office"
FORM_BYTES_MAX = 2_000_000
UPLOAD_READ_MAX = 256_000_000
UNREADABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]")
NOT_PERMITTED = (
    Phrase("没有权限", "Not permitted"),
    Phrase("请找主管开通，或换一个账号登录。", "Ask a manager for it, or sign in as somebody else."),
)
CROSS_SITE = (
    Phrase("请求来自别的网站", "A form from another site"),
    Phrase("请从本系统的页面重新提交。", "Send it again from a page of this system."),
)
EXPIRED = (
    Phrase("页面已过期", "The page has expired"),
    Phrase(
        "请返回、刷新页面后再提交一次；没有任何内容被改动。",
        "Go back, reload the page and send it again; nothing was changed.",
    ),
)
TOO_LARGE = Phrase("内容太大", "Too large")
TOO_LARGE_ADVICE = Phrase(
    "一次最多 {most} MB，没有任何内容被改动。请返回，选一个小一点的文件。",
    "At most {most} MB at once; nothing was changed. Go back and choose a smaller file.",
)
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
cast("dict[str, object]", TEMPLATES.globals).update(words=words, terms=terms, Right=Right)


class OfficeFault(Exception):  # noqa: N818 - named as the other faults are
    """A page that cannot be shown, or a form that cannot be taken: a status and sentences that say what to do."""

    def __init__(self, status: int, title: Phrase, advice: Phrase) -> None:
        """Say what is wrong and what to do next."""
        super().__init__(title.en)
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

    @property
    def sees_customers(self) -> bool:
        """Whether this person may know whose order it is."""
        return self.may(Right.SEE_CUSTOMERS)

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


def assets_of(request: Request) -> Assets:
    """What the build laid down beside the pages."""
    assets: Assets = request.app.state.assets
    return assets


async def viewer_of(request: Request, right: Right = Right.SEE_OFFICE) -> Viewer:
    """Who is signed in. Raises `NeedsSignIn`, or `OfficeFault` 403 where the right is missing."""
    services, token = services_of(request), request.cookies.get(COOKIE, "")
    now_us = services.now_us()

    def read(session: Any) -> tuple[Viewer, bool] | None:
        known = auth.find_session(session, token, now_us)
        rows = SessionRows(session)
        person = rows.get(Person, known.person_id) if known else None
        if known is None or person is None or not person.is_active:
            return None
        site = rows.get(Site, person.site_id)
        viewer = Viewer(person, known.csrf_token, site.utc_offset_min if site else DEFAULT_OFFSET_MIN)
        return viewer, auth.is_seen_long_ago(known, now_us)

    found = await services.read(read)
    if found is None:
        raise NeedsSignIn
    viewer, is_seen_long_ago = found
    with contextlib.suppress(NotNow):  # a page is worth more than knowing to the minute who reads it
        if is_seen_long_ago:
            await services.write(lambda session: auth.note_seen(session, token, now_us))
    if not viewer.may(right):
        raise OfficeFault(403, *NOT_PERMITTED)
    return viewer


async def read_form(request: Request, viewer: Viewer | None, bytes_max: int = FORM_BYTES_MAX) -> FormData:
    """The form, after its guards: from our own page, not too large, with the session's token."""
    if not _is_from_here(request):
        raise OfficeFault(403, *CROSS_SITE)
    form = await (await _limited(request, bytes_max)).form(max_fields=5_000)
    if viewer is None:
        return form
    if not auth.is_csrf_token(viewer.csrf_token, text_of(form, "csrf")):
        await form.close()
        raise OfficeFault(403, *EXPIRED)
    request.state.typed = form
    return form


def _is_from_here(request: Request) -> bool:
    """Whether the browser says that one of our own pages sent this; `Origin: null` is anybody's page."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")


async def _limited(request: Request, bytes_max: int) -> Request:
    """The same request with its body in memory. Raises `OfficeFault` 413 where that is more than `bytes_max`.

    Past the limit it reads on without keeping anything: a browser shows no answer before it could send everything.
    """
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= bytes_max:
            body += chunk
        elif size > UPLOAD_READ_MAX:
            break
        else:
            body.clear()
    if size > bytes_max:
        raise OfficeFault(413, TOO_LARGE, TOO_LARGE_ADVICE.filled(most=bytes_max // 1_000_000))

    async def receive() -> Message:
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    return Request(request.scope, receive)


def text_of(form: FormData, name: str) -> str:
    """A field's text as people can read it, stripped; empty where it is missing or a file."""
    value = form.get(name)
    return readable(value).strip() if isinstance(value, str) else ""


def readable(text: str) -> str:
    """Without control characters, and without those that turn the direction of what stands beside them."""
    return UNREADABLE.sub("", text)


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
    language, assets = language_of(request), assets_of(request)

    def t(zh: str, en: str) -> str:
        return en if language is Language.ENGLISH else zh

    say = partial(said_in, language=language)

    def said(table: Mapping[str, Phrase]) -> list[tuple[str, str]]:
        return [(key, say(phrase)) for key, phrase in table.items()]

    text = TEMPLATES.get_template(template).render(
        request=request,
        viewer=viewer,
        is_demo=services_of(request).is_demo,
        language=language,
        t=t,
        say=say,
        said=said,
        say_otherwise=partial(said_in, language=language.other),
        back=_way_back(request),
        icon=ICON,
        style=style_url(assets),
        script=assets.url("htmx.js"),
        **(context or {}),
    )
    return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})


def _way_back(request: Request) -> str:
    """Where the other language leads: this page, or the one that its form stood on."""
    if request.method != "GET":
        return "/" + request.url.path.split("/")[1]
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


async def submit(request: Request, viewer: Viewer, command: SQLModel, key: str) -> Verdict:
    """The verdict of a command in this person's name; the same key with the same content is one command."""
    services = services_of(request)
    moment = services.moment()
    submission = submission_of(viewer, command, key, moment)
    return await services.write(lambda session: intake.submit(session, submission, moment))


def submission_of(viewer: Viewer, command: SQLModel, key: str, moment: Moment) -> Submission:
    """The command in this person's name.

    A form that somebody goes back to, changes and sends once more says something else: that is another command.
    """
    body: dict[str, Any] = command.model_dump(mode="json")
    return Submission(
        origin=f"user:{viewer.person.id}",
        key=f"{key}/{sha256_hex(canonical_json(body))[:16]}",
        body=body,
        command=body,
        event_time_us=moment.record_time_us,
        event_offset_min=viewer.utc_offset_min,
        person_id=viewer.person.id,
    )
