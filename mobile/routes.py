"""Which screen comes when: device, station, worker, work; and the side ways from there."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs

import flet as ft

from mobile.clock import FactoryClock
from mobile.device_facts import changing_facts, status_facts
from mobile.engine import Engine
from mobile.floor import Floor
from mobile.invitation import code_in
from mobile.label_desk import LabelDesk, LabelWays
from mobile.outcome import Outcome, PictureWord, SignIn, SignInStatus, Tone
from mobile.platform import Platform
from mobile.rack_visit import RackVisit, RackWays
from mobile.scanner.gun_check import Finding, check_gun, worst_tone
from mobile.scanner.keystrokes import WAY_BACK, codes_in, read_keystrokes
from mobile.stage import Stage
from mobile.unlabelled import Unlabelled, UnlabelledWays
from mobile.views.components.page import chip_row
from mobile.views.components.sync_chips import sync_chips
from mobile.views.enrol import EnrolActions, enrol_view
from mobile.views.gun_check import gun_check_view
from mobile.views.help import help_view
from mobile.views.news import NewsActions
from mobile.views.pin_pad import DONE, KEYBOARD, pressed
from mobile.views.sign_in import people_view, pin_view
from mobile.views.station import StationActions
from mobile.views.station_picker import station_picker_view
from mobile.views.status import StatusActions, status_view
from mobile.views.to_decide import ToDecideActions, to_decide_view
from mobile.views.type_code import TypeActions, TypeScreen
from shared.label_code import SELF_TEST_CODE
from shared.schemas.commands import VerdictAnswer
from shared.schemas.people import Person
from shared.schemas.production import Station
from shared.schemas.quality import Resolution


class Routes:
    """Owns what is on the screen; the engine owns everything that must outlive it."""

    def __init__(self, stage: Stage, platform: Platform, engine: Engine) -> None:
        """Nothing is shown yet; `wake` is set whenever there is something to send."""
        self._stage, self._platform, self._engine = stage, platform, engine
        self._clock = FactoryClock(platform.now_us, lambda: engine.site)
        self._floor = Floor(stage, engine, self._clock)
        self._repaint: Callable[[], None] = self._home
        self._chips: ft.Row | None = None
        self._live: Callable[[], object] | None = None
        self._lived: object = None
        self._has_scanned_early = False
        self._is_enrolling = False
        self._is_checking_gun = False
        self._is_camera_open = False
        self._unsigned: list[str] | None = None
        """What was scanned while a PIN is checked, which takes a moment; None where none is."""
        self.is_over = False
        self.wake = asyncio.Event()
        self._unlabelled = self._make_unlabelled()
        self._rack = self._make_rack()

    async def open(self) -> None:
        """Shows the first screen, and enrols with the code of the address where there is one."""
        self._stage.has_english = self._engine.has_english
        self._stage.watch(self._paint, is_typing=lambda: not self._floor.is_up)
        self._platform.listen(self.on_keystrokes)
        self._platform.watch(self.on_code)
        self._platform.watch_unread(lambda jpeg: self._stage.begin(self._read_elsewhere, jpeg))
        code = parse_qs(self._platform.start_query()).get("code", [""])[0]
        if not code or code == self._engine.enrolled_with:  # an address that is opened once more
            self._go_home()
        elif self._engine.is_enrolled:
            self._go(lambda: self._enrol(code))
        else:
            await self._try_to_enrol(code)

    def close(self) -> None:
        """The store belongs to another window now: paint no more, take no more codes."""
        self.is_over = True
        self.wake.set()

    def on_keystrokes(self, message: str) -> None:
        """What a gun typed, as the page reports it. The setup sheet's code asks what the gun sends, wherever one is."""
        keys = read_keystrokes(message)
        if keys.end == WAY_BACK:
            self._go_back()
            return
        codes = codes_in(keys)
        if not self.is_over and (self._is_checking_gun or codes == [SELF_TEST_CODE]):
            found = check_gun(keys)
            self._go(lambda: self._gun(found))
            self._platform.play(worst_tone(found))
            return
        for code in codes:
            self.on_code(code)

    def on_code(self, text: str) -> None:
        """A code from a gun, the camera or the keys: recorded, then shown, then heard."""
        if self.is_over or self._is_enrolling:
            return
        if not self._engine.is_enrolled:
            self._stage.begin(self._try_to_enrol, code_in(text))
            return
        if self._unsigned is not None:
            self._unsigned.append(text)
            return
        if self._unlabelled.takes(text):
            return
        self._unlabelled.leave()
        if self._rack.takes(text):
            return
        self._has_scanned_early = self._engine.station is None or self._engine.worker is None
        self._answer(self._floor.scan(text))

    def on_news(self) -> None:
        """Shows what the server said where it is shown; never under somebody's fingers while they type."""
        if self.is_over:
            return
        if self._floor.is_up:
            self._floor.refresh()
        elif self._live is not None and self._live() != self._lived:
            self._paint()
        elif self._chips is not None:
            self._chips.controls = self._chips_now()
            self._stage.update(self._chips)

    def _go_back(self) -> None:
        """The browser's way back leads to the station, as the button on a screen does; from there it leads nowhere."""
        if not (self.is_over or self._is_enrolling or self._floor.is_up):
            self._unlabelled.leave()
            self._go_home()

    # ---- the way to the work ----

    def _go(self, screen: Callable[[], None]) -> None:
        self._repaint = screen
        self._paint()

    def _paint(self) -> None:
        """Shows the current screen anew. Each says where its chips are, and what else of it news may change.

        Only where that has changed is it painted anew: a tap on a button that is replaced meanwhile is lost.
        """
        if not self.is_over:
            self._floor.leave()
            self._chips, self._live, self._is_checking_gun = None, None, False
            self._repaint()
            self._close_camera_elsewhere()
            self._lived = self._live() if self._live is not None else None

    def _close_camera_elsewhere(self) -> None:
        """The camera belongs to where pieces are scanned; somebody may have closed it already, which does no harm."""
        if self._is_camera_open and not self._floor.is_up and not self._rack.is_scanning:
            self._is_camera_open = False
            self._platform.show_camera(is_on=False)

    def _go_home(self) -> None:
        self._go(self._home)

    def _home(self) -> None:
        """The screen for what is known so far: device, station, worker."""
        engine = self._engine
        if not engine.is_enrolled:
            self._enrol("")
        elif engine.station is None:
            self._stations()
        elif engine.worker is None:
            self._people(engine.station)
        else:
            self._floor.enter(engine.station, engine.worker, self._actions())

    def _enrol(self, code: str, fault: str | None = None, *, is_busy: bool = False) -> None:
        def typed(text: str) -> None:
            self._stage.begin(self._try_to_enrol, code_in(text))

        def changed(text: str) -> None:  # a turned device keeps what was typed
            self._repaint = lambda: self._enrol(text, fault, is_busy=is_busy)

        known_as = self._engine.device_name if self._engine.is_enrolled else None
        actions = EnrolActions(typed, changed, self._change_language, self._go_home)
        self._stage.show(enrol_view(code, fault, known_as, self._stage.look, actions, is_busy=is_busy))

    async def _try_to_enrol(self, code: str) -> None:
        self._go(lambda: self._enrol(code, is_busy=True))
        self._is_enrolling = True
        try:
            fault = await self._engine.enrol(code)
        finally:
            self._is_enrolling = False
        self._go(self._home if fault is None else lambda: self._enrol(code, fault))

    def _stations(self, *, has_unkept: bool = False) -> None:
        engine = self._engine
        self._live = lambda: (engine.stations(), engine.site, engine.device_name)

        def picked(station: Station) -> None:
            if engine.pick_station(station.id) is None:
                self._floor.forget()
                self._go_home()
            else:
                self._go(lambda: self._stations(has_unkept=True))

        on_back = self._go_home if engine.station is not None else None
        under = f"{engine.site.name} · {engine.device_name}" if engine.site else engine.device_name
        chips, look, stations = self._chip_row(), self._stage.look, engine.stations()
        self._stage.show(
            station_picker_view(
                under, chips, stations, look, picked, on_back, self._change_language, has_unkept=has_unkept
            )
        )

    def _people(self, station: Station) -> None:
        people = self._engine.workers()
        self._live = self._engine.workers if not people else None

        def picked(person: Person) -> None:
            self._go(lambda: self._pin(person, "", None))

        self._stage.show(
            people_view(
                station,
                self._chip_row(),
                people,
                self._stage.look,
                picked,
                lambda: self._go(self._status),
                self._change_language,
                has_scanned=self._has_scanned_early,
            )
        )

    def _pin(self, person: Person, pin: str, answer: SignIn | None) -> None:
        def key(pressed_key: str) -> None:
            if pressed_key == DONE:
                self._stage.begin(self._sign_in, person, pin)
            else:
                self._go(lambda: self._pin(person, pressed(pin, pressed_key), None))

        answer = answer or self._engine.lock_of(person.id)
        until = answer.locked_until_us if answer else None
        locked_until = self._clock.say(until) if until else ""
        look = self._stage.look
        view = pin_view(person, pin, answer, locked_until, look, key, self._go_home, self._change_language)
        self._stage.show(view, on_key=lambda name: key(KEYBOARD[name]) if name in KEYBOARD else None)

    async def _sign_in(self, person: Person, pin: str) -> None:
        if self._unsigned is not None:
            return  # the key was pressed twice
        codes: list[str] = []
        self._unsigned = codes
        try:
            answer = await self._engine.sign_in(person.id, pin)
        finally:
            self._unsigned = None
        self._floor.forget()
        self._has_scanned_early = False
        self._go(self._home if answer.status is SignInStatus.OK else lambda: self._pin(person, "", answer))
        for text in codes:
            self.on_code(text)

    # ---- from the station and back ----

    def _actions(self) -> StationActions:
        return StationActions(
            on_type=lambda: self._go(self._type),
            on_help=self._unlabelled.begin,
            on_change_worker=self._sign_out,
            on_status=lambda: self._go(self._status),
            on_passed=lambda: self._inspected(None),
            on_failed=self._inspected,
            news=NewsActions(self._answer_verdict, self._acknowledge),
            on_to_decide=lambda: self._go(self._to_decide),
            on_label=self.show_label,
            on_photo=self._start_photo if self._platform.has_camera() else None,
            on_camera=self._open_camera if self._platform.has_scanning_camera() else None,
        )

    def _answer(self, outcome: Outcome) -> None:
        """Shows it where the station's screen is already up, or goes there; then says it aloud."""
        if self._floor.is_up:
            self._floor.repaint()
        else:
            self._go_home()
        self._platform.play(outcome.tone)
        self.wake.set()

    def _inspected(self, defect: str | None) -> None:
        outcome = self._floor.inspect(defect)
        if outcome is not None:
            self._answer(outcome)

    def _answer_verdict(self, outcome: Outcome, answer: VerdictAnswer) -> None:
        self._floor.answer(outcome, answer)
        self.wake.set()

    def _acknowledge(self) -> None:
        self._floor.acknowledge()
        self.wake.set()

    def _open_camera(self) -> None:
        self._is_camera_open = True
        self._platform.show_camera(is_on=True)

    async def _read_elsewhere(self, jpeg: bytes) -> None:
        """The server looks at a photograph in which the page has read nothing; the panel says what it found."""
        answer = await self._engine.read_picture(jpeg)
        if self.is_over:
            return
        if answer.word is PictureWord.READ:
            self._platform.say_on_camera("")
            self.on_code(answer.text)
        else:
            self._platform.say_on_camera(answer.word)

    def _start_photo(self, piece_id: str) -> None:
        self._stage.begin(self._photograph, piece_id)

    async def _photograph(self, piece_id: str) -> None:
        content = await self._platform.take_photo()
        if content is not None and not self.is_over:
            self._answer(await self._floor.photograph(piece_id, content))

    def _to_decide(self, *, has_unkept: bool = False) -> None:
        engine = self._engine
        self._live = engine.to_decide

        def done(outcome: Outcome) -> None:
            self._go(lambda: self._to_decide(has_unkept=not outcome.is_recorded))
            self._platform.play(outcome.tone)
            self.wake.set()

        def chosen(conflict_id: str, resolution: Resolution) -> None:
            done(self._floor.decide(conflict_id, resolution))

        def seen_to(call_id: str) -> None:
            done(self._floor.close_call(call_id))

        actions = ToDecideActions(on_choose=chosen, on_seen_to=seen_to, on_back=self._go_home)
        under = " · ".join(one.name for one in (engine.station, engine.worker) if one is not None)
        chips, look, clock = self._chip_row(), self._stage.look, self._clock.say
        view = to_decide_view(under, chips, engine.to_decide(), look, clock, actions, has_unkept=has_unkept)
        self._stage.show(view)

    def show_label(self, piece_id: str, *, is_counted: bool = False) -> None:
        """The label of this piece, for whatever screen has a piece at hand; from there the way leads back to work.

        `is_counted` says that a copy is on record already.
        """

        def recorded(outcome: Outcome) -> None:
            self._platform.play(outcome.tone)
            self.wake.set()

        def is_up(desk: LabelDesk) -> bool:
            return self._repaint == desk.paint and not self.is_over

        ways = LabelWays(self._go_home, recorded, self._change_language, is_up, is_counted)
        desk = LabelDesk(self._stage, self._engine, self._platform, piece_id, ways)
        self._go(desk.paint)
        self._stage.begin(desk.prepare)

    def _make_rack(self) -> RackVisit:
        def recorded(tone: Tone) -> None:
            self._platform.play(tone)
            self.wake.set()

        def watch(facts: Callable[[], object]) -> None:
            self._live = facts

        ways = RackWays(
            go=self._go,
            home=self._go_home,
            is_up=lambda screen: self._repaint == screen and not self.is_over,
            recorded=recorded,
            chips=self._chip_row,
            watch=watch,
            clock=self._clock.say,
            camera=self._open_camera if self._platform.has_scanning_camera() else None,
        )
        return RackVisit(self._stage, self._engine, ways)

    def _sign_out(self) -> None:
        self._engine.sign_out()
        self._floor.forget()
        self._go_home()

    def _type(self, text: str = "") -> None:
        engine, last = self._engine, self._floor.last_piece

        def changed(code: str) -> None:  # a turned device keeps what was typed
            self._repaint = lambda: self._type(code)

        actions = TypeActions(
            self.on_code, changed, self._go_home, lambda typed: engine.likely(typed, last), engine.near
        )
        self._stage.show(TypeScreen(text, self._stage.look, actions).control)

    def _make_unlabelled(self) -> Unlabelled:
        ways = UnlabelledWays(
            go=self._go,
            answer=self._identified,
            home=self._go_home,
            type_code=lambda: self._go(self._type),
            help=lambda: self._go(self._help),
            language=self._change_language,
            wake=self.wake.set,
            print_label=lambda piece_id: self.show_label(piece_id, is_counted=True),
        )
        return Unlabelled(self._stage, self._engine, self._clock, ways)

    def _identified(self, outcome: Outcome) -> None:
        self._floor.show(outcome)
        self._answer(outcome)

    def _help(self) -> None:
        name = self._engine.station.name if self._engine.station else ""
        self._stage.show(help_view(name, self._stage.look, lambda: self._go(self._type), self._go_home))

    def _gun(self, found: list[Finding]) -> None:
        self._is_checking_gun = True
        self._stage.show(gun_check_view(found, self._stage.look, self._go_home))

    # ---- the device ----

    def _status(self, exported: int | None = None) -> None:
        self._live = lambda: changing_facts(self._engine, self._clock)
        self._stage.begin(self._show_status, exported)

    async def _show_status(self, exported: int | None) -> None:
        screen = self._repaint
        is_kept = await self._platform.is_persistent()
        if self._repaint != screen:
            return  # somebody has gone on meanwhile
        actions = StatusActions(
            on_export=lambda: self._stage.begin(self._export),
            on_station=lambda: self._go(self._stations),
            on_enrol=lambda: self._go(lambda: self._enrol("")),
            on_gun=lambda: self._go(lambda: self._gun([])),
            on_language=self._change_language,
            on_back=self._go_home,
        )
        facts = status_facts(self._engine, self._clock, is_kept=is_kept, exported=exported)
        facts = replace(facts, reading_with=self._platform.reading_with())
        self._stage.show(status_view(facts, self._stage.look, actions))

    async def _export(self) -> None:
        exported = await self._engine.export_outbox()
        self._platform.download(exported.name, exported.content)
        self._go(lambda: self._status(exported.count))

    def _change_language(self) -> None:
        self._engine.set_english(is_on=not self._engine.has_english)
        self._stage.has_english = self._engine.has_english
        self._paint()

    def _chips_now(self) -> list[ft.Control]:
        state = self._engine.sync_state
        silent_min = self._clock.minutes_since(state.last_contact_us)
        return sync_chips(state, self._engine.waiting(), silent_min, self._stage.look)

    def _chip_row(self) -> ft.Row:
        """The chips of a screen that is not the station's."""
        self._chips = chip_row()
        self._chips.controls = self._chips_now()
        return self._chips
