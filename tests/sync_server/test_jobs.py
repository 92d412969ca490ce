"""Jobs that several servers look at: each is done once, and one server's death leaves it to the next."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlmodel import col

from shared.schemas.identifiers import DAY_US
from sync_server import jobs
from sync_server.housekeeping import HOUSEKEEPING, ensure_housekeeping
from sync_server.jobs import LEASE_US
from sync_server.services import Services
from sync_server.storage.database import Database
from sync_server.tables import JobRow
from tests.sync_server.server import Server


@pytest.fixture
def services(server: Server) -> Services:
    return server.services()


@pytest.fixture
def others(services: Services, database_url: str) -> Iterator[list[Services]]:
    """Two more servers before the same database."""
    with closing(Database(database_url)) as one, closing(Database(database_url)) as two:
        yield [replace(services, database=database) for database in (one, two)]


def waiting(services: Services) -> list[str]:
    query = select(col(JobRow.key)).where(col(JobRow.kind) == HOUSEKEEPING).order_by(col(JobRow.due_at_us))
    return list(services.database.read(lambda session: session.execute(query).scalars().all()))


def add_due(services: Services, count: int) -> None:
    rows = [JobRow(kind="unknown", key=str(number), due_at_us=1) for number in range(count)]
    services.database.write(lambda session: session.add_all(rows)).result()


def test_servers_that_start_together_plan_one_housekeeping(services: Services, others: list[Services]) -> None:
    now_us = services.now_us()
    databases = [one.database for one in (services, *others)]
    planned = [one.write(lambda session: ensure_housekeeping(session, now_us)) for one in databases]
    for one in planned:
        one.result()
    assert len(waiting(services)) == 1


def test_each_job_is_done_by_one_server_only(services: Services, others: list[Services]) -> None:
    add_due(services, 60)
    with ThreadPoolExecutor(3) as pool:
        done = [pool.submit(jobs.run_due, one.database, one) for one in (services, *others)]
    assert sum(one.result() for one in done) == 60


def test_one_that_takes_longer_than_its_lease_is_not_done_twice(server: Server, services: Services) -> None:
    clock, database = server.factory.clock, services.database
    database.write(lambda session: ensure_housekeeping(session, clock.now)).result()
    clock.now += 2 * DAY_US
    slow = database.write(lambda session: jobs.claim(session, clock.now)).result()
    clock.now += LEASE_US + 1
    assert jobs.run_due(database, services) == len(slow) == 1
    planned = waiting(services)
    clock.now += DAY_US
    for due in slow:
        database.write(lambda session, due=due: jobs.run(session, services, due)).result()
    assert waiting(services) == planned


def test_a_job_that_fails_is_kept_and_tried_again(
    server: Server, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("a fault that nobody foresaw")

    clock, database = server.factory.clock, services.database
    database.write(lambda session: ensure_housekeeping(session, clock.now)).result()
    clock.now += 2 * DAY_US
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "keep_house", fail)
        assert jobs.run_due(database, services) == 0
    assert database.write(lambda session: jobs.claim(session, clock.now)).result() == []
    clock.now += jobs.RETRY_US
    assert jobs.run_due(database, services) == 1
