"""The label code in its final form: frozen examples, and what the check characters catch."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.label_code import (
    ALPHABET,
    CodeKind,
    CodeProblem,
    LabelCode,
    NotACode,
    check_characters,
    make,
    parse,
    pretty,
)

FROZEN = json.loads(Path("tests/contract/label_codes.json").read_text(encoding="utf-8"))
codes = st.builds(make, st.sampled_from(CodeKind), st.integers(0, 2**60 - 1))


@pytest.mark.parametrize("example", FROZEN, ids=lambda example: example["kind"])
def test_a_printed_code_stays_readable_for_ever(example: dict[str, str]) -> None:
    kind = CodeKind(example["kind"])
    assert make(kind, int(example["random_bits"], 16)) == example["code"]
    assert parse(example["pretty"]) == LabelCode(kind, example["code"])


def test_every_kind_has_a_frozen_example() -> None:
    assert {example["kind"] for example in FROZEN} == {kind.value for kind in CodeKind}


@given(codes)
def test_a_code_reads_back_however_it_was_typed(code: str) -> None:
    typed = [code, code.lower(), pretty(code), f" {pretty(code).lower()} ", f"HTTPS://Q.EXAMPLE.CN/{code}"]
    typed.append("".join(chr(ord(character) + 0xFEE0) for character in code))
    typed.append(code[0] + code[1:].replace("0", "O").replace("1", "l"))
    typed.append(code[0] + code[1:].replace("0", "o").replace("1", "I"))
    typed.append(f"\u2003{pretty(code).replace('-', '—')}\r\n")
    assert [parse(text) for text in typed] == [LabelCode(CodeKind(code[0]), code)] * len(typed)


@given(codes, st.integers(0, 15), st.sampled_from(ALPHABET))
def test_a_wrong_character_is_never_read_as_another_code(code: str, at: int, character: str) -> None:
    mistyped = code[:at] + character + code[at + 1 :]
    found = parse(mistyped)
    assert mistyped == code or isinstance(found, NotACode)


@given(codes, st.integers(0, 13), st.integers(1, 2))
def test_swapped_characters_are_never_read_as_another_code(code: str, at: int, distance: int) -> None:
    characters = list(code)
    characters[at], characters[at + distance] = characters[at + distance], characters[at]
    swapped = "".join(characters)
    assert swapped == code or isinstance(parse(swapped), NotACode)


@pytest.mark.parametrize("example", FROZEN, ids=lambda example: example["kind"])
def test_every_single_wrong_character_of_a_printed_code_is_found(example: dict[str, str]) -> None:
    code = example["code"]
    for at in range(len(code)):
        for character in set(ALPHABET + "OL") - {code[at]}:
            mistyped = code[:at] + character + code[at + 1 :]
            found = parse(mistyped)
            assert isinstance(found, NotACode) or found.text == code, mistyped


@given(codes, st.integers(2, 12), st.sampled_from(ALPHABET), st.sampled_from(ALPHABET))
def test_a_double_mistaken_for_another_double_is_found(code: str, at: int, right: str, wrong: str) -> None:
    prefix = code[:at] + right * 2 + code[at + 2 : 14]
    original = prefix + check_characters(prefix)
    mistyped = original[:at] + wrong * 2 + original[at + 2 :]
    assert isinstance(parse(original), LabelCode)
    assert mistyped == original or isinstance(parse(mistyped), NotACode)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", CodeProblem.FOREIGN),
        ("https://weixin.qq.com/r/abc", CodeProblem.FOREIGN),
        ("6901234567892", CodeProblem.FOREIGN),
        ("门扇一号", CodeProblem.FOREIGN),
        ("D128T5CY4TQKFF4", CodeProblem.TRUNCATED),
        ("D128T5CY4TQKFF4BB", CodeProblem.TOO_LONG),
        ("D128T5CY4TQKFF4BD128T5CY4TQKFF4B", CodeProblem.TOO_LONG),
        ("D128T5CY4TQKFF4C", CodeProblem.WRONG_CHECK),
        ("X128T5CY4TQKFF4B", CodeProblem.WRONG_CHECK),
        ("X128T5CY4TQKFF" + check_characters("X128T5CY4TQKFF"), CodeProblem.UNKNOWN_KIND),
        ("D228T5CY4TQKFF4B", CodeProblem.WRONG_CHECK),
        ("D228T5CY4TQKFF" + check_characters("D228T5CY4TQKFF"), CodeProblem.UNKNOWN_VERSION),
        ("D1-28T5-CY4T", CodeProblem.TRUNCATED),
        ("WIFI:S:Net;P:pw1234;;", CodeProblem.FOREIGN),
        ("PO123456", CodeProblem.FOREIGN),
        ("0106901234567892", CodeProblem.FOREIGN),
        ("D305", CodeProblem.FOREIGN),
        ("D1#28T5CY4TQKFF4B", CodeProblem.FOREIGN),
        ("D1_28T5_CY4T_QKFF_4B", CodeProblem.FOREIGN),
    ],
)
def test_what_is_not_a_code_says_why(text: str, problem: CodeProblem) -> None:
    found = parse(text)
    assert isinstance(found, NotACode)
    assert found.problem is problem


def test_too_many_random_bits_are_a_programming_error() -> None:
    with pytest.raises(ValueError, match="60 bits"):
        make(CodeKind.PIECE, 1 << 60)
