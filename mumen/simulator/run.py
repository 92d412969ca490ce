"""Runs seeds, says what broke, and shortens the script that breaks it."""

import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import count, takewhile
from multiprocessing import get_context

from mumen.simulator.actions import Action, Plan, make_plan
from mumen.simulator.invariants import check
from mumen.simulator.world import World

SHORTENING_TRIES_MAX = 400
SAID_EVERY = 100
AHEAD = 4
"""Seeds that wait for each process."""


@dataclass(frozen=True)
class Violation:
    """A seed whose world broke an invariant."""

    seed: int
    reason: str
    script: tuple[Action, ...]
    """The shortest list of actions that was found to break it still."""


def violation_of(plan: Plan) -> str | None:
    """What this plan breaks, if anything."""
    try:
        with closing(World(plan)) as world:
            world.run()
            check(world)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in a world is what we are looking for
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error} ({where.filename.rpartition('/')[2]}:{where.lineno})"
    return None


def run_seed(seed: int) -> Violation | None:
    """The violation of this seed, with its shortest script."""
    plan = make_plan(seed)
    reason = violation_of(plan)
    return Violation(seed, reason, shortened(plan, reason)) if reason else None


def shortened(plan: Plan, reason: str) -> tuple[Action, ...]:
    """Takes actions out for as long as the same invariant breaks: first halves, then smaller and smaller parts."""
    actions, size = list(plan.actions), max(1, len(plan.actions) // 2)
    for _ in range(SHORTENING_TRIES_MAX):
        at = next((at for at in range(0, len(actions), size) if _breaks(plan, actions, at, size, reason)), None)
        if at is not None:
            del actions[at : at + size]
        elif size == 1:
            break
        else:
            size //= 2
    return tuple(actions)


def seeds_for(start: int, seconds: float) -> Iterator[int]:
    """One seed after the other until this time is up."""
    end = time.monotonic() + seconds
    return takewhile(lambda _: time.monotonic() < end, count(start))


def run_seeds(seeds: Iterable[int], say: Callable[[str], None], processes: int = 1) -> tuple[int, list[Violation]]:
    """Runs all of them, saying how far it is; gives how many there were, and what broke."""
    began, found, done = time.monotonic(), list[Violation](), 0
    room = threading.Semaphore(AHEAD * processes)

    def as_wanted() -> Iterator[int]:
        """The pool would take every seed at once, and those of an hour never end."""
        for seed in seeds:
            room.acquire()
            yield seed

    with get_context("fork").Pool(processes) as pool:
        for violation in pool.imap_unordered(run_seed, as_wanted()):
            room.release()
            done += 1
            if violation is not None:
                found.append(violation)
                say(describe(violation))
            if done % SAID_EVERY == 0:
                say(f"{done} seeds, {done / (time.monotonic() - began):.1f}/s, {len(found)} violations")
    return done, sorted(found, key=lambda violation: violation.seed)


def describe(violation: Violation) -> str:
    """What broke, by which actions, and how to see it again."""
    script = "\n".join(f"    {action}" for action in violation.script)
    return (
        f"seed {violation.seed}: {violation.reason}\n  shortest script:\n{script}\n"
        f"  replay: mumen simulate --seeds 1 --start {violation.seed}"
    )


def _breaks(plan: Plan, actions: list[Action], at: int, size: int, reason: str) -> bool:
    fewer = tuple(actions[:at] + actions[at + size :])
    again = violation_of(replace(plan, actions=fewer))
    return again is not None and again[:20] == reason[:20]
