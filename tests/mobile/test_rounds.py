"""The rounds with the server never end, whatever happens in one of them."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy.exc import OperationalError

from mobile.outcome import SyncState, Waiting
from mobile.rounds import (
    NEWS_PAUSE_S,
    OFFLINE_PAUSE_MAX_S,
    ONLINE_PAUSE_S,
    RANDOM_BITS,
    Rhythm,
    keep_in_touch,
    pause_after,
    spread,
)

FULL = OperationalError("INSERT", {}, Exception("database or disk is full"))


class Rounds:
    """An engine of which only the rounds are looked at; each does what the test says, the last one ends them."""

    def __init__(self, *doings: Callable[[], Awaitable[bool]]) -> None:
        self.wake = asyncio.Event()
        self.done = 0
        self.news = 0
        self.questions = 0
        self.answer = asyncio.Event()
        self.is_waking = True
        self.has_more_to_send = False
        self.sync_state = SyncState(is_online=True, last_contact_us=None, problem=None)
        self._doings = doings

    def waiting(self) -> Waiting:
        return Waiting(0, 0, None)

    async def sync_once(self) -> bool:
        doing = self._doings[self.done]
        self.done += 1
        if self.is_waking:
            self.wake.set()  # the next one at once
        return await doing()

    async def wait_for_news(self) -> bool:
        self.questions += 1
        await self.answer.wait()
        return True

    def on_news(self) -> None:
        self.news += 1

    async def run(self, on_news: Callable[[], None] | None = None) -> None:
        rhythm = Rhythm(lambda: 0, lambda _: 0)
        await keep_in_touch(self, self.wake, on_news or self.on_news, lambda: self.done == len(self._doings), rhythm)


async def nothing() -> bool:
    return False


async def news() -> bool:
    return True


async def break_down() -> bool:
    raise FULL


def test_a_round_that_breaks_down_is_followed_by_the_next(caplog: pytest.LogCaptureFixture) -> None:
    rounds = Rounds(break_down, news, nothing)
    asyncio.run(rounds.run())
    assert (rounds.done, rounds.news) == (3, 1)
    assert "everything recorded is kept" in caplog.text


def test_a_screen_that_cannot_be_painted_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise RuntimeError("no window")

    rounds = Rounds(news, news)
    asyncio.run(rounds.run(fail))
    assert rounds.done == 2
    assert "no window" in caplog.text


def test_what_changes_without_news_is_shown_too() -> None:
    async def lose_network() -> bool:
        rounds.sync_state = SyncState(is_online=False, last_contact_us=None, problem=None)
        return False

    rounds = Rounds(nothing, lose_network)
    asyncio.run(rounds.run())
    assert rounds.news == 1


def test_what_is_scanned_during_a_round_asks_for_another_at_once() -> None:
    rounds = Rounds(nothing, nothing)

    async def timed() -> float:
        began = asyncio.get_running_loop().time()
        await rounds.run()
        return asyncio.get_running_loop().time() - began

    assert asyncio.run(timed()) < ONLINE_PAUSE_S / 2


def test_the_servers_news_end_a_pause_and_one_question_is_always_open() -> None:
    rounds = Rounds(nothing, nothing, nothing)
    rounds.is_waking = False
    rounds.answer.set()

    async def timed() -> float:
        began = asyncio.get_running_loop().time()
        await rounds.run()
        return asyncio.get_running_loop().time() - began

    assert asyncio.run(timed()) < NEWS_PAUSE_S / 10
    assert rounds.questions == 3


def test_photos_that_a_round_has_left_do_not_wait_for_news() -> None:
    rounds = Rounds(nothing, nothing)
    rounds.is_waking, rounds.has_more_to_send = False, True

    async def timed() -> float:
        began = asyncio.get_running_loop().time()
        await rounds.run()
        return asyncio.get_running_loop().time() - began

    assert asyncio.run(timed()) < 2 * 1.2 * ONLINE_PAUSE_S


def test_a_server_that_is_away_is_not_asked_for_news() -> None:
    async def lose_network() -> bool:
        rounds.sync_state = SyncState(is_online=False, last_contact_us=None, problem=None)
        return False

    rounds = Rounds(lose_network, nothing)
    asyncio.run(rounds.run())
    assert rounds.questions == 0


def test_pauses_grow_while_the_server_is_away() -> None:
    pauses = [ONLINE_PAUSE_S]
    for _ in range(10):
        pauses.append(pause_after(pauses[-1], is_fine=False))
    assert pauses == sorted(pauses)
    assert pauses[-1] == OFFLINE_PAUSE_MAX_S
    assert pause_after(OFFLINE_PAUSE_MAX_S, is_fine=True) == ONLINE_PAUSE_S


def test_a_pause_is_spread_by_a_fifth_either_way() -> None:
    ends = spread(10, 0), spread(10, 2**RANDOM_BITS - 1)
    assert ends == pytest.approx((8, 12))  # pyright: ignore[reportUnknownMemberType]
