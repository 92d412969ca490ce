"""The everlasting rounds with the server: at once after a scan or news, now and then while nothing happens."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass

from mobile.engine import Exchange
from mobile.outcome import SyncState

LOG = logging.getLogger(__name__)
SECOND_US = 1_000_000
ONLINE_PAUSE_S = 2.0
OFFLINE_PAUSE_MAX_S = 30.0
NEWS_GATHERED_S = 0.2
NEWS_PAUSE_S = 60.0
"""A round is made at least this often, should the question for news get lost."""

GROWTH = 1.5
SPREAD = 0.2
RANDOM_BITS = 16


@dataclass(frozen=True)
class Rhythm:
    """The device's clock (UTC microseconds) and its randomness: `random_bits(n)` gives an integer of n bits."""

    now_us: Callable[[], int]
    random_bits: Callable[[int], int]


def pause_after(pause_s: float, *, is_fine: bool) -> float:
    """How long to wait after a round, in seconds, when it was `pause_s` before the round."""
    return ONLINE_PAUSE_S if is_fine else min(pause_s * GROWTH, OFFLINE_PAUSE_MAX_S)


def spread(pause_s: float, chance: int) -> float:
    """A pause up to a fifth shorter or longer: tablets that lost the network together must not come back as one.

    `chance` is an integer of `RANDOM_BITS` random bits.
    """
    return pause_s * (1 - SPREAD + 2 * SPREAD * chance / (2**RANDOM_BITS - 1))


async def keep_in_touch(
    engine: Exchange,
    wake: asyncio.Event,
    on_news: Callable[[], None],
    is_over: Callable[[], bool],
    rhythm: Rhythm,
) -> None:
    """One round after the other until `is_over`; `wake` ends a pause, `on_news` is called when anything has changed."""
    pause_s = ONLINE_PAUSE_S
    question: asyncio.Task[None] | None = None
    while not is_over():
        wake.clear()  # before the round: what is scanned during it asks for another one
        try:
            await _round(engine, on_news)
        except Exception:  # the one boundary: a round that fails must not end the rounds
            LOG.exception("a round with the server failed; everything recorded is kept")
        state = engine.sync_state
        pause_s = pause_after(pause_s, is_fine=_is_fine(state))
        wait_s = spread(max(pause_s, state.retry_after_s or 0), rhythm.random_bits(RANDOM_BITS))
        if _is_fine(state):
            wait_s = ONLINE_PAUSE_S if engine.has_more_to_send else NEWS_PAUSE_S
            if question is None or question.done():
                question = asyncio.create_task(_wait_for_news(engine, wake, rhythm))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(wake.wait(), wait_s)
    if question is not None:
        question.cancel()


async def _round(engine: Exchange, on_news: Callable[[], None]) -> None:
    before = (engine.sync_state, engine.waiting())
    has_news = await engine.sync_once()
    if has_news or before != (engine.sync_state, engine.waiting()):
        on_news()


async def _wait_for_news(engine: Exchange, wake: asyncio.Event, rhythm: Rhythm) -> None:
    """One question to the server is always open: it is answered as soon as there is something to pull."""
    began_us = rhythm.now_us()
    has_news = await engine.wait_for_news()
    is_early = rhythm.now_us() - began_us < SECOND_US
    # A burst of news is pulled in one go; a server that hangs up at once is not asked again and again.
    await asyncio.sleep(NEWS_GATHERED_S if has_news or not is_early else OFFLINE_PAUSE_MAX_S)
    wake.set()


def _is_fine(state: SyncState) -> bool:
    return bool(state.is_online) and state.problem is None and state.retry_after_s is None
