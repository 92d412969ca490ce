"""The station: scan, see, go on. One large answer, what came before, four buttons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import flet as ft

from mobile import strings, theme
from mobile.outcome import Outcome, Recent, ToDecide
from mobile.strings import Phrase
from mobile.theme import Look
from mobile.views.components.page import bar, chip_row, under_title
from mobile.views.components.photo import PhotoButton
from mobile.views.components.tile import action, tile
from mobile.views.news import News, NewsActions, news_cards
from mobile.views.recent import RecentList
from mobile.views.to_decide import to_decide_tile
from mobile.views.verdict import VerdictCard
from shared.schemas.people import Person
from shared.schemas.production import Station

RECENT_WIDTH = 420
NOTHING_TO_DECIDE = ToDecide()


@dataclass(frozen=True)
class StationActions:
    """What the buttons of this screen do; `on_failed` takes the code of a defect."""

    on_type: Callable[[], None]
    on_help: Callable[[], None]
    on_change_worker: Callable[[], None]
    on_status: Callable[[], None]
    on_passed: Callable[[], None]
    on_failed: Callable[[str], None]
    news: NewsActions
    on_to_decide: Callable[[], None]
    on_label: Callable[[str], None]
    """Shows the label of the piece of this id."""
    on_photo: Callable[[str], None] | None = None
    """Takes a picture of the piece of this id; None where there is no camera."""
    on_camera: Callable[[], None] | None = None
    """Opens the camera that looks for codes; None where there is none."""


@dataclass(frozen=True)
class Shown:
    """What the screen says now; `when` is the time of the first scan, where the answer tells of one."""

    shift: Phrase
    """The shift of now; empty where it is not known."""
    outcome: Outcome | None
    when: str
    recent: Sequence[Recent]
    news: News
    chips: list[ft.Control]
    to_decide: ToDecide = NOTHING_TO_DECIDE


class StationScreen:
    """Built once for a worker at a station; a scan changes the card, the chips and one row, nothing else."""

    def __init__(
        self, station: Station, worker: Person, look: Look, clock: Callable[[int], str], actions: StationActions
    ) -> None:
        """The screen before the first scan."""
        self._station, self._look, self._actions = station, look, actions
        self._chips = chip_row()
        self._card = VerdictCard(look)
        self._recent = RecentList(look, clock, actions.on_label)
        self._photo = PhotoButton(look, actions.on_photo)
        self._line = ft.Column(spacing=0, tight=True, visible=False)
        self._to_decide = NOTHING_TO_DECIDE
        self._news = ft.Column(spacing=12, tight=True, visible=False)
        self._told = News()
        self._outcome: Outcome | None = None
        self._is_failing = False
        self._who = f"{look.say(strings.STATION)} {station.code} · {worker.name}"
        self._under = under_title(self._who, look)
        body = self._wide_body() if look.is_wide else self._narrow_body()
        below = ft.Column([body, self._buttons()], spacing=14, expand=True)
        self.control = ft.Column(
            [
                bar(station.name, self._under, look, self._chips),
                ft.Container(below, padding=look.padding, expand=True),
            ],
            spacing=0,
            expand=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )

    def show(self, shown: Shown) -> list[ft.Control]:
        """Puts this on the screen; the controls that changed, for the page to send."""
        changed: list[ft.Control] = [self._chips]
        self._chips.controls = shown.chips
        under = f"{self._who} · {self._look.say(shown.shift)}" if shown.shift else self._who
        if under != self._under.value:
            self._under.value = under
            changed.append(self._under)
        if shown.outcome != self._outcome or not self._card.control.bgcolor:
            self._outcome, self._is_failing = shown.outcome, False
            self._paint_card(shown.when)
            changed.append(self._card.control)
            if self._photo.show(shown.outcome):
                changed.append(self._photo.control)
        if self._recent.show(shown.recent):
            changed.append(self._recent.rows)
        if shown.to_decide != self._to_decide:
            self._to_decide = shown.to_decide
            self._line.visible = bool(shown.to_decide)
            self._line.controls = [to_decide_tile(shown.to_decide, self._look, self._actions.on_to_decide)]
            changed.append(self._line)
        if shown.news != self._told:  # a tap on a button that is replaced meanwhile is lost
            self._told = shown.news
            self._news.controls = news_cards(shown.news, self._look, self._actions.news)
            self._news.visible = bool(self._news.controls)
            changed.append(self._news)
        return changed

    def _paint_card(self, when: str) -> None:
        if self._outcome is None:
            self._card.ready(self._station.name)
            return
        self._card.show(self._outcome, when, self._inspection() if self._outcome.ask else None)

    def _wide_body(self) -> ft.Control:
        right = ft.Column([self._line, self._news, self._recent.control], spacing=12, scroll=ft.ScrollMode.AUTO)
        return ft.Row(
            [self._card.control, ft.Container(right, width=RECENT_WIDTH)],
            spacing=20,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
            expand=True,
        )

    def _narrow_body(self) -> ft.Control:
        return ft.Column(
            # What was just scanned is seen without scrolling.
            [self._card.control, self._photo.control, self._line, self._news, self._recent.control],
            spacing=12,
            scroll=ft.ScrollMode.AUTO,
            expand=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )

    def _buttons(self) -> ft.Row:
        look, actions = self._look, self._actions
        typing = action(ft.Icons.KEYBOARD, strings.TYPE, look, actions.on_type)
        camera = (
            action(ft.Icons.QR_CODE_SCANNER, strings.CAMERA, look, actions.on_camera) if actions.on_camera else None
        )
        # On a phone there is room for four; typing is reached by way of "no label" there.
        first: list[ft.Control] = [typing] if camera is None else [camera, typing] if look.is_wide else [camera]
        buttons: list[ft.Control] = [
            *first,
            action(ft.Icons.HELP_OUTLINE, strings.NO_LABEL, look, actions.on_help),
            action(ft.Icons.SWITCH_ACCOUNT, strings.CHANGE_WORKER, look, actions.on_change_worker),
            action(ft.Icons.TUNE, strings.STATUS, look, actions.on_status),
        ]
        if look.is_wide:
            buttons.append(self._photo.control)
        return ft.Row(buttons, spacing=12 if look.is_wide else 8)

    def _inspection(self) -> ft.Control:
        """First pass or fail, then what is wrong."""
        look, palette, actions = self._look, self._look.palette, self._actions
        if not self._is_failing:
            passed = tile(ft.Icons.CHECK_CIRCLE, look.say(strings.PASS), look, actions.on_passed, role=palette.ok)
            failed = tile(ft.Icons.BLOCK, look.say(strings.FAIL), look, self._start_failing, role=palette.stop)
            return _cells([passed, failed])

        def because(defect: str) -> Callable[[], None]:
            return lambda: actions.on_failed(defect)

        reasons = [
            tile(ft.Icons.BLOCK, look.say(word), look, because(defect), role=palette.stop)
            for defect, word in strings.DEFECTS.items()
        ]
        back = tile(ft.Icons.ARROW_BACK, look.say(strings.BACK), look, self._stop_failing)
        for button in (*reasons, back):
            button.height = theme.TARGET_MIN
        ask = ft.Text(look.say(strings.WHICH_FAULT), size=theme.TITLE, weight=ft.FontWeight.W_600, color=palette.ink)
        return ft.Column([ask, _cells([*reasons, back])], spacing=10, tight=True)

    def _start_failing(self) -> None:
        self._is_failing = True
        self._paint_card("")
        self._card.control.update()

    def _stop_failing(self) -> None:
        self._is_failing = False
        self._paint_card("")
        self._card.control.update()


def _cells(tiles: Sequence[ft.Control]) -> ft.ResponsiveRow:
    cells: list[ft.Control] = [ft.Container(one, col={"xs": 6, "lg": 4 if len(tiles) > 2 else 6}) for one in tiles]
    return ft.ResponsiveRow(cells, spacing=10, run_spacing=10)
