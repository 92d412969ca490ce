"""Who this device is by now, and who it was: one row an enrolment, each with its own chain of commands."""

from sqlalchemy import bindparam, func, insert, select, update
from sqlmodel import col

from mobile.store.database import Store
from mobile.store.tables import Identity

_ALL = select(*(col(getattr(Identity, name)) for name in Identity.model_fields)).order_by(col(Identity.number))
_CURRENT = _ALL.order_by(None).order_by(col(Identity.number).desc()).limit(1)
_HERE = update(Identity).where(col(Identity.incarnation) == bindparam("of_incarnation"))
_KEEP_NONCE = _HERE.values(nonce=bindparam("nonce"))
_KEEP_EPOCH = _HERE.values(server_epoch=bindparam("server_epoch"))


def current(store: Store) -> Identity | None:
    """The enrolment that holds, or None."""
    found = store.connection.execute(_CURRENT).mappings().one_or_none()
    return Identity(**found) if found is not None else None


def all_of_them(store: Store) -> list[Identity]:
    """Every enrolment, the oldest first."""
    return [Identity(**row) for row in store.connection.execute(_ALL).mappings()]


def add(store: Store, identity: Identity) -> None:
    """The device was enrolled (again); the same incarnation once more is the same enrolment."""
    with store.transaction() as connection:
        highest = connection.execute(select(func.max(col(Identity.number)))).scalar_one() or 0
        here = update(Identity).where(col(Identity.incarnation) == identity.incarnation)
        values = identity.model_dump(exclude={"number"})
        if connection.execute(here.values(values)).rowcount == 0:
            connection.execute(insert(Identity).values(values | {"number": highest + 1}))


def keep_nonce(store: Store, incarnation: str, nonce: str) -> None:
    """What the next request of this enrolment signs."""
    with store.transaction() as connection:
        connection.execute(_KEEP_NONCE, {"of_incarnation": incarnation, "nonce": nonce})


def keep_epoch(store: Store, incarnation: str, epoch: int) -> None:
    """Both sides agree, in this epoch of the server, on what has arrived."""
    with store.transaction() as connection:
        connection.execute(_KEEP_EPOCH, {"of_incarnation": incarnation, "server_epoch": epoch})
