"""What somebody was about to do when they had to sign in first: a page to open, or a form to send again."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import FormData

from sync_server.office.shell.forms import read_form, text_of

TO, FIELDS = "to", "fields"
_PAIRS = TypeAdapter(list[tuple[str, str]])


@dataclass(frozen=True)
class Errand:
    """Where to go after signing in; with `fields`, what was typed there and has not been taken in yet."""

    to: str = "/"
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def fields_json(self) -> str:
        """The fields as they are carried through the sign-in page."""
        return json.dumps(self.fields, ensure_ascii=False) if self.fields else ""

    @property
    def sign_in_path(self) -> str:
        """The sign-in page that leads on to `to`."""
        return "/sign-in" if self.to == "/" else f"/sign-in?{TO}={quote(self.to)}"


def local_path(text: str) -> str:
    """The path where it is one of this server; else the first page."""
    is_here = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if is_here else "/"


async def errand_of(request: Request) -> Errand:
    """What this request wanted. Raises `OfficeFault` where a form came from another site, or is too large."""
    path = request.url.path
    if request.method != "POST":
        return Errand(f"{path}?{request.url.query}" if request.url.query else path)
    if path == "/sign-out":
        return Errand()
    return Errand(path, typed_fields(await read_form(request, None)))


def carried(form: FormData) -> Errand:
    """The errand that a sign-in page has carried."""
    try:
        fields = tuple(_PAIRS.validate_json(text_of(form, FIELDS) or "[]"))
    except ValidationError:
        fields = ()
    return Errand(local_path(text_of(form, TO)), fields)


def typed_fields(form: FormData) -> tuple[tuple[str, str], ...]:
    """The form's fields to send again, but for the session's token; nothing where it holds a file, which cannot be."""
    if any(not isinstance(value, str) for value in form.values()):
        return ()
    return tuple((name, value) for name, value in form.multi_items() if isinstance(value, str) and name != "csrf")
