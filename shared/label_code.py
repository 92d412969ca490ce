"""The text inside a QR: one kind letter, the version 1, 12 random Crockford base32 characters, 2 check characters.

`D17K3M9QX2RT4WCC` is 16 characters and fits a QR of version 2 at level H. The check characters are a pure system
modulo 1021, radix 32, over the whole code, so that the kind is protected too; 1021 is prime and less than 32 * 32.
Measured on 60,000 codes each: every wrong single character, adjacent swap and jump swap is found.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VERSION = "1"
RANDOM_BITS = 60
LENGTH = 16
MIN_LENGTH = 4
"""Less than this is too little to be called a piece of a code of ours."""
MODULUS = 1021
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
# Kind letters outside the alphabet; a printed code's check depends on these numbers for ever.
_KIND_VALUES = {"O": 33, "L": 34}


class CodeKind(StrEnum):
    """What a code stands on."""

    PIECE = "D"
    ORDER = "O"
    LOCATION = "L"
    WORKER = "W"
    ENROLMENT = "E"
    SHIPMENT = "S"
    PACKAGE = "P"
    RACK = "R"
    STATION = "T"


@dataclass(frozen=True)
class LabelCode:
    """A well-formed code of ours; `text` is its one canonical form."""

    kind: CodeKind
    text: str


class CodeProblem(StrEnum):
    """Why a text is not a code of ours."""

    FOREIGN = "foreign"
    """Another system's QR: it does not even look like one of ours."""
    TRUNCATED = "truncated"
    TOO_LONG = "too_long"
    WRONG_CHECK = "wrong_check"
    """Mistyped or damaged: the check characters do not fit."""
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_VERSION = "unknown_version"


@dataclass(frozen=True)
class NotACode:
    """What was read instead, and what is wrong with it."""

    problem: CodeProblem
    text: str


_READ_RIGHT = frozenset({CodeProblem.FOREIGN, CodeProblem.UNKNOWN_KIND, CodeProblem.UNKNOWN_VERSION})
"""Another system's code, or one of a newer release: as it was printed, as far as anybody can tell."""

_KINDS = {kind.value: kind for kind in CodeKind}


def make(kind: CodeKind, random_bits: int) -> str:
    """The code of this kind with these 60 random bits."""
    if not 0 <= random_bits < 1 << RANDOM_BITS:
        raise ValueError(f"random_bits must have at most {RANDOM_BITS} bits")
    body = "".join(ALPHABET[(random_bits >> shift) & 31] for shift in range(RANDOM_BITS - 5, -1, -5))
    prefix = f"{kind.value}{VERSION}{body}"
    return prefix + check_characters(prefix)


def check_characters(prefix: str) -> str:
    """The two check characters for the first 14 characters of a code."""
    remainder = 0
    for character in prefix:
        value = _VALUES[character] if character in _VALUES else _KIND_VALUES.get(character, 0)
        remainder = (remainder * 32 + value) % MODULUS
    check = -remainder * 32 * 32 % MODULUS
    return ALPHABET[check // 32] + ALPHABET[check % 32]


def fold(text: str) -> str:
    """What was scanned or typed, in the form that is compared: half-width, upper case, without blanks and dashes.

    A URL counts by its last path segment. Other punctuation stays, so that `WIFI:S:...` does not come to look like a
    code. The kind letter is left alone: O and L are kinds, and a GS1 text `01` + 14 digits must not become an order.
    """
    folded = unicodedata.normalize("NFKC", text).upper().strip()
    if "/" in folded:
        folded = folded.rstrip("/").rsplit("/", 1)[-1]
    folded = "".join(character for character in folded if not _is_separator(character))
    return folded[:1] + folded[1:].translate(_LOOK_ALIKE)


def parse_joined(text: str) -> tuple[LabelCode, ...]:
    """One code, or several without anything between them; nothing where the text is not that from end to end."""
    read = parse(text)
    if isinstance(read, LabelCode):
        return (read,)
    whole = "".join(one for one in unicodedata.normalize("NFKC", text) if not _is_separator(one))
    parts = [parse(whole[at : at + LENGTH]) for at in range(0, len(whole), LENGTH)]
    codes = tuple(part for part in parts if isinstance(part, LabelCode))
    return codes if len(codes) == len(parts) else ()


def parse(text: str) -> LabelCode | NotACode:
    """The code in this text, or why there is none."""
    folded = fold(text)
    problem = _problem_of(folded)
    return LabelCode(_KINDS[folded[0]], folded) if problem is None else NotACode(problem, text)


def is_credible(text: str) -> bool:
    """Whether a camera may have read this right: a code of ours that is whole, or one that is none of ours.

    What looks like ours and fails its check characters was misread.
    """
    read = parse(text)
    return isinstance(read, LabelCode) or read.problem in _READ_RIGHT


def _problem_of(folded: str) -> CodeProblem | None:
    if not _looks_like_ours(folded):
        return CodeProblem.FOREIGN
    if len(folded) != LENGTH:
        if folded[0] not in _KINDS or folded[1] != VERSION:
            return CodeProblem.FOREIGN
        return CodeProblem.TRUNCATED if len(folded) < LENGTH else CodeProblem.TOO_LONG
    if check_characters(folded[:-2]) != folded[-2:]:
        return CodeProblem.WRONG_CHECK
    # From here on the code is whole: what is unknown was printed by a newer release.
    if folded[0] not in _KINDS:
        return CodeProblem.UNKNOWN_KIND
    return None if folded[1] == VERSION else CodeProblem.UNKNOWN_VERSION


def pretty(code: str) -> str:
    """A code in groups, as it is printed under the QR: `D1-7K3M-9QX2-RT4W-CC`."""
    return "-".join((code[:2], code[2:6], code[6:10], code[10:14], code[14:])).rstrip("-")


def _is_separator(character: str) -> bool:
    """Blanks, dashes of every script, and what a scanner gun may send around a code (tab, carriage return)."""
    return character.isspace() or unicodedata.category(character) in {"Pd", "Cc", "Cf"} or character == "\u2212"


def _looks_like_ours(folded: str) -> bool:
    """A letter, a digit, then only characters of our alphabet: everything else is another system's."""
    if not MIN_LENGTH <= len(folded) <= 2 * LENGTH or not (folded[0].isascii() and folded[0].isalpha()):
        return False
    return folded[1].isdigit() and all(character in _VALUES for character in folded[1:])


SELF_TEST_CODE = make(CodeKind.STATION, 0x5CA7E57C0DE0)
"""Stands on the setup sheet of scanner guns and means no station: whoever scans it wants to know what the gun sends."""
