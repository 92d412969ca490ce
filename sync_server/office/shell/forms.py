"""Forms as browsers send them: from our own page, not too large, with the session's token; their fields as text."""

import re
import unicodedata

from fastapi import Request
from starlette.datastructures import FormData
from starlette.types import Message

from shared.words import Phrase
from sync_server import auth
from sync_server.office.shell.errors import OfficeFault
from sync_server.office.shell.viewer import Viewer

FORM_BYTES_MAX = 2_000_000
UPLOAD_READ_MAX = 256_000_000
UNREADABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]")
_HALF_WIDTH = {
    ord(wide): unicodedata.normalize("NFKC", wide)
    for first, last in ("－－", "ＡＺ", "ａｚ", "０９")
    for wide in map(chr, range(ord(first), ord(last) + 1))
}
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


def half_width(text: str) -> str:
    """With the letters, digits and hyphens of a Chinese input method as those of a code."""
    return text.translate(_HALF_WIDTH)


def number_of(form: FormData, name: str, default: int) -> int:
    """A hidden field's number; the default where somebody has tampered with it."""
    text = text_of(form, name)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else default
