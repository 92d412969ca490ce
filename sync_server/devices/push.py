"""Devices' outboxes as they arrive: dense numbers, chained hashes, one transaction for at most a hundred commands.

Deliveries of several devices that come at the same time share a transaction: what it costs by itself is then paid once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue, ValidationError
from sqlalchemy.orm import Session

from shared.canonical import canonical_json, sha256_hex
from shared.schemas.people import DeviceState
from shared.schemas.sync import Envelope, Verdict, device_origin
from sync_server import intake
from sync_server.devices import quarantine
from sync_server.devices.chains import UNKNOWN_HASH, Chain, keep_chains, lock_chains
from sync_server.devices.signatures import not_enrolled
from sync_server.errors import RequestFault, request_fault
from sync_server.locks import lock_families
from sync_server.moment import Moment
from sync_server.prefetch import commands_of, prefetch
from sync_server.publishing import finish
from sync_server.submission import Submission
from sync_server.tables import CommandLogRow
from sync_server.unit import Unit

Raw = dict[str, JsonValue]
UNREADABLE_CHARACTERS_MAX = 20_000
DEPTH_MAX = 100
"""Deeper than any command of ours; readers of JSON give up at some depth, each at another one."""


@dataclass(frozen=True)
class Pushed:
    """The verdicts of one delivery, the last number processed with its hash, and the first missing one after a gap.

    `is_cloned` says that a number came with other content than before: those commands lie in quarantine.
    """

    verdicts: list[Verdict]
    last_n: int
    last_hash: str
    need: int | None = None
    is_cloned: bool = False


@dataclass(frozen=True)
class Sender:
    """The device that recorded the commands."""

    device_id: str
    incarnation: str

    @property
    def origin(self) -> str:
        """The origin under which its commands stand in the log."""
        return device_origin(self.device_id, self.incarnation)


@dataclass(frozen=True)
class Arrived:
    """A command as it came, or a picture of it where no database could hold it, with its canonical bytes."""

    n: int
    raw: Raw
    canonical: bytes
    digest: str


@dataclass(frozen=True)
class Delivery:
    """What one device delivers at once."""

    sender: Sender
    commands: Sequence[Arrived]


@dataclass
class _Taken:
    """A delivery on its way: the verdicts that need no deciding, and how it ended."""

    delivery: Delivery
    chain: Chain
    answered: list[Verdict] = field(default_factory=list[Verdict])
    need: int | None = None
    is_cloned: bool = False


def push_together(session: Session, deliveries: Sequence[Delivery], moment: Moment) -> list[Pushed | RequestFault]:
    """Processes each device's commands in their order and gives a verdict for each; a replay gets the stored one.

    Stops a delivery at a gap. From a number on that comes again with other content (a copied device), and for a revoked
    device, commands are not processed but kept in quarantine, as is what goes on from there. A device that is not
    enrolled gets a fault (401).
    """
    chains = lock_chains(session, {delivery.sender.device_id for delivery in deliveries})
    heard = [d for d in deliveries if d.sender.device_id in chains and not _is_revoked(chains[d.sender.device_id])]
    envelopes = [command.raw for delivery in heard for command in delivery.commands]
    lock_families(session, commands_of(envelopes))
    unit = Unit(session, moment)
    prefetch(unit, envelopes)
    taken = [_take(unit, chains.get(delivery.sender.device_id), delivery) for delivery in deliveries]
    fresh: dict[str, list[Verdict]] = {}
    for answer in finish(unit):
        fresh.setdefault(answer.submission.origin, []).append(answer.verdict)
    keep_chains(session, chains.values(), moment.record_time_us)
    return [_pushed(one, fresh) if isinstance(one, _Taken) else one for one in taken]


def arrived(raw: Raw) -> Arrived:
    """The command with what is computed from its bytes. Raises `RequestFault` 422 for one without a number."""
    n = raw.get("n")
    if not isinstance(n, int) or isinstance(n, bool) or not 0 < n < 2**62:
        raise request_fault(422, "number_missing", "记录没有序号,无法接收。", "A command has no number.")
    try:
        canonical = canonical_json(raw)
        is_storable = b"\\u0000" not in canonical and not (_has_many_boxes(canonical) and _is_too_deep(raw))
    except (ValueError, RecursionError):
        is_storable, canonical = False, b""
    if is_storable:
        return Arrived(n, raw, canonical, sha256_hex(canonical))
    picture: Raw = {"n": n, "unreadable": (canonical.decode() or ascii(raw))[:UNREADABLE_CHARACTERS_MAX]}
    canonical = canonical_json(picture)
    return Arrived(n, picture, canonical, sha256_hex(canonical))


def _has_many_boxes(canonical: bytes) -> bool:
    """Whether it could be too deep at all; that is asked of every command."""
    return canonical.count(b"[") + canonical.count(b"{") > DEPTH_MAX


def _is_too_deep(value: JsonValue) -> bool:
    """Whether its innermost values lie in more than `DEPTH_MAX` lists and objects."""
    level: list[JsonValue] = [value]
    for _ in range(DEPTH_MAX + 1):
        inside = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        level = [value for values in inside for value in values]
    return bool(level)


def _take(unit: Unit, device: Chain | None, delivery: Delivery) -> _Taken | RequestFault:
    if device is None:
        return not_enrolled()
    taken = _Taken(delivery, device)
    if _is_revoked(device):
        _keep_in_quarantine(unit, taken, delivery.commands, quarantine.REVOKED)
        return taken
    for at, command in enumerate(delivery.commands):
        n = command.n
        if n > device.last_n + 1 and not quarantine.goes_on_from(unit.session, device, command.raw):
            taken.need = device.last_n + 1
            return taken
        if n == device.last_n + 1 and device.goes_on_with(command.raw):
            _process(unit, delivery.sender, device, command)
            continue
        stored = _stored(unit, delivery.sender, command) if n <= device.last_n else None
        if stored is None:
            taken.is_cloned = True
            _keep_in_quarantine(unit, taken, delivery.commands[at:], quarantine.CLONED)
            return taken
        taken.answered.append(stored)
    return taken


def _is_revoked(device: Chain) -> bool:
    return device.state is DeviceState.REVOKED


def _keep_in_quarantine(unit: Unit, taken: _Taken, commands: Sequence[Arrived], reason: str) -> None:
    """The device is told that what it delivered is kept; its numbers do not go on."""
    now_us = unit.moment.record_time_us
    quarantine.keep(unit.session, taken.chain, [one.raw for one in commands], reason, now_us)
    taken.answered += [quarantine.quarantined_verdict(one.n, reason, now_us) for one in commands]


def _process(unit: Unit, sender: Sender, device: Chain, command: Arrived) -> None:
    try:
        envelope = Envelope.model_validate(command.raw)
    except ValidationError as error:
        bare = Submission(
            origin=sender.origin,
            key=str(command.n),
            body=command.raw,
            command={},
            event_time_us=unit.moment.record_time_us,
            event_offset_min=0,
            device_id=sender.device_id,
            incarnation=sender.incarnation,
            n=command.n,
            canonical_body=command.canonical,
        )
        intake.park(unit, bare, str(error.errors(include_url=False)[0]["msg"]))
    else:
        intake.process_or_park(unit, submission_of(sender, envelope, command))
    device.last_n = command.n
    device.last_hash = UNKNOWN_HASH if "unreadable" in command.raw else command.digest


def submission_of(sender: Sender, envelope: Envelope, command: Arrived) -> Submission:
    """A device's envelope as the write path wants it."""
    return Submission(
        origin=sender.origin,
        key=str(envelope.n),
        body=command.raw,
        command=envelope.command,
        event_time_us=envelope.event_time_us,
        event_offset_min=envelope.event_offset_min,
        person_id=envelope.worker_id,
        station_id=envelope.station_id,
        device_id=sender.device_id,
        incarnation=sender.incarnation,
        n=envelope.n,
        was_offline=envelope.was_offline,
        canonical_body=command.canonical,
    )


def _stored(unit: Unit, sender: Sender, command: Arrived) -> Verdict | None:
    """The verdict that this command got before; None where another command has its number."""
    earlier = unit.answers.get((sender.origin, str(command.n)))
    if earlier is not None:  # by another delivery of this transaction
        return earlier.verdict if earlier.submission.hash == command.digest else None
    row = unit.session.get(CommandLogRow, (sender.origin, str(command.n)))
    if row is None or row.hash != command.digest:
        return None
    return Verdict.model_validate(row.verdict)


def _pushed(taken: _Taken, fresh: dict[str, list[Verdict]]) -> Pushed:
    """The verdicts in the order of the delivery's numbers; those of other deliveries go their own ways."""
    asked = {command.n for command in taken.delivery.commands}
    decided = (v for v in fresh.get(taken.delivery.sender.origin, ()) if v.n in asked)
    by_number = {verdict.n: verdict for verdict in (*taken.answered, *decided)}
    verdicts, chain = [by_number[n] for n in sorted(by_number)], taken.chain
    last_hash = "" if chain.last_hash == UNKNOWN_HASH else chain.last_hash
    return Pushed(verdicts, chain.last_n, last_hash, taken.need, taken.is_cloned)
