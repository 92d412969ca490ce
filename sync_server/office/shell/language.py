"""The office's two languages: Chinese for everybody, English for whoever asks for it. Every sentence has both."""

from enum import StrEnum

from fastapi import Request

from shared.words import Phrase

COOKIE = "mumen_language"


class Language(StrEnum):
    """What a page is written in; the value is its tag in HTML."""

    CHINESE = "zh-CN"
    ENGLISH = "en"

    @property
    def other(self) -> "Language":
        """The one that the switch leads to."""
        return Language.ENGLISH if self is Language.CHINESE else Language.CHINESE


NOTHING = Phrase("", "")


def said_in(phrase: Phrase, language: Language) -> str:
    """The phrase in this language."""
    return phrase.en if language is Language.ENGLISH else phrase.zh


def language_of(request: Request) -> Language:
    """What this browser asks for, in this request or in an earlier one; Chinese where it never did."""
    chosen = getattr(request.state, "language", request.cookies.get(COOKIE, ""))
    return Language(chosen) if chosen in set(Language) else Language.CHINESE
