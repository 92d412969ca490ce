"""One round with the server: push the outbox, pull the mirror; read from top to bottom, one request in flight."""

import json
import logging
from itertools import compress

from pydantic import JsonValue

from mobile.platform import Platform
from mobile.store import answered, identities, outbox, settings
from mobile.store.database import Store
from mobile.store.mirror import MirrorRows
from mobile.store.pages import apply_pages, cursors, start_anew
from mobile.store.tables import Identity
from mobile.sync.transport import ServerFault, send
from shared.schemas.sync import (
    DEVICE_REVOKED,
    POKE_PATH,
    PULL_PATH,
    PUSH_PATH,
    PokeAnswer,
    PokeRequest,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
    RowOp,
    ScopePage,
    Verdict,
    VerdictRow,
)

LOG = logging.getLogger(__name__)

ROUNDS_MAX = 1_000
"""A bound on the requests of one round; what is left goes with the next."""

RESTORED_MAX = 3
"""How often one round begins again because the server turned out to be restored meanwhile."""

REBUILDS_MAX = 2
"""How often one round builds a scope anew before it gives up until the next and says so."""

CURSOR_EXPIRED = "cursor_expired"
CLONED = "cloned_device"
MIRROR_MISMATCH = "mirror_mismatch"


class Restored(Exception):  # noqa: N818 - a state of the world, not a mistake
    """The server's epoch has risen: what it no longer has must be sent before its rows are taken."""


async def exchange(platform: Platform, store: Store, mirror: MirrorRows) -> bool:
    """Pushes all that waits, of this enrolment and of those before it, then pulls; whether there was news.

    Raises `ServerFault`, or the platform's `Offline`.
    """
    has_news = False
    for _ in range(RESTORED_MAX):
        *former, identity = identities.all_of_them(store)
        for one in former:
            has_news |= await _push_former(platform, store, one)
        has_news |= await push_all(platform, store, identity)
        try:
            return await pull_all(platform, store, mirror, identity) or has_news
        except Restored:
            continue
    return has_news


async def _push_former(platform: Platform, store: Store, identity: Identity) -> bool:
    """As `push_all`, but a server that does not know who this device was does not keep it from being who it is."""
    try:
        return await push_all(platform, store, identity)
    except ServerFault as fault:
        LOG.warning("what was recorded as %s could not be sent: %s", identity.device_id, fault.code)
        return False


async def push_all(platform: Platform, store: Store, identity: Identity) -> bool:
    """Sends what waits, batch by batch; whether the server said anything new. Raises what `send` raises.

    Where the server was restored from an older copy it is asked first how far it has got; what it lacks waits again.
    """
    has_news = False
    for _ in range(ROUNDS_MAX):
        waiting = outbox.batch(store, identity.incarnation)
        if not waiting and identity.server_epoch == _known_epoch(store):
            break
        body = push_body(identity.incarnation, waiting)
        answer = PushAnswer.model_validate_json(await send(platform, store, identity, PUSH_PATH, body))
        with store.transaction():
            has_news |= answered.take_verdicts(store, identity.incarnation, answer.verdicts)
            _agree(store, identity, answer)
        if answer.is_cloned:
            settings.set_setting(store, settings.CLONED, identity.incarnation)
        if waiting and not answer.verdicts and answer.need is None:
            break  # neither taken nor asked for: do not ask in circles
    return has_news


async def pull_all(platform: Platform, store: Store, mirror: MirrorRows, identity: Identity) -> bool:
    """Takes what changed, page by page, each with its cursors in one transaction; whether anything did.

    Raises `Restored` before it takes a page of a later epoch than the outbox knows of, and what `send` raises.
    """
    has_news, rebuilds = False, 0
    for _ in range(ROUNDS_MAX):
        answer = await _pull(platform, store, identity)
        if answer is None:
            continue
        _refuse_later_epoch(store, identity, answer.server_epoch)
        with store.transaction():
            wrong = apply_pages(store, answer.scopes)
            answered.take_verdicts(store, identity.incarnation, _verdicts(store, answer.scopes, identity.incarnation))
            answered.drop_visible(store)
            answered.forget_old(store, answer.record_time_us)
            settings.set_setting(store, settings.SERVER_TIME_US, str(answer.record_time_us))
            settings.set_setting(store, settings.REBUILT, json.dumps(wrong) if wrong else None)
            mirror.forget()
        has_news |= bool(wrong) or any(page.rows or page.is_reset for page in answer.scopes)
        rebuilds += bool(wrong)
        if rebuilds > REBUILDS_MAX:
            raise ServerFault(200, MIRROR_MISMATCH)
        if not wrong and not any(page.has_more for page in answer.scopes):
            break
    return has_news


