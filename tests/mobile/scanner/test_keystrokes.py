"""Which codes a burst of keys is, whatever the gun and the keyboard are set to."""

import json

import pytest

from mobile.outcome import Tone
from mobile.scanner.gun_check import check_gun, worst_tone
from mobile.scanner.keystrokes import (
    Keystrokes,
    Piece,
    Reading,
    codes_in,
    quick_fingers,
    read_codes,
    read_keystrokes,
    read_message,
)
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
    told |= {"before": [{"typed": "D", "shown": "d", "gap_ms": 300, "isTold": True}], "isBroken": True}
    keys = read_keystrokes(json.dumps(told))
    assert (keys.before, keys.is_broken) == ((Piece("D", "d", 300, is_told=True),), True)


def stalled(*parts: str, is_broken: bool = False, shown: tuple[str, ...] = ()) -> Keystrokes:
    """A stream that came in these pieces, and what a layout made of each where it is another one."""
    *before, last = zip(parts, shown or parts, strict=True)
    return Keystrokes(*last, before=tuple(Piece(*one, gap_ms=300) for one in before), is_broken=is_broken)


class TestPieces:
    @pytest.mark.parametrize("places", [(1,), (2,), (9,), (15,), (16,), (1, 2), (5, 11), (4, 8, 12)])
    def test_are_a_code_where_its_check_characters_fit(self, places: tuple[int, ...]) -> None:
        parts = [ONE[start:stop] for start, stop in zip((0, *places), (*places, None), strict=True)]
        assert read_codes(stalled(*parts)) == Reading((ONE,))
        assert read_codes(stalled(*(french(part) for part in parts), shown=tuple(parts))) == Reading((ONE,))
        assert read_codes(stalled("X", *parts)) == Reading((ONE,)), "a hand was on the keys"
        assert read_codes(stalled(f"]Q1{parts[0]}", *parts[1:])) == Reading((ONE,))

    @pytest.mark.parametrize("place", range(1, 16))
    def test_that_lack_a_key_are_no_code_of_ours_and_nobody_elses(self, place: int) -> None:
        for lost in (place - 1, place):
            parts = [ONE[:lost][:place], ONE[lost + 1 :]] if lost >= place else [ONE[:lost], ONE[place:]]
            if parts[0]:
                reading = read_codes(stalled(*parts))
                assert (reading.codes, reading.broken) == ((), ("".join(parts),))

    def test_of_two_labels_are_never_a_third(self) -> None:
        other = make(CodeKind.PIECE, 0x17E57C0DE91)
        for place in range(1, 16):
            assert set(read_codes(stalled(ONE[:place], other[place:])).codes) <= {ONE, other}

    def test_of_a_label_before_a_whole_one_are_told_beside_it(self) -> None:
        assert read_codes(stalled(ONE[:9], TWO)) == Reading((TWO,), (ONE[:9],))
        assert read_codes(stalled(ONE[:3], TWO)) == Reading((TWO,), (ONE[:3],)), "no prefix of the gun's"
        assert read_codes(stalled(ONE[:9], ONE)) == Reading((ONE,)), "the same label once more"
        told = Keystrokes(TWO, TWO, before=(Piece(ONE[:9], ONE[:9], 2_000, is_told=True),))
        assert read_codes(told) == Reading((TWO,))

    def test_that_were_told_already_are_a_code_with_what_comes_and_never_once_more(self) -> None:
        def told(*parts: str) -> tuple[Piece, ...]:
            return tuple(Piece(part, part, 300, is_told=True) for part in parts)

        def after(before: tuple[Piece, ...], last: str) -> Reading:
            return read_codes(Keystrokes(last, last, before=before))

        assert after(told(ONE[:9], TWO[:7]), TWO[7:]) == Reading((TWO,)), "as many keys as one label has, of two"
        assert after(told("D1", ONE[:14]), ONE[14:]) == Reading((ONE,)), "a hand was on the keys"
        assert after(told(ONE[:9], ONE[9:]), TWO) == Reading((TWO,))
        assert after((*told(ONE[:9], ONE[9:]), Piece(TWO[:5], TWO[:5])), TWO[5:]) == Reading((TWO,))
        assert after(told(ONE[:9], ONE[9:]), TWO[:9]) == Reading((TWO[:9],)), "an end says that there is no more"
        assert read_codes(stalled(ONE[:9], ONE[9:], TWO)) == Reading((ONE, TWO))

    def test_that_never_went_on_are_broken_where_they_may_be_ours(self) -> None:
        assert read_codes(stalled(ONE[:9], is_broken=True)) == Reading((), (ONE[:9],))
        assert read_codes(stalled(ONE[:2], is_broken=True)) == Reading((), (ONE[:2],))
        assert read_codes(stalled("ABC-1234", is_broken=True)) == Reading(("ABC-1234",))

    def test_of_another_system_are_its_code(self) -> None:
        assert read_codes(stalled("https://x.co", "m/abc")) == Reading(("https://x.com/abc",))
        assert read_codes(stalled("X", "ABC12345")) == Reading(("XABC12345",)), "a hand was on the keys"

    @pytest.mark.parametrize("lost", [1, 2])
    def test_of_which_a_waking_gun_lost_the_first_keys_are_ours(self, lost: int) -> None:
        assert read_codes(stalled(ONE[lost:])) == Reading((), (ONE[lost:],))
        assert read_codes(stalled("690123456789")) == Reading(("690123456789",))


