"""How far each device's chain of commands has got: its row, locked while its commands are taken."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue
from sqlalchemy.orm import Session

from shared.schemas.people import DeviceState
from shared.schemas.sync import FIRST_PREVIOUS_HASH
from sync_server.storage.bulk import select_by, update_all
from sync_server.tables import DeviceRow, table_of

_DEVICES = table_of(DeviceRow)
_COLUMNS = (
    _DEVICES.c.id,
    _DEVICES.c.incarnation,
    _DEVICES.c.state,
    _DEVICES.c.last_n,
    _DEVICES.c.last_hash,
)

UNKNOWN_HASH = "?"
"""Stands for the hash of a command whose bytes cannot be told: the next one is taken whatever it names."""


@dataclass
class Chain:
    """A device's last number and hash, as this transaction leaves them."""

    id: str
    incarnation: str
    state: DeviceState
    last_n: int
    last_hash: str

    def goes_on_with(self, raw: Mapping[str, JsonValue]) -> bool:
        """Whether this command was recorded after the last one that we have of this device."""
        expected = self.last_hash or FIRST_PREVIOUS_HASH
        return expected == UNKNOWN_HASH or raw.get("prev_hash", expected) == expected


def lock_chains(session: Session, device_ids: Collection[str]) -> dict[str, Chain]:
    """The chains of these devices, locked in the order of their ids; one that is not there was never enrolled."""
    found = select_by(session, _COLUMNS, _DEVICES.c.id, device_ids, is_locking=True)
    return {row[0]: Chain(row[0], row[1], DeviceState(row[2]), row[3], row[4]) for row in found}


def keep_chains(session: Session, chains: Iterable[Chain], now_us: int) -> None:
    """Writes how far they have got, and that we have heard of their devices."""
    rows = [
        {"id": chain.id, "last_n": chain.last_n, "last_hash": chain.last_hash, "last_contact_us": now_us}
        for chain in chains
    ]
    update_all(session, _DEVICES, rows, {"id": "id"})
