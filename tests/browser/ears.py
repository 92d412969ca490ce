"""Hears what a page plays: every oscillator that is started, and every vibration."""

from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page, TimeoutError  # noqa: A004 - Playwright names it so

WITHIN_MS = 2_000

SPY = """
globalThis.mumenHeard = { tones: [], vibrations: [] };
Navigator.prototype.vibrate = function (pattern) { mumenHeard.vibrations.push(pattern); return true; };
const create = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () {
    const oscillator = create.call(this);
    const tone = {};
    const start = oscillator.start.bind(oscillator), stop = oscillator.stop.bind(oscillator);
    oscillator.start = (at) => {
        Object.assign(tone, { hertz: oscillator.frequency.value, shape: oscillator.type, from: at });
        start(at);
    };
    oscillator.stop = (at) => {
        mumenHeard.tones.push({ ...tone, until: at });
        stop(at);
    };
    return oscillator;
};
"""


@dataclass(frozen=True)
class Heard:
    """One signal: frequency, shape and length in ms of each tone, the pauses between them in ms, and the vibration."""

    hertz: list[int]
    shapes: set[str]
    lengths_ms: list[int]
    pauses_ms: list[int]
    vibration: list[int]


def listen(page: Page) -> None:
    """Call it before the page is opened."""
    page.add_init_script(SPY)


def heard(page: Page) -> Heard:
    """What was played since the last time. A signal takes another way than the screen's text: it may come after it."""
    with suppress(TimeoutError):
        page.wait_for_function("mumenHeard.tones.length > 0", timeout=WITHIN_MS)
    said: dict[str, Any] = page.evaluate(
        "() => { const said = { ...mumenHeard }; globalThis.mumenHeard = { tones: [], vibrations: [] }; return said; }"
    )
    tones, vibrations = said["tones"], said["vibrations"]
    pairs = pairwise(tones)
    return Heard(
        hertz=[round(tone["hertz"]) for tone in tones],
        shapes={tone["shape"] for tone in tones},
        lengths_ms=[round(1_000 * (tone["until"] - tone["from"])) for tone in tones],
        pauses_ms=[round(1_000 * (after["from"] - before["until"])) for before, after in pairs],
        vibration=[ms for pattern in vibrations for ms in pattern],
    )
