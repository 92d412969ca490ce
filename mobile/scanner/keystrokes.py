"""What a scanner gun typed, as `web/static/wedge.js` reports it: which codes that is, and how the gun is set.

A gun set to the keyboard of this device is right by what the keyboard's layout makes of its keys, whatever the layout.
A gun set to the American keyboard is right by its physical keys, whatever the device's layout, input method or caps
lock. The check characters say which of the two it is.

A stream that hung in the middle of a code comes in pieces. They are the code where they make one with its check
characters, and nothing else: the worker is told to scan once more.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.label_code import (
    ALPHABET,
    LENGTH,
    VERSION,
    CodeKind,
    CodeProblem,
    LabelCode,
    NotACode,
    fold,
    parse,
    parse_joined,
)

UNREADABLE = "\ufffd"
"""A character that the page is not told."""

PREFIX_MAX = 3
SLOW_GAP_MS = 60
"""A wider gap between two keys is nearly a person's: a gun on bad Bluetooth."""

FINGERS_GAP_MS = 25
"""No hand types a number with all its keys closer than this."""

QUICK_PIN_KEYS = range(4, 9)
ENTERS = ("Enter", "NumpadEnter")


@dataclass(frozen=True)
class Piece:
    """A burst that nothing ended, and the silence after it; `is_told` where somebody has heard of it before."""

    typed: str
    shown: str
    gap_ms: int = 0
    is_told: bool = False


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
    before: tuple[Piece, ...] = ()
    """What a gun, or perhaps a hand, typed shortly before, the oldest first."""
    is_broken: bool = False
    """A gun began, and was silent for so long that nothing more can be waited for."""


@dataclass(frozen=True)
class Reading:
    """What a gun read: whole codes, or one text that is none; `broken` texts came with gaps, and not whole."""

    codes: tuple[str, ...]
    broken: tuple[str, ...] = ()


WAY_BACK = "BrowserBack"
"""What the page reports as the end of no keys at all: somebody pressed the browser's or the phone's way back."""


def read_message(message: str) -> Keystrokes | str:
    """The page's message, which is JSON: what a gun typed, or the keys of a hand where no field is.

    Of those, U+0008 is Backspace and U+000A Enter.
    """
    told: dict[str, Any] = json.loads(message)
    return str(told["hand"]) if "hand" in told else _keystrokes(told)


def read_keystrokes(message: str) -> Keystrokes:
    """A gun's message."""
    return _keystrokes(json.loads(message))


def quick_fingers(keys: Keystrokes) -> str | None:
    """The digits of a PIN and Enter, which the page took for a gun's because they came fast; None where they are none.

    A gun is faster still, and no label of ours is digits alone. Another system's short number from a slow gun counts
    for a try: it stands on the pad, and a right PIN forgives it.
    """
    is_number = keys.typed.isdecimal() and len(keys.typed) in QUICK_PIN_KEYS
    is_hand = keys.end in ENTERS and keys.widest_gap_ms >= FINGERS_GAP_MS and not keys.before
    return f"{keys.typed}\n" if is_number and is_hand else None


def _keystrokes(told: dict[str, Any]) -> Keystrokes:
    pieces = told.get("before", ())
    return Keystrokes(
        typed=told["typed"],
        shown=told["shown"],
        widest_gap_ms=told["widest_ms"],
        total_ms=told["total_ms"],
        end=told["end"],
        has_input_method=told["hasIme"],
        has_caps_lock=told["hasCaps"],
        has_numpad=told["hasNumpad"],
        before=tuple(Piece(one["typed"], one["shown"], one["gap_ms"], one["isTold"]) for one in pieces),
        is_broken=told.get("isBroken", False),
    )


def read_codes(keys: Keystrokes) -> Reading:
    """The codes of a burst and of what came before it, in their order.

    Two labels read at once, or a gun without Enter, come joined; one label comes in pieces where its gun hung. What is
    no code of ours is one text, as whoever is shown it would write it. A code never comes of pieces of which some do
    not belong to it: its check characters would not fit.
    """
    burst = Piece(keys.typed, keys.shown)
    pieces = [*keys.before, burst] if burst.typed else list(keys.before) or [burst]
    codes: list[str] = []
    lost: list[Piece] = []
    start = ended = 0
    while start < len(pieces):
        stop, found = _first_whole(pieces, start)
        if not found:
            lost.append(pieces[start])
        elif not all(piece.is_told for piece in pieces[start:stop]):  # it was told when it came
            codes += found
        start = stop
        ended = stop if found else ended
    told = tuple(_lost_of_ours(lost[: len(lost) - len(pieces[ended:])], codes))
    if all(piece.is_told for piece in pieces[ended:]):
        return Reading(tuple(codes), told)
    is_over = keys.is_broken or pieces[-1] is not burst
    text, is_broken = _no_code(pieces[ended:], is_over=is_over)
    return Reading(tuple(codes), (*told, text)) if is_broken else Reading((*codes, text), told)


