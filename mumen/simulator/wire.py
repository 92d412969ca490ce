"""What the network does to requests and their answers: late, lost, doubled, and from long ago."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mobile.platform import HttpAnswer
from mumen.simulator.actions import Action
from mumen.simulator.disks import Crash
from mumen.simulator.platform import Ask
from mumen.simulator.server import Reply, Request, Turn
from mumen.simulator.tablet import SimTablet
from shared.schemas.sync import ENROL_PATH

if TYPE_CHECKING:
    from mumen.simulator.world import World


@dataclass(eq=False)
class Flight:
    """A request on the wire or in the server's hands, and its answer on the way back."""

    tablet: SimTablet | None
    """Who waits for the answer; nobody for a copy."""
    ask: Ask
    serving: Request | None = None
    reply: Reply | None = None


def deliver(world: "World", action: Action) -> None:
    """A request reaches the server, goes on there for one transaction, or its answer comes back."""
    if not world.wire:
        return
    flight = world.wire[action.a % len(world.wire)]
    if flight.tablet is not None and flight.tablet.number in world.cut:
        lose(world, action)
        return
    if flight.reply is not None:
        world.wire.remove(flight)
        if flight.tablet is not None and _is_awaited(flight):
            flight.tablet.resume(HttpAnswer(flight.reply.status, flight.reply.body, flight.reply.headers))
        return
    _serve(world, flight)


def _serve(world: "World", flight: Flight) -> None:
    """The server works on it up to its next wait."""
    if flight.ask.path == ENROL_PATH:
        flight.reply = world.server.enrol(flight.ask.body)
        return
    if flight.serving is None:
        flight.serving = world.server.handle(flight.ask)
    try:
        turn: Turn = flight.serving.send(None)
        del turn
    except StopIteration as done:
        flight.reply, flight.serving = done.value, None
        world.served.append(Flight(None, flight.ask))
    except Crash:
        world.crash_server()


def lose(world: "World", action: Action) -> None:
    """A request or its answer is gone; the device learns of it when it has waited long enough."""
    if not world.wire:
        return
    flight = world.wire.pop(action.a % len(world.wire))
    if flight.serving is not None:
        flight.serving.close()
    if flight.tablet is not None and _is_awaited(flight):
        flight.tablet.resume(None, is_lost=True)


def double(world: "World", action: Action) -> None:
    """A request comes twice; nobody waits for the answer to the copy."""
    if world.wire:
        flight = world.wire[action.a % len(world.wire)]
        world.wire.append(Flight(None, flight.ask))


def replay(world: "World", action: Action) -> None:
    """A request from long ago comes once more."""
    if world.served:
        old = world.served[action.a % len(world.served)]
        world.wire.append(Flight(None, old.ask))


def _is_awaited(flight: Flight) -> bool:
    tablet = flight.tablet
    return tablet is not None and tablet.ask is not None and tablet.ask is flight.ask
