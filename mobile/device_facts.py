"""What the status screen says about this device, gathered from the engine."""

from mobile.clock import FactoryClock
from mobile.engine import Engine
from mobile.views.status import StatusFacts
from shared.version import VERSION


def changing_facts(engine: Engine, clock: FactoryClock) -> object:
    """Those that news may change while the screen is up, to compare."""
    sync = engine.sync_state
    last = clock.say(sync.last_contact_us) if sync.last_contact_us else ""
    return engine.waiting(), sync.is_online, sync.problem, last


def status_facts(engine: Engine, clock: FactoryClock, *, is_kept: bool, exported: int | None) -> StatusFacts:
    """All of them; `is_kept` means that nothing clears the store away, `exported` counts what was just exported."""
    waiting, sync = engine.waiting(), engine.sync_state
    return StatusFacts(
        device_name=engine.device_name,
        station=f"{engine.station.name} · {engine.station.code}" if engine.station else "",
        worker=f"{engine.worker.name} · {engine.worker.number}" if engine.worker else "",
        version=VERSION,
        waiting=waiting,
        oldest=clock.say(waiting.oldest_us) if waiting.oldest_us else "",
        last_contact=clock.say(sync.last_contact_us) if sync.last_contact_us else "",
        sync=sync,
        is_kept=is_kept,
        exported=exported,
    )
