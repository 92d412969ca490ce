"""Which screen comes when: device, station, worker, work; and where codes go."""

from urllib.parse import parse_qs

from mobile.engine import Engine
from mobile.flows.decisions import DecisionList
from mobile.flows.device import DeviceCheck
from mobile.flows.entrance import Entrance
from mobile.flows.floor import Floor
from mobile.flows.frame import Frame
from mobile.flows.label import LabelVisit
from mobile.flows.rack import RackVisit
from mobile.flows.unlabelled import Unlabelled
from mobile.outcome import Outcome, PictureWord
from mobile.platform import Platform
from mobile.scanner.keystrokes import WAY_BACK, Keystrokes, Reading, quick_fingers, read_codes, read_message
from mobile.stage import Stage
from mobile.views.help import help_view
from mobile.views.news import NewsActions
from mobile.views.station import StationActions
from mobile.views.type_code import TypeActions, TypeScreen


class Routes:
    """Owns the flows, and which of them is asked first; the engine owns everything that must outlive the screen."""

    def __init__(self, stage: Stage, platform: Platform, engine: Engine) -> None:
        """Nothing is shown yet; `wake` is set whenever there is something to send."""
        self._stage, self._platform, self._engine = stage, platform, engine
        self._frame = Frame(stage, engine, platform, self._home)
        self.wake = self._frame.wake
        self._floor = Floor(self._frame, engine)
        self._rack = RackVisit(self._frame, engine)
        self._decisions = DecisionList(self._frame, engine, self._floor.keep)
        self._unlabelled = Unlabelled(
            self._frame, engine, on_identified=self._identified, on_type=self._go_type, on_help=self._go_help
        )
        self.entrance = Entrance(
            self._frame, engine, scan=self.on_code, forget=self._floor.forget, on_status=self._go_status
        )
        self._device = DeviceCheck(
            self._frame, engine, platform, on_station=self.entrance.ask_station, on_enrol=self.entrance.ask_code
        )

    @property
    def is_over(self) -> bool:
        """Whether the store belongs to another window now."""
        return self._frame.is_over

    async def open(self) -> None:
        """Shows the first screen, and enrols with the code of the address where there is one."""
        self._stage.has_english = self._engine.has_english
        self._stage.watch(self._frame.paint, is_typing=lambda: not self._floor.is_up)
        self._platform.listen(self.on_keystrokes)
        self._platform.watch(self.on_code)
        self._platform.watch_unread(lambda jpeg: self._stage.begin(self._read_elsewhere, jpeg))
        code = parse_qs(self._platform.start_query()).get("code", [""])[0]
        if not code or code == self._engine.enrolled_with:  # an address that is opened once more
            self._frame.go_home()
        elif self._engine.is_enrolled:
            self.entrance.ask_code(code)
        else:
            await self.entrance.enrol(code)

    def close(self) -> None:
        """The store belongs to another window now: paint no more, take no more codes."""
        self._frame.close()

    # ---- what comes in ----

    def on_keystrokes(self, message: str) -> None:
        """What a gun typed, as the page reports it. The setup sheet's code asks what the gun sends, wherever one is.

        What a hand typed outside of any field comes from the page too: only there is it known that no gun did.
        """
        told = read_message(message)
        if self.is_over:
            return
        if isinstance(told, Keystrokes) and self._stage.wants_keys:
            told = quick_fingers(told) or told
        if isinstance(told, str):
            self._stage.type(told)
        elif told.end == WAY_BACK:
            self._go_back()
        elif not self._device.takes(told):
            self._on_reading(read_codes(told))

    def _on_reading(self, reading: Reading) -> None:
        """What was lost stays on the screen: what was read is among the last scans, unless it asks for something."""
        for code in reading.codes:
            self.on_code(code)
        if not (reading.codes and self._floor.is_asking):
            for text in reading.broken:
                self._on_gaps(text)

    def _on_gaps(self, text: str) -> None:
        """What is left of a code that a gun sent with gaps: said where people look, and never recorded."""
        if self.entrance.tells_gaps(text) or self._unlabelled.tells_gaps() or self._rack.tells_gaps(text):
            return
        self._unlabelled.leave()
        self.entrance.has_scanned_early = self._engine.station is None or self._engine.people.worker is None
        self._floor.tell_gaps(text)

    def on_code(self, text: str) -> None:
        """A code from a gun, the camera or the keys: recorded, then shown, then heard."""
        if self.is_over or self.entrance.takes(text) or self._unlabelled.takes(text):
            return
        self._unlabelled.leave()
        if self._rack.takes(text):
            return
        self.entrance.has_scanned_early = self._engine.station is None or self._engine.people.worker is None
        self._floor.scan(text)

    def on_news(self) -> None:
        """Shows what the server said where it is shown; never under somebody's fingers while they type."""
        if self.is_over:
            return
        if self._floor.is_up:
            self._floor.refresh()
        else:
            self._frame.refresh()

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

    # ---- home ----

    def _go_back(self) -> None:
        """The browser's way back leads to the station, as the button on a screen does; from there it leads nowhere."""
        if not (self.entrance.is_enrolling or self._floor.is_up):
            self._unlabelled.leave()
            self._frame.go_home()

    def _home(self) -> None:
        """The screen for what is known so far: device, station, worker."""
        engine = self._engine
        if not engine.is_enrolled:
            self.entrance.paint_enrolment()
        elif engine.station is None:
            self.entrance.paint_stations()
        elif engine.people.worker is None:
            self.entrance.paint_people(engine.station)
        else:
            self._floor.enter(engine.station, engine.people.worker, self._actions())

    def _actions(self) -> StationActions:
        return StationActions(
            on_type=self._go_type,
            on_help=self._unlabelled.begin,
            on_change_worker=self.entrance.sign_out,
            on_status=self._go_status,
            on_passed=self._floor.passed,
            on_failed=self._floor.failed,
            news=NewsActions(self._floor.answer, self._floor.acknowledge),
            on_to_decide=self._decisions.open,
            on_label=self._open_label,
            on_photo=self._start_photo if self._platform.has_camera() else None,
            on_camera=self._frame.camera,
        )

    # ---- from the station and back ----

    def _open_label(self, piece_id: str) -> None:
        LabelVisit(self._frame, self._engine, self._platform, piece_id).open()

    def _identified(self, piece_id: str, outcome: Outcome) -> None:
        """A piece without a label was scanned on a leader's word: said at the station, then its label comes up."""
        self._floor.show_scan(outcome)
        if outcome.is_recorded or outcome.ask is not None:
            LabelVisit(self._frame, self._engine, self._platform, piece_id, is_counted=True).open()

    def _start_photo(self, piece_id: str) -> None:
        self._stage.begin(self._photograph, piece_id)

    async def _photograph(self, piece_id: str) -> None:
        content = await self._platform.take_photo()
        if content is not None and not self.is_over:
            await self._floor.photograph(piece_id, content)

    def _go_status(self) -> None:
        self._device.open()

    def _go_type(self) -> None:
        self._frame.go(self._type)

    def _type(self, text: str = "") -> None:
        finder, last = self._engine.finder, self._floor.last_piece

        def changed(code: str) -> None:
            self._frame.repaint_with(lambda: self._type(code))

        actions = TypeActions(
            self.on_code, changed, self._frame.go_home, lambda typed: finder.likely(typed, last), finder.near
        )
        self._stage.show(TypeScreen(text, self._stage.look, actions).control)

    def _go_help(self) -> None:
        self._frame.go(self._help)

    def _help(self) -> None:
        name = self._engine.station.name if self._engine.station else ""
        self._stage.show(help_view(name, self._stage.look, self._go_type, self._frame.go_home))
