"""The station's screen changes what is new and nothing else."""

import flet as ft
import pytest

from mobile.theme import Look, palette_for
from mobile.views.news import News, NewsActions
from mobile.views.station import Shown, StationActions, StationScreen
from shared.words import Phrase
from tests.factory import Factory

NIGHT, DAY, NONE = Phrase("夜班", "night shift"), Phrase("白班", "day shift"), Phrase("", "")


def nothing(*_: object) -> None:
    """What a button does here."""


@pytest.fixture
def screen() -> StationScreen:
    factory = Factory()
    look = Look(palette_for(is_dark=False), is_wide=True, is_low=False, has_english=False)
    actions = StationActions(
        nothing, nothing, nothing, nothing, nothing, nothing, NewsActions(nothing, nothing), nothing, nothing
    )
    return StationScreen(factory.stations["CUT"], factory.people["张伟"], look, str, actions)


def unders(screen: StationScreen, shift: Phrase) -> list[str]:
    """The line under the title where this shift changes it."""
    shown = Shown(shift=shift, outcome=None, when="", recent=[], news=News(), chips=[])
    return [control.value for control in screen.show(shown) if isinstance(control, ft.Text)]


def test_a_shift_that_begins_while_the_screen_is_up_is_shown(screen: StationScreen) -> None:
    assert unders(screen, NIGHT) == ["工位 S-CUT · 张伟 · 夜班"]
    assert unders(screen, NIGHT) == []
    assert unders(screen, DAY) == ["工位 S-CUT · 张伟 · 白班"]


def test_a_shift_that_is_not_known_leaves_no_trace(screen: StationScreen) -> None:
    assert unders(screen, NONE) == []
    unders(screen, DAY)
    assert unders(screen, NONE) == ["工位 S-CUT · 张伟"]
