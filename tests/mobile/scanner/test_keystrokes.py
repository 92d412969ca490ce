"""Which codes a burst of keys is, whatever the gun and the keyboard are set to."""

import json

import pytest

from mobile.outcome import Tone
from mobile.scanner.gun_check import check_gun, worst_tone
from mobile.scanner.keystrokes import Keystrokes, codes_in, read_keystrokes
from shared.label_code import SELF_TEST_CODE, CodeKind, LabelCode, make, parse, parse_joined

ONE, TWO = make(CodeKind.PIECE, 7), make(CodeKind.ORDER, 0x5CA7E57C0DE1)
FRENCH = str.maketrans("AQZWM0123456789", "QAWZ?à&é\"'(-è_ç")
"""What a French keyboard shows for the keys that print these characters on an American one."""


def french(code: str) -> str:
    return code.translate(FRENCH)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (ONE, ONE),
        (ONE, ONE.lower()),
        (ONE, french(ONE)),  # an American gun at a French device
        (french(ONE).upper(), ONE),  # a French gun at a French device
        (ONE, "".join(chr(ord(character) + 0xFEE0) for character in ONE)),  # full-width, by an input method
        (f"]Q1{ONE}", f"]q1{ONE.lower()}"),  # says which kind of code it is
        (f"X{ONE}", f"x{ONE}"),  # a hand was on the keys
        (f"HTTPS://Q.EXAMPLE/{ONE}", f"https://q.example/{ONE.lower()}"),
    ],
)
def test_a_code_is_read_by_whichever_of_the_two_is_right(typed: str, shown: str) -> None:
    assert codes_in(Keystrokes(typed, shown)) == [ONE]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (ONE + TWO, [ONE, TWO]),
        (TWO + ONE + TWO, [TWO, ONE]),
        (ONE + ONE, [ONE]),
        (f"{ONE}\t{TWO}", [ONE, TWO]),
    ],
)
def test_codes_that_come_joined_are_taken_apart(text: str, codes: list[str]) -> None:
    assert codes_in(Keystrokes(text, text.lower())) == codes


@pytest.mark.parametrize("text", [ONE + TWO[:-1], f"D1AB{ONE}", ONE + "X" * 16, ONE[:9], "X" * 32, ""])
def test_what_is_not_made_of_whole_codes_stays_one_text(text: str) -> None:
    assert parse_joined(text) == ()
    assert codes_in(Keystrokes(text, text)) == [text]


def test_a_damaged_code_stays_one_of_ours_and_a_foreign_one_is_shown_as_it_is_written() -> None:
    damaged = ONE[:-1] + ("0" if ONE[-1] != "0" else "1")
    assert codes_in(Keystrokes(damaged, french(damaged))) == [damaged]
    assert codes_in(Keystrokes("HTTPS://X.COM/A", "https://x.com/a")) == ["https://x.com/a"]


def test_orders_and_locations_keep_their_letter_within_a_row() -> None:
    location = make(CodeKind.LOCATION, 5)
    assert [code.kind for code in parse_joined(TWO + location)] == [CodeKind.ORDER, CodeKind.LOCATION]
    assert isinstance(parse(location), LabelCode)


def test_the_pages_message_is_read() -> None:
    told = {"typed": "A", "shown": "a", "widest_ms": 9, "total_ms": 90, "end": "Tab"}
    told |= {"hasIme": True, "hasCaps": False, "hasNumpad": True}
    assert read_keystrokes(json.dumps(told)) == Keystrokes("A", "a", 9, 90, "Tab", True, False, True)


@pytest.mark.parametrize(
    ("keys", "tone", "said"),
    [
        (Keystrokes(SELF_TEST_CODE, SELF_TEST_CODE, 8, 120), Tone.OK, ["码读对了", "美国英语", "Enter", "120 毫秒"]),
        (Keystrokes(SELF_TEST_CODE, french(SELF_TEST_CODE), 8), Tone.OK, ["码读对了", "键盘布局：美国英语"]),
        (
            Keystrokes(french(SELF_TEST_CODE), SELF_TEST_CODE, 8),
            Tone.WAIT,
            ["码读对了", "不是美国英语", "设成“美国英语”"],
        ),
        (Keystrokes(SELF_TEST_CODE, SELF_TEST_CODE, 8, end="Tab"), Tone.OK, ["结尾：Tab"]),
        (Keystrokes(SELF_TEST_CODE, SELF_TEST_CODE, 8, end=""), Tone.WAIT, ["结尾：没有", "后缀设成“回车”"]),
        (Keystrokes(SELF_TEST_CODE, SELF_TEST_CODE, 88), Tone.WAIT, ["最长间隔 88 毫秒", "给枪充电"]),
        (Keystrokes(ONE, ONE, 8), Tone.WAIT, ["读到的是另一张码 D1-"]),
        (Keystrokes("XYZ12345", "xyz12345", 8), Tone.STOP, ["收到的是“xyz12345”", "恢复出厂设置"]),
        (Keystrokes("\ufffd\ufffd", "\ufffd", 8), Tone.STOP, ["Alt+数字"]),
        (
            Keystrokes(SELF_TEST_CODE, SELF_TEST_CODE, 8, 9, "Enter", True, True, True),
            Tone.OK,
            ["中文输入法开着", "大写锁定开着", "小键盘"],
        ),
    ],
)
def test_a_gun_is_told_what_it_sends_and_what_to_change(keys: Keystrokes, tone: Tone, said: list[str]) -> None:
    found = check_gun(keys)
    text = " ".join(one.said.zh + (one.advice.zh if one.advice else "") for one in found)
    assert [part for part in said if part not in text] == []
    assert worst_tone(found) is tone
    assert all(one.advice for one in found if one.tone is not Tone.OK)
