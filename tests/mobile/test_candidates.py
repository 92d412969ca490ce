"""Who is likely in hand, what a typed text says, and which code was meant: tables of pure functions."""

import pytest

from mobile.candidates import (
    Candidate,
    Narrowing,
    choices,
    likely,
    narrowed,
    near_codes,
    next_question,
    read_typed,
)
from mobile.outcome import PieceView
from shared.label_code import CodeKind, CodeProblem, make
from shared.schemas.door import PieceKind

CODES = [make(CodeKind.PIECE, 0x123456789ABCDE + n * 0x1111111) for n in range(8)]


def piece(n: int, order: str = "MD-1", room: str = "主卧", **changed: object) -> Candidate:
    view = PieceView(
        order_number=order, room=room, kind=str(changed.pop("kind", "leaf")), door_number=1, door_count=2,
        piece_number=1, piece_count=4, model="", size_text=str(changed.pop("size", "2050 × 800 × 40")), opening="",
        colour=str(changed.pop("colour", "胡桃色")), piece_id=str(n),
    )  # fmt: skip
    return Candidate(CODES[n], view, came_us=int(str(changed.pop("came", 0))), **changed)  # pyright: ignore[reportArgumentType]


def found(candidates: list[Candidate]) -> list[str]:
    return [one.view.piece_id for one in candidates]


LAST = piece(7).view
HERE = [
    piece(0, "MD-2", came=5, is_expected=True),
    piece(1, "MD-2", came=9, is_expected=True),
    piece(2, "MD-1", "次卧", is_expected=True),
    piece(3, "MD-1", is_expected=True),
    piece(4, "MD-3", is_expected=True, is_held=True),
    piece(5, "MD-3", is_expected=True),
]
CODE = CODES[0]
RANKED: dict[str, tuple[str, PieceView | None, list[str]]] = {
    "held, then room and order of the last, then latest": ("", LAST, ["4", "3", "2", "1", "0"]),
    "nothing scanned yet": ("", None, ["4", "1", "0", *sorted("235", key=lambda n: CODES[int(n)])[:2]]),
    "a whole code": (CODE, LAST, ["0"]),
    "its last four characters": (CODE[-4:], LAST, ["0"]),
    "its last six in small letters": (CODE[-6:].lower(), LAST, ["0"]),
    "nothing has it": ("ZZZZZZZ", LAST, []),
}


@pytest.mark.parametrize("case", RANKED)
def test_the_likeliest_come_first(case: str) -> None:
    typed, last, wanted = RANKED[case]
    assert found(likely(HERE, (), typed, last)) == wanted
    assert found(likely(list(reversed(HERE)), (), typed, last)) == wanted


def test_the_end_of_a_code_counts_more_than_what_is_expected() -> None:
    ends, holds = Candidate("D10000000000ABCD", LAST), Candidate("D1ABCD0000000000", LAST, is_expected=True)
    assert likely([holds], [ends], "ABCD", None) == [ends, holds]
    assert likely([], [Candidate("D1000000000010AB", LAST)], "loab", None)  # L is 1 and O is 0 in front, too


TYPED: dict[str, tuple[str, str, int, bool, CodeProblem | None]] = {
    "nothing": ("", "", 16, False, None),
    "a part": ("d17k3m9", "D1-7K3M-9", 9, False, None),
    "with blanks and look-alikes": ("D1 oil", "D1-011", 11, False, None),
    "the end of one": ("07-4h", "074H", 12, False, None),
    "whole": (CODE.lower(), "-".join((CODE[:2], CODE[2:6], CODE[6:10], CODE[10:14], CODE[14:])), 0, True, None),
}


@pytest.mark.parametrize("case", TYPED)
def test_what_was_typed_is_shown_in_groups_and_counted(case: str) -> None:
    text, shown, missing, is_valid, problem = TYPED[case]
    typed = read_typed(text)
    assert (typed.shown, typed.missing, typed.is_valid, typed.problem) == (shown, missing, is_valid, problem)


def test_a_wrong_character_is_said_as_soon_as_the_code_is_whole() -> None:
    wrong = CODE[:8] + ("0" if CODE[8] != "0" else "2") + CODE[9:]
    assert read_typed(wrong[:15]).problem is None
    assert read_typed(wrong).problem is CodeProblem.WRONG_CHECK
    assert not read_typed(wrong).is_valid


@pytest.mark.parametrize("at", range(1, 15))
def test_a_slip_of_one_key_finds_the_code_that_was_meant(at: int) -> None:
    code = CODES[3]
    slipped = code[:at] + ("A" if code[at] != "A" else "B") + code[at + 1 :]
    assert code in near_codes(slipped)
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert swapped == code or code in near_codes(swapped)
    assert len(near_codes(slipped)) <= 8
    assert near_codes(code[:-1]) == []


PIECES = [
    piece(0),
    piece(1, room="次卧"),
    piece(2, size="2100 × 900 × 40"),
    piece(3, colour="暖白"),
    piece(4, kind="frame"),
]


def test_answers_narrow_and_say_how_many_they_leave() -> None:
    assert choices(PIECES, "kind") == [("leaf", 4), ("frame", 1)]
    assert choices(PIECES, "size") == [("2050 × 800", 4), ("2100 × 900", 1)]
    told = Narrowing(kind=PieceKind.LEAF, size="2050 × 800")
    assert found(narrowed(PIECES, told)) == ["0", "1", "3"]
    assert next_question(narrowed(PIECES, told), told) == "colour"
    told = Narrowing(PieceKind.LEAF, "2050 × 800", "胡桃色", "次卧")
    assert found(narrowed(PIECES, told)) == ["1"]


def test_what_all_have_in_common_is_not_asked() -> None:
    assert next_question(PIECES, Narrowing()) == "kind"
    assert next_question([PIECES[0], PIECES[1]], Narrowing()) == "room"
    assert next_question([PIECES[0], PIECES[0]], Narrowing()) is None
