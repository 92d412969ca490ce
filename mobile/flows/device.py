"""The device itself: how it stands with the server, what it exports, and whether its gun is set up."""

from collections.abc import Callable

from mobile.engine import Engine
from mobile.flows.frame import Frame
from mobile.platform import Platform
from mobile.scanner.gun_check import Finding, check_gun, worst_tone
from mobile.scanner.keystrokes import Keystrokes, codes_in
from mobile.views.gun_check import gun_check_view
from mobile.views.status import StatusActions, StatusFacts, status_view
from shared.label_code import SELF_TEST_CODE
from shared.version import VERSION


class DeviceCheck:
    """Owns what was found out about the gun, and how much was exported last."""

    def __init__(
        self,
        frame: Frame,
        engine: Engine,
        platform: Platform,
        *,
        on_station: Callable[[], None],
        on_enrol: Callable[[], None],
    ) -> None:
        """Nothing is shown; `on_station` lets somebody pick another one, `on_enrol` enrol the device once more."""
        self._frame, self._engine, self._platform = frame, engine, platform
        self._on_station, self._on_enrol = on_station, on_enrol
        self._found: list[Finding] = []
        self._exported: int | None = None

    # ---- the gun ----

    def takes(self, keys: Keystrokes) -> bool:
        """Whether what a gun typed is looked at here: the setup sheet's code, or any while the gun is checked."""
        if not self._frame.is_up(self._paint_gun) and codes_in(keys) != [SELF_TEST_CODE]:
            return False
        self._check_gun(check_gun(keys))
        self._platform.play(worst_tone(self._found))
        return True

    def _check_gun(self, found: list[Finding]) -> None:
        self._found = found
        self._frame.go(self._paint_gun)

    def _paint_gun(self) -> None:
        stage = self._frame.stage
        stage.show(gun_check_view(self._found, stage.look, self._frame.go_home))

    # ---- how it stands ----

    def open(self) -> None:
        """Shows how the device stands."""
        self._show_status(None)

    def _show_status(self, exported: int | None) -> None:
        self._exported = exported
        self._frame.go(self._paint_status)

    def _paint_status(self) -> None:
        self._frame.watch(self._changing_facts, self._changing_facts())
        self._frame.stage.begin(self._paint_facts)

    async def _paint_facts(self) -> None:
        """Asks the platform first, which takes a moment; somebody may have gone on meanwhile."""
        is_kept = await self._platform.is_persistent()
        if not self._frame.is_up(self._paint_status):
            return
        actions = StatusActions(
            on_export=self._begin_export,
            on_station=self._on_station,
            on_enrol=self._on_enrol,
            on_gun=lambda: self._check_gun([]),
            on_language=self._frame.change_language,
            on_back=self._frame.go_home,
        )
        self._frame.stage.show(status_view(self._facts(is_kept=is_kept), self._frame.stage.look, actions))

    def _begin_export(self) -> None:
        self._frame.stage.begin(self._export)

    async def _export(self) -> None:
        exported = await self._engine.export_outbox()
        self._platform.download(exported.name, exported.content)
        self._show_status(exported.count)

    def _changing_facts(self) -> object:
        """Those that news may change while the screen is up, to compare."""
        sync = self._engine.sync_state
        return self._engine.waiting(), sync.is_online, sync.problem, self._say(sync.last_contact_us)

    def _facts(self, *, is_kept: bool) -> StatusFacts:
        """All of them; `is_kept` means that nothing clears the store away."""
        engine = self._engine
        waiting, sync, station, worker = engine.waiting(), engine.sync_state, engine.station, engine.people.worker
        return StatusFacts(
            device_name=engine.device_name,
            station=f"{station.name} · {station.code}" if station else "",
            worker=f"{worker.name} · {worker.number}" if worker else "",
            version=VERSION,
            waiting=waiting,
            oldest=self._say(waiting.oldest_us),
            last_contact=self._say(sync.last_contact_us),
            sync=sync,
            is_kept=is_kept,
            exported=self._exported,
            reading_with=self._platform.reading_with(),
        )

    def _say(self, at_us: int | None) -> str:
        return self._frame.clock.say(at_us) if at_us else ""
