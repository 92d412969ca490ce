"""The way to the work: enrolling the device, picking its station, signing in; and out again."""

from collections.abc import Callable

from mobile.engine import Engine
from mobile.flows.frame import Frame
from mobile.flows.pin_entry import PinEntry, PinQuestion
from mobile.invitation import code_in
from mobile.outcome import Tone
from mobile.views.enrol import EnrolActions, enrol_view
from mobile.views.sign_in import people_view
from mobile.views.station_picker import station_picker_view
from shared.schemas.people import Person
from shared.schemas.production import Station


class Entrance:
    """Owns which questions stand before the work, and what was scanned before they were answered."""

    def __init__(
        self,
        frame: Frame,
        engine: Engine,
        *,
        scan: Callable[[str], None],
        forget: Callable[[], None],
        on_status: Callable[[], None],
    ) -> None:
        """Nobody is asked.

        `scan` takes what was scanned while a PIN was checked; `forget` is called when somebody else works, or somewhere
        else; `on_status` shows the device's own screen.
        """
        self._frame, self._engine = frame, engine
        self._scan, self._forget, self._on_status = scan, forget, on_status
        self._pins = PinEntry(frame, engine.people, engine.people.sign_in)
        self._unsigned: list[str] = []
        self._is_enrolling = False
        self.has_scanned_early = False
        """Whether somebody scanned before they signed in."""

    @property
    def is_enrolling(self) -> bool:
        """Whether the server is asked just now who this device is."""
        return self._is_enrolling

    def takes(self, text: str) -> bool:
        """Whether the code is dealt with here: the office's for a new device, or any while a PIN is checked."""
        if self._is_enrolling:
            return True
        if not self._engine.is_enrolled:
            self._frame.stage.begin(self.enrol, code_in(text))
            return True
        if self._pins.is_checking:
            self._unsigned.append(text)
        return self._pins.is_checking

    def tells_gaps(self, text: str) -> bool:
        """Whether it is said here that a gun read with gaps: to who enrols the device, or types a PIN."""
        if self._is_enrolling:
            return True
        if not self._engine.is_enrolled:
            self.ask_code("", self._engine.on_gaps(text).code)
            self._frame.heard(Tone.STOP)
            return True
        return not self._pins.is_checking and self._pins.tells_gaps()

    # ---- the device ----

    def ask_code(self, code: str = "", fault: str | None = None) -> None:
        """Asks for the code from the office; `code` is offered, `fault` is what the server said to the last one."""
        self._frame.go(lambda: self.paint_enrolment(code, fault))

    async def enrol(self, code: str) -> None:
        """Tells the server this code, then goes on, or asks for another."""
        self._frame.go(lambda: self.paint_enrolment(code, is_busy=True))
        self._is_enrolling = True
        try:
            fault = await self._engine.enrol(code)
        finally:
            self._is_enrolling = False
        if fault is None:
            self._frame.go_home()
        else:
            self.ask_code(code, fault)

    def paint_enrolment(self, code: str = "", fault: str | None = None, *, is_busy: bool = False) -> None:
        """Asks for the code from the office, with what is typed of it by now."""
        engine, frame = self._engine, self._frame

        def typed(text: str) -> None:
            frame.stage.begin(self.enrol, code_in(text))

        def changed(text: str) -> None:
            frame.repaint_with(lambda: self.paint_enrolment(text, fault, is_busy=is_busy))

        known_as = engine.device_name if engine.is_enrolled else None
        actions = EnrolActions(typed, changed, frame.change_language, frame.go_home)
        frame.stage.show(enrol_view(code, fault, known_as, frame.stage.look, actions, is_busy=is_busy))

    # ---- the station ----

    def ask_station(self) -> None:
        """Lets somebody pick the station."""
        self._frame.go(self.paint_stations)

    def paint_stations(self, *, has_unkept: bool = False) -> None:
        """The stations to pick from; `has_unkept` says that there was no room for the last choice."""
        engine, frame = self._engine, self._frame
        stations, site = engine.stations(), engine.site
        frame.watch(lambda: (engine.stations(), engine.site, engine.device_name), (stations, site, engine.device_name))

        def picked(station: Station) -> None:
            if engine.pick_station(station.id) is None:
                self._forget()
                frame.go_home()
            else:
                frame.go(lambda: self.paint_stations(has_unkept=True))

        on_back = frame.go_home if engine.station is not None else None
        under = f"{site.name} · {engine.device_name}" if site else engine.device_name
        chips, look = frame.chip_row(), frame.stage.look
        view = station_picker_view(
            under, chips, stations, look, picked, on_back, frame.change_language, has_unkept=has_unkept
        )
        frame.stage.show(view)

    # ---- the worker ----

    def paint_people(self, station: Station) -> None:
        """Who may sign in here."""
        engine, frame = self._engine, self._frame
        people = engine.people.workers()
        if not people:
            frame.watch(engine.people.workers, people)

        def picked(person: Person) -> None:
            self._pins.ask(self._question_to(person))

        view = people_view(
            station,
            frame.chip_row(),
            people,
            frame.stage.look,
            picked,
            self._on_status,
            frame.change_language,
            has_scanned=self.has_scanned_early,
        )
        frame.stage.show(view)

    def _question_to(self, person: Person) -> PinQuestion:
        return PinQuestion(person, lambda pin: self.sign_in(person, pin), self._frame.go_home)

    async def sign_in(self, person: Person, pin: str) -> None:
        """Lets this person work where the PIN is right. What is scanned meanwhile is scanned when that is known."""
        if self._pins.is_checking:
            return
        self._unsigned = []
        is_right = await self._pins.is_right(self._question_to(person), pin)
        self._forget()
        self.has_scanned_early = False
        if is_right:
            self._frame.go_home()
        for text in self._unsigned:
            self._scan(text)

    def sign_out(self) -> None:
        """Somebody else is to work here."""
        self._engine.people.sign_out()
        self._forget()
        self._frame.go_home()
