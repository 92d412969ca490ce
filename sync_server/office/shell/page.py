"""A template as a page, in the reader's language."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import cast

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

from shared import words as terms
from shared.label_code import pretty
from shared.lengths import millimetres
from shared.rules.permissions import Right
from shared.words import Phrase
from sync_server.office.shell import words
from sync_server.office.shell.assets import ICON, Assets
from sync_server.office.shell.language import Language, language_of, said_in
from sync_server.office.shell.style import style_url
from sync_server.office.shell.viewer import Viewer
from sync_server.services import services_of

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
cast("dict[str, object]", TEMPLATES.globals).update(
    words=words, terms=terms, Right=Right, pretty=pretty, millimetres=millimetres
)


def assets_of(request: Request) -> Assets:
    """What the build laid down beside the pages."""
    assets: Assets = request.app.state.assets
    return assets


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