def test_the_keys_of_two_guns_that_mix_are_no_other_factorys_label() -> None:
    mixed = "".join(first + second for first, second in zip(ONE, make(CodeKind.PIECE, 8), strict=True))
    assert read_codes(Keystrokes(mixed, mixed)) == Reading((), (mixed,))
    assert read_codes(Keystrokes(mixed[:-1], mixed[:-1])).broken == ()
    assert read_codes(Keystrokes("X" + mixed[1:], "X" + mixed[1:])).broken == ()


def test_a_hands_keys_are_told_apart_from_a_guns() -> None:
    assert read_message('{"hand": "24\\b\\n"}') == "24\b\n"


@pytest.mark.parametrize(
    ("keys", "pin"),
    [
        (Keystrokes("246813", "246813", 90), "246813\n"),
        (Keystrokes("2468", "2468", 30, end="NumpadEnter"), "2468\n"),
        (Keystrokes("2468", "2468", 8), None),
        (Keystrokes("246", "246", 90), None),
        (Keystrokes("690123456", "690123456", 90), None),
        (Keystrokes("D16813", "D16813", 90), None),
        (Keystrokes("246813", "246813", 90, end=""), None),
        (Keystrokes("246813", "246813", 90, before=(Piece("D17K3M", "D17K3M", 300),)), None),
    ],
)
def test_a_number_typed_by_quick_fingers_is_told_from_a_guns(keys: Keystrokes, pin: str | None) -> None:
    assert quick_fingers(keys) == pin


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
        (stalled(SELF_TEST_CODE[:9], SELF_TEST_CODE[9:]), Tone.WAIT, ["码读对了", "断成 2 段，最长停了 300", "省电"]),
        (stalled(SELF_TEST_CODE[:9], SELF_TEST_CODE[10:]), Tone.STOP, ["没收全：收到“T1", "充电、离近一点"]),
        (Keystrokes(ONE, ONE, 8), Tone.WAIT, ["读到的是另一张码 D1-", "枪没问题；要看全"]),
        (stalled(ONE[:9], ONE[9:]), Tone.WAIT, ["读到的是另一张码 D1-", "要看全", "枪断过：一张码断成 2 段"]),
        (Keystrokes(ONE, ONE, 88, end=""), Tone.WAIT, ["读到的是另一张码 D1-", "要看全", "慢：", "结尾：没有"]),
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
    complaints = [one for one in found[1:] if one.tone is not Tone.OK]
    assert not (complaints and "枪没问题" in text), "one line praises the gun and another complains of it"
