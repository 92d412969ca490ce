"""What a scanner gun sends, told to whoever sets it up: what is right, what works all the same, what is to change."""

from dataclasses import dataclass

from mobile import strings
from mobile.outcome import Tone
from mobile.scanner.keystrokes import (
    SLOW_GAP_MS,
    UNREADABLE,
    Keystrokes,
    codes_in,
    gap_between_ms,
    read_codes,
)
from shared.label_code import SELF_TEST_CODE, LabelCode, parse, pretty
from shared.words import Phrase


@dataclass(frozen=True)
class Finding:
    """One line: how it stands, and what to do where something is to be done."""

    tone: Tone
    said: Phrase
    advice: Phrase | None = None


def check_gun(keys: Keystrokes) -> list[Finding]:
    """The findings about one scan of the setup sheet's code, what matters most first."""
    codes = codes_in(keys)
    is_read = all(isinstance(parse(code), LabelCode) for code in codes)
    if read_codes(keys).broken and not is_read:
        return [Finding(Tone.STOP, strings.GUN_BROKEN.filled(text=codes[0][:40]), strings.GUN_STEADY)]
    found: list[Finding] = []
    if keys.before:
        said = strings.GUN_STALLED.filled(count=len(keys.before) + 1, gap=gap_between_ms(keys))
        found.append(Finding(Tone.WAIT, said, strings.GUN_STEADY))
    if is_read:
        found.append(_layout(keys))
    found += [_end(keys), _speed(keys)]
    for is_so, said in (
        (keys.has_input_method, strings.GUN_INPUT_METHOD),
        (keys.has_caps_lock, strings.GUN_CAPS_LOCK),
        (keys.has_numpad, strings.GUN_NUMPAD),
    ):
        if is_so:
            found.append(Finding(Tone.OK, said))
    works = all(one.tone is Tone.OK for one in found)
    return [_code(keys, codes, is_read=is_read, works=works), *found]


def worst_tone(found: list[Finding]) -> Tone:
    """What is played for all of it."""
    return next((tone for tone in (Tone.STOP, Tone.WAIT) if any(one.tone is tone for one in found)), Tone.OK)


def _code(keys: Keystrokes, codes: list[str], *, is_read: bool, works: bool) -> Finding:
    """What was read; `works` says that nothing else is to be said against the gun."""
    if codes == [SELF_TEST_CODE]:
        return Finding(Tone.OK, strings.GUN_READ)
    if is_read:
        advice = strings.GUN_WORKS_SO_FAR if works else strings.GUN_SCAN_SHEET
        return Finding(Tone.WAIT, strings.GUN_OTHER_CODE.filled(code=pretty(codes[0])), advice)
    if UNREADABLE in keys.typed:
        return Finding(Tone.STOP, strings.GUN_ALT_CODES, strings.GUN_SET_US)
    return Finding(Tone.STOP, strings.GUN_WRONG.filled(text=codes[0][:40]), strings.GUN_RESET)


def _layout(keys: Keystrokes) -> Finding:
    if isinstance(parse(keys.typed), LabelCode) or parse(keys.typed) == parse(keys.shown):
        return Finding(Tone.OK, strings.GUN_LAYOUT_US)
    return Finding(Tone.WAIT, strings.GUN_LAYOUT_OTHER, strings.GUN_SET_US)


def _end(keys: Keystrokes) -> Finding:
    if not keys.end:
        return Finding(Tone.WAIT, strings.GUN_NO_END, strings.GUN_SET_ENTER)
    return Finding(Tone.OK, strings.GUN_END.filled(key="Tab" if keys.end == "Tab" else "Enter"))


def _speed(keys: Keystrokes) -> Finding:
    if keys.widest_gap_ms > SLOW_GAP_MS:
        said = strings.GUN_SLOW.filled(gap=keys.widest_gap_ms, total=keys.total_ms)
        return Finding(Tone.WAIT, said, strings.GUN_COME_CLOSER)
    return Finding(Tone.OK, strings.GUN_SPEED.filled(gap=keys.widest_gap_ms, total=keys.total_ms))
