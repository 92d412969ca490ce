"""Codes at the distance of one slip."""

import pytest

from shared.label_code import CodeKind, make
from shared.near_codes import is_like_a_code, near_codes

CODE = make(CodeKind.PIECE, 0x0123_4567_89AB_CDE)
OTHER = "Z" if CODE[7] != "Z" else "Y"


@pytest.mark.parametrize(
    "typed",
    [
        CODE[:7] + OTHER + CODE[8:],
        CODE[:7] + CODE[8] + CODE[7] + CODE[9:],
        CODE[:7] + CODE[8:],
        CODE[:7] + CODE[7] + CODE[7:],
        CODE[:-1],
        CODE[:7].lower() + "u" + CODE[8:].lower(),
        "-".join((CODE[:4], CODE[4:9] + OTHER, CODE[10:])),
    ],
    ids=["wrong", "swapped", "missing", "doubled", "cut off", "a letter that no code has", "with dashes"],
)
def test_one_slip_leads_back_to_the_code_among_few_others(typed: str) -> None:
    assert is_like_a_code(typed)
    found = near_codes(typed)
    assert CODE in found
    assert len(found) < 12


@pytest.mark.parametrize(
    "typed", ["", "D1", "MD-20261127-0002", "13812345678", "王芳", "https://example.com/x", "D1" * 20]
)
def test_what_is_no_code_is_not_taken_for_one(typed: str) -> None:
    assert not is_like_a_code(typed)


def test_what_is_far_from_whole_has_no_near_codes() -> None:
    assert near_codes(CODE[:10]) == frozenset()
