"""One round with the server: push the outbox, pull the mirror; read from top to bottom, one request in flight."""

import json

from mobile.platform import Platform
from mobile.store import outbox, settings
from mobile.store.database import Store
from mobile.store.mirror import MirrorRows, apply_pages, cursors
from mobile.sync.transport import PULL, PUSH, send
from shared.schemas.sync import PullAnswer, PullRequest, PushAnswer, PushRequest, ScopePage, Verdict

ROUNDS_MAX = 1_000
"""A bound on the requests of one round; what is left goes with the next."""


async def push_all(platform: Platform, store: Store, incarnation: str) -> bool:
    """Sends what waits, batch by batch; whether the server said anything new. Raises what `send` raises."""
    has_news = False
    for _ in range(ROUNDS_MAX):
        waiting = outbox.batch(store, incarnation)
        if not waiting:
            break
        body = push_body(incarnation, waiting)
        answer = PushAnswer.model_validate_json(await send(platform, store, PUSH, body))
        with store.transaction():
            has_news |= outbox.take_verdicts(store, incarnation, answer.verdicts)
            if answer.need is not None:
                outbox.send_again_from(store, incarnation, answer.need)
        if not answer.verdicts and answer.need is None:
            break  # neither taken nor asked for: do not ask in circles
    return has_news


async def pull_all(platform: Platform, store: Store, mirror: MirrorRows, incarnation: str) -> bool:
    """Takes what changed, page by page, each with its cursors in one transaction; whether anything did."""
    has_news = False
    for _ in range(ROUNDS_MAX):
        body = PullRequest(cursors=cursors(store)).model_dump_json().encode()
        answer = PullAnswer.model_validate_json(await send(platform, store, PULL, body))
        with store.transaction():
            wrong = apply_pages(store, answer.scopes)
            outbox.take_verdicts(store, incarnation, _verdicts(answer.scopes, incarnation))
            outbox.drop_visible(store)
            settings.set_setting(store, settings.SERVER_EPOCH, str(answer.server_epoch))
            mirror.forget()
        has_news |= bool(wrong) or any(page.rows or page.is_reset for page in answer.scopes)
        if not wrong and not any(page.has_more for page in answer.scopes):
            break
    return has_news


def push_body(incarnation: str, envelopes: list[str]) -> bytes:
    """A push of these envelopes, as they stand in the outbox."""
    commands = [json.loads(text) for text in envelopes]
    return PushRequest(incarnation=incarnation, commands=commands).model_dump_json().encode()


def _verdicts(pages: list[ScopePage], incarnation: str) -> list[Verdict]:
    """The verdicts among the rows: what heals a lost answer, and how a held command gets its final one."""
    rows = [row for page in pages for row in page.rows if row.entity == "verdict" and row.body]
    mine = [row for row in rows if row.id.rpartition("/")[0] == incarnation]
    return [Verdict.model_validate_json(row.body) for row in mine]
