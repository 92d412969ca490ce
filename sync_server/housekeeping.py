"""The house is kept once a day, as a job: what has ended leaves the tablets, what nobody sees any more the feed."""

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.schemas.commands import RetireOrder
from shared.schemas.identifiers import DAY_US
from sync_server import intake
from sync_server.feed.upkeep import bury, compact
from sync_server.moment import Moment
from sync_server.photos import uploads
from sync_server.services import Services
from sync_server.submission import system_submission
from sync_server.tables import JobRow, OrderRow

HOUSEKEEPING = "housekeeping"
"""The kind of the daily job; its key is the day that it is for."""

FEED_HORIZON_US = 90 * DAY_US
VERDICTS_KEPT_US = 60 * DAY_US
ORDERS_KEPT_US = 30 * DAY_US
"""Tombstones, a device's verdicts, and ended orders stay this long on tablets. No factory has confirmed the figures."""

ORDERS_RETIRED_MAX = 200


def ensure_housekeeping(session: Session, now_us: int) -> None:
    """There is always exactly one such job ahead."""
    known = session.execute(select(col(JobRow.key)).where(col(JobRow.kind) == HOUSEKEEPING).limit(1))
    if known.scalar_one_or_none() is None:
        _schedule(session, now_us)


def look_after_files(services: Services) -> None:
    """What is done to photographs' files, in transactions of its own: nobody's scan waits for a disk.

    It comes before the job is taken off, and may come twice: a job that was killed over it is run again.
    """
    uploads.clear_expired(services)
    uploads.find_again(services)


def keep_house(session: Session, moment: Moment) -> None:
    """Ended orders and old verdicts leave the tablets, old tombstones the feed."""
    now_us = moment.record_time_us
    query = (
        select(col(OrderRow.id))
        .where(col(OrderRow.ended_at_us) <= now_us - ORDERS_KEPT_US, col(OrderRow.retired_at_us).is_(None))
        .order_by(col(OrderRow.ended_at_us))
        .limit(ORDERS_RETIRED_MAX)
    )
    for order_id in session.execute(query).scalars().all():
        sent = system_submission(f"retire_order/{order_id}", RetireOrder(order_id=order_id), now_us)
        intake.submit(session, sent, moment)
    bury(session, "verdict", now_us - VERDICTS_KEPT_US, moment.epoch, now_us)
    compact(session, now_us - FEED_HORIZON_US)
    _schedule(session, now_us)


def _schedule(session: Session, now_us: int) -> None:
    due_at_us = (now_us // DAY_US + 1) * DAY_US + 20 * 3_600 * 1_000_000
    session.add(JobRow(kind=HOUSEKEEPING, key=str(due_at_us // DAY_US), due_at_us=due_at_us))
    session.flush()
