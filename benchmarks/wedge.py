"""`python -m benchmarks.wedge`: scanner guns of every setting at a real Chromium, five scans a second; none is lost.

The keys go through the browser's own input, with the times at which a gun presses them, into a page whose field has
the focus. `wedge.lost` counts codes that never came, `wedge.wrong` what came and was not scanned, `wedge.left_in_field`
how often a code stayed in the field.
"""

import argparse
import itertools
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.browsing.chromium import Chromium
from benchmarks.report import report
from mobile.scanner.keystrokes import codes_in, read_keystrokes
from shared.label_code import CodeKind, make

WEDGE = Path("mobile/web/static/wedge.js")
SCANS = 10_000
PER_SECOND = 5.0
CHECKED_EVERY = 50
PAGE = """() => {
    document.body.innerHTML = '<input id="field" value="王芳">';
    document.getElementById("field").focus();
    window.heard = [];
    addEventListener("mumen-keystrokes", ({ detail }) => heard.push(JSON.stringify(detail)));
}"""
COLLECTED = """() => [heard.splice(0), document.getElementById("field").value]"""
FIELD = "王芳"

Stroke = dict[str, str | int | float]


@dataclass(frozen=True)
class Gun:
    """How a gun is set, and the device that it is at."""

    name: str
    gap_ms: float = 8
    shown: dict[str, str] | None = None
    """What the device's layout makes of a key, where it is no American one."""
    is_lower: bool = False
    has_ime: bool = False
    has_numpad: bool = False
    end: str = "Enter"


_FRENCH = dict(zip("AQZWM0123456789", "qawz?à&é\"'(-è_ç", strict=True))
GUNS = (
    Gun("usb"),
    Gun("fastest", gap_ms=1),
    Gun("bluetooth", gap_ms=35),
    Gun("bad bluetooth", gap_ms=85),
    Gun("small letters", is_lower=True),
    Gun("french device", shown=_FRENCH),
    Gun("number pad", has_numpad=True),
    Gun("input method", has_ime=True),
    Gun("input method, fast", has_ime=True, gap_ms=1),
    Gun("full width", shown={c: chr(ord(c) + 0xFEE0) for c in "ABCDEFGHJKMNPQRSTVWXYZ0123456789"}),
    Gun("tab", end="Tab"),
)


def main() -> int:
    """Prints one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wedge", description=__doc__)
    parser.add_argument("--scans", type=int, default=SCANS, help=f"how many ({SCANS})")
    parser.add_argument("--per-second", type=float, default=PER_SECOND, help=f"how fast, 0 at once ({PER_SECOND:g})")
    chosen = parser.parse_args()
    with sync_playwright() as play, tempfile.TemporaryDirectory() as profile:
        chromium = Chromium(play, Path(profile))
        chromium.open()
        try:
            figures = measure(chromium.page(), chosen.scans, chosen.per_second)
        finally:
            chromium.kill()
    report("wedge", figures)
    return 0


def measure(page: Page, scans: int, per_second: float) -> dict[str, float | int]:
    """Scans so often, with all guns in turn, and compares what came with what was scanned."""
    page.evaluate(PAGE)
    page.add_script_tag(content=WEDGE.read_text(encoding="utf-8"))
    devtools: Any = page.context.new_cdp_session(page)
    seeded = random.Random(5)
    sent, heard, left = list[str](), list[str](), 0
    began, at_s = time.monotonic(), time.time()
    for number, gun in zip(range(scans), itertools.cycle(GUNS), strict=False):
        code = make(CodeKind.PIECE, seeded.getrandbits(60))
        at_s = max(at_s + 0.2, time.time())
        for method, stroke in strokes(gun, code, at_s):
            devtools.send(method, stroke)
        at_s += gun.gap_ms * (len(code) + 1) / 1_000
        sent.append(code)
        if per_second:
            time.sleep(max(0.0, began + (number + 1) / per_second - time.monotonic()))
        if number % CHECKED_EVERY == CHECKED_EVERY - 1 or number == scans - 1:
            page.wait_for_timeout(400)
            messages, field = page.evaluate(COLLECTED)
            heard += [found for message in messages for found in codes_in(read_keystrokes(message))]
            left += field != FIELD
    took_s = time.monotonic() - began
    return {
        "wedge.scans": scans,
        "wedge.guns": len(GUNS),
        "wedge.per_s": round(scans / took_s, 2),
        "wedge.lost": len(set(sent) - set(heard)),
        "wedge.wrong": len(set(heard) - set(sent)) + len(heard) - len(set(heard)),
        "wedge.left_in_field": left,
    }


def strokes(gun: Gun, code: str, at_s: float) -> Iterator[tuple[str, Stroke]]:
    """What the browser is told of each key: pressed, what it writes, let go."""
    for number, character in enumerate(code):
        when = at_s + number * gun.gap_ms / 1_000
        key = _key(gun, character)
        if gun.has_ime:
            composed = code[: number + 1].lower()
            yield "Input.dispatchKeyEvent", {"type": "rawKeyDown", "timestamp": when, **key}
            end = number + 1
            yield "Input.imeSetComposition", {"text": composed, "selectionStart": end, "selectionEnd": end}
        else:
            yield "Input.dispatchKeyEvent", {"type": "keyDown", "timestamp": when, "text": key["key"], **key}
        yield "Input.dispatchKeyEvent", {"type": "keyUp", "timestamp": when + 0.0005, **key}
    when = at_s + len(code) * gun.gap_ms / 1_000
    end_key = {"code": gun.end, "key": "Process" if gun.has_ime else gun.end}
    yield "Input.dispatchKeyEvent", {"type": "rawKeyDown", "timestamp": when, **end_key}
    if gun.has_ime:
        yield "Input.insertText", {"text": code.lower()}  # what it commits at Enter
    yield "Input.dispatchKeyEvent", {"type": "keyUp", "timestamp": when + 0.0005, **end_key}


def _key(gun: Gun, character: str) -> dict[str, str | int]:
    if gun.has_ime:
        place = f"Digit{character}" if character.isdigit() else f"Key{character}"
        return {"code": place, "key": "Process", "windowsVirtualKeyCode": 229}
    if character.isdigit():
        place = f"Numpad{character}" if gun.has_numpad else f"Digit{character}"
    else:
        place = f"Key{character}"
    shown = (gun.shown or {}).get(character, character)
    return {"code": place, "key": shown.lower() if gun.is_lower or gun.shown is _FRENCH else shown}


if __name__ == "__main__":
    raise SystemExit(main())
