"""Those who wait for news: told once there is some, and sent home when the server stops."""

import asyncio
import time

import pytest

from shared.schemas.sync import Cursor
from sync_server.errors import DatabaseAway
from sync_server.poke import WAITING_EACH_MAX, Watcher

LONG_S = 30.0
SOON_S = 5.0


class Heads:
    """A database's heads, and whether it is there."""

    def __init__(self) -> None:
        self.heads = {"catalog": Cursor(epoch=1, sequence=5)}
        self.is_away = False

    async def __call__(self, scopes: frozenset[str]) -> dict[str, Cursor]:
        if self.is_away:
            raise DatabaseAway
        return {scope: head for scope, head in self.heads.items() if scope in scopes}


def waiting(watcher: Watcher, sequence: int = 5, who: str = "tablet") -> "asyncio.Task[bool]":
    return asyncio.create_task(watcher.wait(who, {"catalog": Cursor(epoch=1, sequence=sequence)}, LONG_S))


@pytest.fixture
def heads() -> Heads:
    return Heads()


def test_news_end_the_waiting(heads: Heads) -> None:
    async def story() -> bool:
        watcher = Watcher(heads, poll_s=0.01)
        task = waiting(watcher)
        await asyncio.sleep(0.05)
        assert watcher.waiting == 1
        heads.heads["catalog"] = Cursor(epoch=1, sequence=6)
        return await asyncio.wait_for(task, SOON_S)

    assert asyncio.run(story())


def test_a_server_that_stops_sends_everybody_home_without_news(heads: Heads) -> None:
    async def story() -> tuple[list[bool], bool]:
        watcher = Watcher(heads, poll_s=0.01)
        tasks = [waiting(watcher) for _ in range(3)]
        await asyncio.sleep(0.05)
        watcher.release()
        home = await asyncio.wait_for(asyncio.gather(*tasks), SOON_S)
        return home, await asyncio.wait_for(waiting(watcher), SOON_S)

    began = time.monotonic()
    assert asyncio.run(story()) == ([False] * 3, False)
    assert time.monotonic() - began < SOON_S


def test_a_database_that_is_away_for_a_while_has_its_news_told_afterwards(heads: Heads) -> None:
    async def story() -> bool:
        watcher = Watcher(heads, poll_s=0.01)
        heads.is_away = True
        task = waiting(watcher, sequence=4)
        await asyncio.sleep(0.05)
        assert not task.done()
        heads.is_away = False
        return await asyncio.wait_for(task, SOON_S)

    assert asyncio.run(story())


def test_one_device_that_asks_without_end_sends_only_its_own_first_requests_home(heads: Heads) -> None:
    async def story() -> tuple[bool, int]:
        watcher = Watcher(heads, poll_s=0.01)
        other = waiting(watcher, who="other")
        tasks = [waiting(watcher) for _ in range(WAITING_EACH_MAX + 3)]
        for task in tasks[:3]:
            assert await asyncio.wait_for(task, SOON_S) is False
        still_there = watcher.waiting
        assert not other.done()
        watcher.release()
        await asyncio.gather(other, *tasks)
        return other.result(), still_there

    assert asyncio.run(story()) == (False, WAITING_EACH_MAX + 1)
