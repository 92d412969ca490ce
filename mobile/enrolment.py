"""Enrolment: a one-time code from the office makes this device known to the server, under a new incarnation."""

from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from mobile.platform import Offline, Platform
from mobile.store import identities, settings
from mobile.store.database import STORAGE_FULL, Store
from mobile.store.pages import cursors, start_anew
from mobile.store.tables import Identity
from mobile.sync import transport
from shared.label_code import CodeKind, LabelCode, parse
from shared.rules.decision import Mint

OFFLINE = "offline"
MISTYPED = "mistyped"
DOOR_LABEL = "door_label"
OTHER_LABEL = "other_label"
"""A label of ours that lets no device in: nobody has to ask the server for that."""


async def enrol(platform: Platform, store: Store, mint: Mint, text: str) -> str | None:
    """Enrols with the code from the office; a fault code, or None when it worked."""
    code = parse(text)
    if not isinstance(code, LabelCode):
        return MISTYPED
    if code.kind is not CodeKind.ENROLMENT:
        return DOOR_LABEL if code.kind is CodeKind.PIECE else OTHER_LABEL
    try:
        return await _ask(platform, store, mint, code.text)
    except OperationalError:
        # Whatever the server knows by now: the same device asks again once there is room, and is known.
        return STORAGE_FULL


async def _ask(platform: Platform, store: Store, mint: Mint, code: str) -> str | None:
    incarnation = _incarnation(store, mint)
    try:
        known = await transport.enrol(platform, code, incarnation, identities.all_of_them(store))
    except (Offline, ValidationError):  # the sign-in page of a guest network answers too
        return OFFLINE
    except transport.ServerFault as fault:
        return fault.code
    fresh = Identity(
        incarnation=incarnation,
        device_id=known.device_id,
        device_name=known.device_name,
        site_id=known.site_id,
        nonce=known.nonce,
        server_epoch=known.server_epoch,
        number=0,
    )
    with store.transaction():
        identities.add(store, fresh)
        settings.set_setting(store, settings.SERVER_EPOCH, str(known.server_epoch))
        settings.set_setting(store, settings.ENROLLED_WITH, code)
        start_anew(store, cursors(store))  # it may be another server with scopes of the same names
    return None


def _incarnation(store: Store, mint: Mint) -> str:
    """Kept before it is sent: when the answer is lost, the same device asks again and is known."""
    incarnation = settings.get_setting(store, settings.INCARNATION)
    if incarnation is None or identities.current(store) is not None:
        incarnation = mint.new_id()
        settings.set_setting(store, settings.INCARNATION, incarnation)
    return incarnation
