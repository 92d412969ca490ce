"""`mumen simulate`: proves the sync protocol in simulated worlds."""

import argparse
import logging

from mumen.commands.command import Command
from mumen.settings import Settings
from mumen.voice import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which worlds, and how many at a time."""
    parser.add_argument("--seeds", type=_how_many, default=100, help="how many worlds (100)")
    parser.add_argument("--start", type=int, default=0, help="the first one's seed (0)")
    parser.add_argument("--seconds", type=int, help="as many worlds as this time allows, instead of --seeds")
    parser.add_argument("--processes", type=_how_many, default=1, help="how many at a time (1)")


def _how_many(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"一个以上 at least one: {text}")
    return int(text)


def run(_settings: Settings, chosen: argparse.Namespace) -> int:
    """Runs that many simulated worlds; the exit code is 1 where one of them broke a promise."""
    # Loaded only here: it brings in both sides of the product, which a server does not need.
    from mumen.simulator.run import run_seeds, seeds_for  # noqa: PLC0415

    logging.disable(logging.CRITICAL)  # parked commands and the like are what the worlds are made of
    if chosen.seconds is None:
        seeds = range(chosen.start, chosen.start + chosen.seeds)
    else:
        seeds = seeds_for(chosen.start, chosen.seconds)
    done, found = run_seeds(seeds, say, chosen.processes)
    say(f"{done} seeds, {len(found)} violations")
    return 1 if found else 0


COMMAND = Command("simulate", "prove the sync protocol by simulation / 仿真验证同步协议", run, add_arguments)