async def wait_for_news(platform: Platform, store: Store) -> bool:
    """Returns when a pull would bring something, or when the server has waited long enough; raises as `send` does."""
    identity = identities.current(store)
    assert identity is not None, "only an enrolled device talks to the server"
    body = PokeRequest(cursors=cursors(store)).model_dump_json().encode()
    return PokeAnswer.model_validate_json(await send(platform, store, identity, POKE_PATH, body)).has_news


def push_body(incarnation: str, envelopes: list[str]) -> bytes:
    """A push of these envelopes, as they stand in the outbox."""
    head = PushRequest(incarnation=incarnation, commands=[]).model_dump_json().removesuffix("[]}")
    return f"{head}[{','.join(envelopes)}]}}".encode()


async def _pull(platform: Platform, store: Store, identity: Identity) -> PullAnswer | None:
    """The answer to one pull; None where cursors had expired, which are forgotten by now."""
    rebuilt: list[str] = json.loads(settings.get_setting(store, settings.REBUILT) or "[]")
    body = PullRequest(cursors=cursors(store), rebuilt=rebuilt).model_dump_json().encode()
    try:
        return PullAnswer.model_validate_json(await send(platform, store, identity, PULL_PATH, body))
    except ServerFault as fault:
        if fault.code == DEVICE_REVOKED:  # what a restored server lacks is sent all the same, into quarantine
            _refuse_later_epoch(store, identity, fault.facts.get("server_epoch"))
        scopes = fault.facts.get("scopes")
        if fault.code != CURSOR_EXPIRED or not isinstance(scopes, list):
            raise
        with store.transaction():
            start_anew(store, [scope for scope in scopes if isinstance(scope, str)])
        return None


def _refuse_later_epoch(store: Store, identity: Identity, server_epoch: JsonValue) -> None:
    """Raises `Restored` where the server is in another epoch than the outbox knows of; an older one says none."""
    if isinstance(server_epoch, int) and server_epoch != identity.server_epoch:
        settings.set_setting(store, settings.SERVER_EPOCH, str(server_epoch))
        raise Restored


def _agree(store: Store, identity: Identity, answer: PushAnswer) -> None:
    """What the server says that it lacks waits again.

    Where a restored server has a command of a copy of this device under our number, everything does: it is to find out.
    """
    if answer.server_epoch != identity.server_epoch:
        is_ours = outbox.may_be_ours(store, identity.incarnation, answer.last_n, answer.last_hash)
        answered.send_again_from(store, identity.incarnation, answer.last_n + 1 if is_ours else 1)
        identity.server_epoch = answer.server_epoch
        identities.keep_epoch(store, identity.incarnation, answer.server_epoch)
        settings.set_setting(store, settings.SERVER_EPOCH, str(answer.server_epoch))
    elif answer.need is not None:
        answered.send_again_from(store, identity.incarnation, answer.need)


def _known_epoch(store: Store) -> int:
    return int(settings.get_setting(store, settings.SERVER_EPOCH) or 0)


def _verdicts(store: Store, pages: list[ScopePage], incarnation: str) -> list[Verdict]:
    """The verdicts among the rows: what heals a lost answer, and how a held command gets its final one.

    What answers another command than ours is for a copy of this device: ours is still to be sent.
    """
    rows = [row for page in pages for row in page.rows if row.entity == "verdict" and row.op is RowOp.PUT]
    bodies = [row.body for row in rows if row.id.rpartition("/")[0] == incarnation]
    mine = [VerdictRow.model_validate_json(body) for body in bodies]
    recorded = outbox.hashes(store, incarnation, [row.n for row in mine]) if mine else {}
    ours = (recorded.get(row.n, "").startswith(row.command_hash) for row in mine)
    return [Verdict.model_validate_json(body) for body in compress(bodies, ours)]
