"""Who may issue a command at all, and that the tables of the rules leave no reason out."""

import pytest

from shared.rules.refusals import RefusalCode
from shared.schemas.commands import BindDevice, PutMasterData
from tests.shared.rules import test_calls as calls
from tests.shared.rules import test_cards as cards
from tests.shared.rules import test_conflicts as conflicts
from tests.shared.rules import test_devices as devices
from tests.shared.rules import test_inspection as inspection
from tests.shared.rules import test_orders as orders
from tests.shared.rules import test_photos as photos
from tests.shared.rules import test_printing as printing
from tests.shared.rules import test_production as production
from tests.shared.rules import test_racks as racks
from tests.shared.rules import test_rework as rework
from tests.shared.rules import test_trips as trips
from tests.shared.rules.bench import Bench, Table, check

GONE = {"is_active": False}
TABLET = "00000000-0000-7000-8000-0000000000b1"


def without(bench: Bench, name: str) -> Bench:
    return bench.knows(bench.factory.people[name].model_copy(update=GONE))


DECIDE: Table = {
    "with the right": (lambda b: b.decide(PutMasterData(sites=[b.factory.site])), "ok: master_data_put"),
    "without the right": (
        lambda b: b.decide(PutMasterData(sites=[b.factory.site]), by="张伟"),
        "rejected not_permitted: call_leader",
    ),
    "of the office's, in the name of somebody who has the right, by a device": (
        lambda b: b.decide(PutMasterData(sites=[b.factory.site]), device_id=TABLET),
        "rejected not_permitted: call_leader",
    ),
    "by the system": (lambda b: b.decide(PutMasterData(), by=None), "ok: master_data_put"),
    "by somebody who has left": (
        lambda b: without(b, "陈静").decide(PutMasterData()),
        "rejected worker_unknown: sign_in_again call_leader",
    ),
    "about the device itself, by somebody who has left": (
        lambda b: without(b, "张伟").decide(BindDevice(), by="张伟", device_id=TABLET),
        "rejected worker_unknown: sign_in_again call_leader",
    ),
}

TABLES: tuple[Table, ...] = (
    DECIDE,
    calls.ANSWER,
    cards.ISSUE,
    cards.PRINT,
    calls.CLOSE,
    conflicts.RESOLVE,
    conflicts.ESCALATE,
    devices.INVITE,
    devices.ENROL,
    devices.BIND,
    devices.REVOKE,
    devices.RELEASE,
    inspection.INSPECT,
    orders.PLACE,
    orders.REVISE,
    orders.RELEASE,
    orders.CANCEL,
    orders.RETIRE,
    photos.PHOTOS,
    printing.PRINT,
    printing.COPY,
    printing.CANCEL,
    printing.ANSWER,
    printing.END,
    production.WITHOUT_A_TARGET,
    production.COMPLETE,
    production.START,
    production.REPORT,
    racks.PUT,
    racks.BIND,
    racks.UNBIND,
    racks.BY_RACK,
    rework.REWORK,
    trips.PUT,
    trips.CLOSE,
)
ELSEWHERE = frozenset({RefusalCode.SENT_BACK, RefusalCode.QUARANTINED, RefusalCode.DEVICE_REVOKED})
"""The server says these about what it does not decide (now): a scan sent back, a device that is not trusted."""


@pytest.mark.parametrize("case", DECIDE)
def test_a_command_needs_somebody_with_the_right(case: str) -> None:
    check(case, DECIDE)


def test_every_reason_that_a_rule_can_give_stands_in_a_table() -> None:
    given = {word for table in TABLES for _, said in table.values() for word in codes(said)}
    assert given == {code.value for code in RefusalCode} - {code.value for code in ELSEWHERE}


def codes(said: str) -> list[str]:
    """The reason in what was said, where there is one."""
    return [word for word in said.partition(":")[0].split() if word in set(RefusalCode)]
