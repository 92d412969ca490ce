"""The colours of app and office, from one place: the app's theme and the office's style sheet are both made from them.

Every status is colour and icon and word; the four roles mean the same everywhere.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class RoleColours:
    """A status role: text on its own ground. Colours are `#RRGGBB`."""

    text: str
    ground: str


@dataclass(frozen=True)
class Palette:
    """One scheme. `wood` is the brand: bars and the main button, under `on_wood` text."""

    ink: str
    muted: str
    paper: str
    card: str
    line: str
    wood: str
    on_wood: str
    ok: RoleColours
    wait: RoleColours
    stop: RoleColours
    info: RoleColours

    @property
    def roles(self) -> dict[str, RoleColours]:
        """The four roles by the names that outcomes use; a repeat is news of nothing."""
        return {"ok": self.ok, "wait": self.wait, "stop": self.stop, "info": self.info, "repeat": self.info}


LIGHT = Palette(
    ink="#1B1A17",
    muted="#6B6558",
    paper="#F6F3EC",
    card="#FFFFFF",
    line="#DDD5C6",
    wood="#7A4A21",
    on_wood="#FFFFFF",
    ok=RoleColours("#1B7548", "#DDF1E6"),
    wait=RoleColours("#905B00", "#FBEBCB"),
    stop=RoleColours("#B3261E", "#F9DEDC"),
    info=RoleColours("#1F5FA8", "#DCE8F6"),
)

DARK = Palette(
    ink="#F3EEE4",
    muted="#B5AD9D",
    paper="#171512",
    card="#221F1A",
    line="#3C372F",
    wood="#5E3817",
    on_wood="#FFFFFF",
    ok=RoleColours("#8FE0B5", "#113422"),
    wait=RoleColours("#F5CB79", "#3B2A08"),
    stop=RoleColours("#FFB4AB", "#4A1512"),
    info=RoleColours("#A9CEFA", "#132C4A"),
)


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