def _first_whole(pieces: Sequence[Piece], start: int) -> tuple[int, tuple[str, ...]]:
    """Where the fewest pieces from this one on that are whole codes end, and the codes; else where the next begins."""
    for stop in range(start + 1, len(pieces) + 1):
        codes = _codes_of(*_joined(pieces[start:stop]))
        is_without_first = stop > start + 1 and _codes_of(*_joined(pieces[start + 1 : stop]))
        if codes and not is_without_first:
            return stop, codes
    return start + 1, ()


def codes_in(keys: Keystrokes) -> list[str]:
    """The codes of a burst, or the one text that is none, also where it came with gaps."""
    reading = read_codes(keys)
    return list(reading.codes or reading.broken)


def gap_between_ms(keys: Keystrokes) -> int:
    """The longest silence that has made pieces of what was read, in ms; 0 without any."""
    return max((piece.gap_ms for piece in keys.before), default=0)


def _joined(pieces: Sequence[Piece]) -> tuple[str, str]:
    return "".join(piece.typed for piece in pieces), "".join(piece.shown for piece in pieces)


def _codes_of(typed: str, shown: str) -> tuple[str, ...]:
    for text in (typed, shown):
        codes = parse_joined(text) or parse_joined(_without_prefix(text))
        if codes:
            return tuple(dict.fromkeys(code.text for code in codes))  # the same label twice at once is one scan of it
    return ()


def _lost_of_ours(lost: Sequence[Piece], codes: Sequence[str]) -> list[str]:
    """What a gun began of a label of ours and nobody has heard of, unless it was one that it has read since."""
    texts = [one.typed for one in lost if not one.is_told and len(one.typed) > 1 and _is_ours_begun(one.typed)]
    return [text for text in texts if not any(code.startswith(fold(text)) for code in codes)]


def _no_code(pieces: Sequence[Piece], *, is_over: bool) -> tuple[str, bool]:
    """What came and is no code, and whether it is one of ours, or may be, of which the gaps have taken something.

    What has other characters than ours is another system's, with gaps or without.
    """
    typed, shown = _joined(pieces)
    is_foreign = all(_is_foreign(text) for text in (typed, shown))
    text = shown if is_foreign or _is_foreign(typed) else typed
    ours = [one for one in (typed, shown) if _may_be_ours(one)]
    if len(pieces) == 1:
        return text, any(_has_lost_its_head(one) or _is_mixed(one) or (is_over and _is_ours_begun(one)) for one in ours)
    has_gun = any(len(piece.typed) > 1 for piece in pieces[:-1])
    is_ours = any(has_gun or fold(one)[0] in set(CodeKind) for one in ours)
    return text, is_ours and len(typed) <= 2 * LENGTH


def _is_ours_begun(text: str) -> bool:
    folded = fold(text)
    return folded[:1] in set(CodeKind) and folded[1:2] in ("", VERSION) and all(one in ALPHABET for one in folded[1:])


def _may_be_ours(text: str) -> bool:
    folded = fold(text)
    has_our_letters = bool(folded) and all(one in ALPHABET or one in set(CodeKind) for one in folded)
    return _is_ours_begun(text) if "/" in text else has_our_letters


def _has_lost_its_head(text: str) -> bool:
    """Whether a gun that woke up late has lost the first key, or the first two: with them the code is whole."""
    heads = [head for kind in CodeKind for head in (kind.value, f"{kind.value}{VERSION}")]
    return len(text) < LENGTH and any(isinstance(parse(head + text), LabelCode) for head in heads)


def _is_mixed(text: str) -> bool:
    """Whether two guns may have typed a code each at the same time, key between key."""
    return len(text) == 2 * LENGTH and fold(text)[0] in set(CodeKind)


def _without_prefix(text: str) -> str:
    """A gun may be set to say first what kind of code it is (`]Q1`), and a hand may have been on the keys just before.

    What is longer than that may be another label's code, and must not go unsaid.
    """
    return text[-LENGTH:] if LENGTH < len(text) <= LENGTH + PREFIX_MAX else ""


def _is_foreign(text: str) -> bool:
    read = parse(text)
    return isinstance(read, NotACode) and read.problem is CodeProblem.FOREIGN
