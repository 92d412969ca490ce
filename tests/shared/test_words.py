"""The words that app, office and labels share: whole, in both languages, and the same on every screen."""

import re
import subprocess
import sys
from enum import StrEnum

import pytest

from labels import words as label_words
from mobile import strings
from shared import words
from shared.rules.refusals import RefusalCode
from shared.schemas.door import PieceKind
from shared.schemas.order import Opening
from shared.words import Phrase
from sync_server.office.shell.words import problem_text, reason_text, refusal_text

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("table", "keys"),
    [(words.PIECE_KINDS, PieceKind), (words.OPENINGS, Opening), (words.REFUSALS, RefusalCode)],
)
def test_every_value_of_an_enumeration_has_one_word(table: dict[str, Phrase], keys: type[StrEnum]) -> None:
    assert set(table) == {key.value for key in keys}


def test_every_word_is_chinese_in_chinese_and_not_in_english() -> None:
    tables = (words.PIECE_KINDS, words.OPENINGS, words.DEFECTS, words.REFUSALS)
    for phrase in (phrase for table in tables for phrase in table.values()):
        assert HAN.search(phrase.zh)
        assert phrase.en
        assert not HAN.search(phrase.en)


@pytest.mark.parametrize("opening", list(Opening))
def test_app_and_labels_call_an_opening_the_same(opening: Opening) -> None:
    word = strings.OPENINGS[opening]
    assert label_words.CHINESE.openings[opening] == word.zh
    assert label_words.ENGLISH.openings[opening] == word.en


def test_app_and_office_call_a_kind_a_defect_and_a_refusal_the_same() -> None:
    assert strings.PIECE_KINDS is words.PIECE_KINDS
    assert {reason_text(word.zh) for word in strings.DEFECTS.values()} == set(words.DEFECTS.values())
    for code in RefusalCode:
        assert refusal_text(code).zh.startswith(strings.verdict(code).zh)
        assert refusal_text(code).en.startswith(strings.verdict(code).en)


def test_a_recorded_reason_finds_its_stable_code() -> None:
    assert {words.defect_code(word.zh): word for word in words.DEFECTS.values()} == words.DEFECTS
    assert words.defect_code("掉漆") is None
    assert words.reason_words("划伤") == words.DEFECTS["scratched"]


def test_what_nobody_foresaw_is_shown_as_it_came() -> None:
    assert refusal_text("from_the_future") == ("from_the_future。请找主管。", "from_the_future. Ask a manager.")
    assert problem_text("from_the_future", {}).zh == "from_the_future"
    assert reason_text("掉漆").en == "掉漆"


def test_a_phrase_within_a_phrase_is_said_in_its_language() -> None:
    whole = Phrase("{what}：{count}", "{what}: {count}").filled(what=Phrase("门", "door"), count=2)
    assert whole == ("门：2", "door: 2")
    assert not Phrase("", "")


def test_the_words_bring_nothing_else_into_the_first_frame() -> None:
    code = "import sys, shared.words; print(sorted(name for name in sys.modules if name.startswith('shared')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['shared', 'shared.words']"
