"""The office's style sheet, made from the same palette as the app, and the fonts that it paints with.

A page must not depend on what the machine has installed: where there is no Chinese font, it would show boxes.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, Response

from shared.palette import DARK, LIGHT, Palette
from sync_server.office.shell.assets import FOREVER, PREFIX, Assets

FOLDER = Path(__file__).parents[1] / "templates" / "style"
SHEETS = ("page.css", "forms.css", "tables.css", "menu.css", "phone.css", "print.css")
"""In the order in which they apply."""

RARE = "U+2E80-2FDF,U+3000-9FFF,U+F900-FAFF,U+20000-323AF"


class Face(NamedTuple):
    """One font of the office; without a range it is for every character that it has."""

    family: str
    weight: int
    file: str
    kind: str
    range: str = ""


FACES = (
    Face("Mumen", 400, "common.woff", "woff"),
    Face("Mumen", 600, "common-semibold.woff", "woff"),
    Face("Mumen Whole", 400, "whole.ttf", "truetype", RARE),
    Face("Mumen Whole", 600, "whole-semibold.ttf", "truetype", RARE),
)
"""Common characters at once, and 10 MB more only where a rare name stands."""


def style_sheet(assets: Assets) -> str:
    """The fonts, the colours of both schemes, then the rules that use them."""
    return font_faces(assets) + _rules()


def style_url(assets: Assets) -> str:
    """The sheet's address, which changes with the sheet."""
    return f"{PREFIX}/style.css?v={_version(style_sheet(assets))}"


def style_router(assets: Assets) -> APIRouter:
    """Serves the sheet."""
    router = APIRouter(include_in_schema=False)

    @router.get(f"{PREFIX}/style.css")
    async def style(v: str = "") -> Response:
        sheet = style_sheet(assets)
        caching = FOREVER if v == _version(sheet) else "no-cache"
        return Response(sheet, media_type="text/css", headers={"Cache-Control": caching})

    return router


def font_faces(assets: Assets) -> str:
    """The faces that were built; a browser fetches one when it meets a character that it is for."""
    return "".join(_face(face, url) for face in FACES if (url := assets.url(face.file)))


def _face(face: Face, url: str) -> str:
    rules = [
        f'font-family:"{face.family}"',
        f"font-weight:{face.weight}",
        "font-display:swap",
        f'src:url("{url}") format("{face.kind}")',
        *([f"unicode-range:{face.range}"] if face.range else []),
    ]
    return f"@font-face{{{';'.join(rules)}}}\n"


@cache
def _rules() -> str:
    rules = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in SHEETS)
    dark = f"@media (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}"
    return f":root{{color-scheme:light dark;{_variables(LIGHT)}}}{dark}\n{rules}"


def _variables(palette: Palette) -> str:
    plain = ("ink", "muted", "paper", "card", "line", "wood", "on_wood")
    pairs = [f"--{name.replace('_', '-')}:{getattr(palette, name)}" for name in plain]
    for name, role in palette.roles.items():
        pairs += [f"--{name}:{role.text}", f"--{name}-ground:{role.ground}"]
    return ";".join(pairs)


def _version(sheet: str) -> str:
    return hashlib.sha256(sheet.encode()).hexdigest()[:12]
