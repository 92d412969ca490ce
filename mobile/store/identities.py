"""Who this device is by now, and who it was: one row an enrolment, each with its own chain of commands."""

from sqlalchemy import bindparam, func, insert, select, update
from sqlmodel import col

from mobile.store import statements
from mobile.store.database import Store
from mobile.store.tables import Identity

_ALL = select(*(col(getattr(Identity, name)) for name in Identity.model_fields)).order_by(col(Identity.number))
_CURRENT = _ALL.order_by(None).order_by(col(Identity.number).desc()).limit(1)
_HERE = update(Identity).where(col(Identity.incarnation) == bindparam("of_incarnation"))
_AGAIN = _HERE.values(
    **{name: bindparam(name) for name in Identity.model_fields if name not in {"number", "incarnation"}}
)
_ADD = insert(Identity).values(**{name: bindparam(name) for name in Identity.model_fields})
_HIGHEST = select(func.max(col(Identity.number)))
_KEEP_NONCE = _HERE.values(nonce=bindparam("nonce"))
_KEEP_EPOCH = _HERE.values(server_epoch=bindparam("server_epoch"))


def current(store: Store) -> Identity | None:
    """The enrolment that holds, or None."""
    found = statements.named_rows(store, _CURRENT)
    return Identity(**found[0]) if found else None


def all_of_them(store: Store) -> list[Identity]:
    """Every enrolment, the oldest first."""
    return [Identity(**row) for row in statements.named_rows(store, _ALL)]


def add(store: Store, identity: Identity) -> None:
    """The device was enrolled (again); the same incarnation once more is the same enrolment."""
    values = identity.model_dump(exclude={"number"})
    with store.transaction():
        if statements.run(store, _AGAIN, values | {"of_incarnation": identity.incarnation}) == 0:
            highest = statements.value(store, _HIGHEST) or 0
            statements.run(store, _ADD, values | {"number": highest + 1})


def keep_nonce(store: Store, incarnation: str, nonce: str) -> None:
    """What the next request of this enrolment signs."""
    with store.transaction():
        statements.run(store, _KEEP_NONCE, {"of_incarnation": incarnation, "nonce": nonce})


def keep_epoch(store: Store, incarnation: str, epoch: int) -> None:
    """Both sides agree, in this epoch of the server, on what has arrived."""
    with store.transaction():
        statements.run(store, _KEEP_EPOCH, {"of_incarnation": incarnation, "server_epoch": epoch})
