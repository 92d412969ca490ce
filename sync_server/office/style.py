"""The office's style sheet, made from the same palette as the app."""

from functools import cache
from pathlib import Path

from shared.palette import DARK, LIGHT, Palette


def _variables(palette: Palette) -> str:
    plain = ("ink", "muted", "paper", "card", "line", "wood", "on_wood")
    pairs = [f"--{name.replace('_', '-')}:{getattr(palette, name)}" for name in plain]
    for name, role in palette.roles.items():
        pairs += [f"--{name}:{role.text}", f"--{name}-ground:{role.ground}"]
    return ";".join(pairs)


@cache
def style_sheet() -> str:
    """The colours of both schemes, then the rules that use them."""
    rules = (Path(__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
    dark = f"@media (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}"
    return f":root{{color-scheme:light dark;{_variables(LIGHT)}}}{dark}\n{rules}"
