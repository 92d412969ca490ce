"""`mumen demo`: a believable factory to try things with."""

import argparse
from dataclasses import dataclass

from mumen.commands.command import Command
from mumen.demo.people import DEMO_PASSWORD, DEMO_PIN, PEOPLE
from mumen.demo.story import fill
from mumen.serving.running import now_us, open_services
from mumen.settings import Settings
from mumen.voice import say

SAID_EVERY = 5


def run(settings: Settings, _chosen: argparse.Namespace) -> int:
    """Makes the demo factory where there is none, and says how to sign in. Raises a `StartFault`."""
    with open_services(settings, is_demo=True) as services:
        epoch = services.identity.epoch
        count = _Count()
        told = services.database.write(lambda session: fill(session, epoch, now_us(), count))
        try:
            is_new = told.result()
        except KeyboardInterrupt:
            count.is_stopped = True
            raise
    if not is_new:
        say("已有数据，未作改动。 There is a factory already; nothing was changed.")
        return 0
    say(f"演示工厂已建立 Demo factory ready. PIN {DEMO_PIN}, 办公室密码 office password {DEMO_PASSWORD}")
    say("\n".join(f"  {number}  {name}  {role}" for number, name, role in PEOPLE))
    return 0


@dataclass
class _Count:
    """Says how far the story is; ends it, so that nothing of it is kept, once somebody has stopped the program."""

    is_stopped: bool = False

    def __call__(self, done: int, total: int) -> None:
        if self.is_stopped:
            raise InterruptedError
        if done % SAID_EVERY == 0 or done == total:
            say(f"  演示订单 demo orders {done}/{total}")


COMMAND = Command("demo", "fill an empty database with a demo factory / 建立演示工厂", run)
