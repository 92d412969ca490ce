"""What a scanner gun typed, as `web/static/wedge.js` reports it: which codes that is, and how the gun is set.

A gun set to the keyboard of this device is right by what the keyboard's layout makes of its keys, whatever the layout.
A gun set to the American keyboard is right by its physical keys, whatever the device's layout, input method or caps
lock. The check characters say which of the two it is.
"""

import json
from dataclasses import dataclass
from typing import Any

from shared.label_code import LENGTH, CodeProblem, NotACode, parse, parse_joined

UNREADABLE = "\ufffd"
"""A character that the page is not told."""

PREFIX_MAX = 3
SLOW_GAP_MS = 60
"""A wider gap between two keys is nearly a person's: a gun on bad Bluetooth."""


@dataclass(frozen=True)
class Keystrokes:
    """One burst of keys. `typed` by the physical keys of an American keyboard, `shown` by the layout of this device."""

    typed: str
    shown: str
    widest_gap_ms: int = 0
    total_ms: int = 0
    end: str = "Enter"
    """The key that ended it; empty where silence did."""
    has_input_method: bool = False
    has_caps_lock: bool = False
    has_numpad: bool = False


WAY_BACK = "BrowserBack"
"""What the page reports as the end of no keys at all: somebody pressed the browser's or the phone's way back."""


def read_keystrokes(message: str) -> Keystrokes:
    """The page's message, which is JSON."""
    told: dict[str, Any] = json.loads(message)
    return Keystrokes(
        typed=told["typed"],
        shown=told["shown"],
        widest_gap_ms=told["widest_ms"],
        total_ms=told["total_ms"],
        end=told["end"],
        has_input_method=told["hasIme"],
        has_caps_lock=told["hasCaps"],
        has_numpad=told["hasNumpad"],
    )


def codes_in(keys: Keystrokes) -> list[str]:
    """The codes of a burst, in their order: two labels read at once, or a gun without Enter, come joined.

    What is no code of ours is one text, as whoever is shown it would write it.
    """
    for text in (keys.typed, keys.shown):
        codes = parse_joined(text) or parse_joined(_without_prefix(text))
        if codes:
            return list(dict.fromkeys(code.text for code in codes))  # the same label twice at once is one scan of it
    is_foreign = all(_is_foreign(text) for text in (keys.typed, keys.shown))
    return [keys.shown if is_foreign or _is_foreign(keys.typed) else keys.typed]


def _without_prefix(text: str) -> str:
    """A gun may be set to say first what kind of code it is (`]Q1`), and a hand may have been on the keys just before.

    What is longer than that may be another label's code, and must not go unsaid.
    """
    return text[-LENGTH:] if LENGTH < len(text) <= LENGTH + PREFIX_MAX else ""


def _is_foreign(text: str) -> bool:
    read = parse(text)
    return isinstance(read, NotACode) and read.problem is CodeProblem.FOREIGN
