"""A device's outbox as it arrives: dense numbers, chained hashes, one transaction for at most a hundred commands."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.canonical import canonical_json, sha256_hex
from shared.rules.decision import Mint
from shared.schemas.door import Door, Label, Piece
from shared.schemas.sync import FIRST_PREVIOUS_HASH, Envelope, Verdict
from sync_server import intake
from sync_server.errors import request_fault
from sync_server.intake import Submission, Unit
from sync_server.tables import CommandLogRow, DeviceRow


@dataclass(frozen=True)
class Pushed:
    """The verdicts of one transaction, the last number processed, and the first missing one after a gap."""

    verdicts: list[Verdict]
    last_n: int
    need: int | None = None


@dataclass(frozen=True)
class Sender:
    """The device that recorded the commands."""

    device_id: str
    incarnation: str

    @property
    def origin(self) -> str:
        """The origin under which its commands stand in the log."""
        return f"device:{self.device_id}/{self.incarnation}"


def push(
    session: Session, sender: Sender, commands: Sequence[dict[str, JsonValue]], mint: Mint, now_us: int, epoch: int
) -> Pushed:
    """Processes the commands in order and gives a verdict for each; a replay gets the stored one.

    Stops at a gap. A number that comes again with other content is a cloned device: `RequestFault` 409.
    """
    query = select(DeviceRow).where(col(DeviceRow.id) == sender.device_id).with_for_update()
    device = session.execute(query).scalar_one()
    device.last_contact_us = now_us
    unit = Unit(session, mint, now_us, epoch)
    _prefetch(unit, commands)
    replayed: list[Verdict] = []
    for raw in commands:
        n = _number(raw)
        if n <= device.last_n:
            replayed.append(_stored(session, sender, n, raw))
            continue
        if n != device.last_n + 1:
            return _finished(unit, device, replayed, need=device.last_n + 1)
        _take(unit, sender, device, n, raw)
    return _finished(unit, device, replayed, need=None)


def _prefetch(unit: Unit, commands: Sequence[dict[str, JsonValue]]) -> None:
    """Reads the rows that these commands will be decided on in a handful of statements, not in several a command."""
    bodies = [body for raw in commands if isinstance(body := raw.get("command"), dict)]
    labels = {code for body in bodies if isinstance(code := body.get("label_code"), str)}
    unit.rows.prefetch(Label, labels)
    targets = {label.target_id for code in labels if (label := unit.rows.get(Label, code)) and label.kind == "D"}
    piece_ids = targets | {piece_id for body in bodies if isinstance(piece_id := body.get("piece_id"), str)}
    unit.rows.prefetch(Piece, piece_ids)
    pieces = [piece for piece_id in piece_ids if (piece := unit.rows.get(Piece, piece_id))]
    door_ids = {piece.door_id for piece in pieces}
    unit.rows.prefetch(Door, door_ids)
    unit.rows.prefetch_children(Piece, door_ids)
    unit.prefetch_held(piece_ids)


def _take(unit: Unit, sender: Sender, device: DeviceRow, n: int, raw: dict[str, JsonValue]) -> None:
    expected = device.last_hash or FIRST_PREVIOUS_HASH
    if raw.get("prev_hash", expected) != expected:
        raise _cloned(n)
    try:
        envelope = Envelope.model_validate(raw)
    except ValidationError as error:
        bare = Submission(
            origin=sender.origin,
            key=str(n),
            body=raw,
            command={},
            event_time_us=unit.record_time_us,
            event_offset_min=0,
            device_id=sender.device_id,
            incarnation=sender.incarnation,
            n=n,
        )
        intake.park(unit, bare, str(error.errors(include_url=False)[0]["msg"]))
    else:
        _process(unit, sender, envelope, raw)
    device.last_n, device.last_hash = n, sha256_hex(canonical_json(raw))


def _process(unit: Unit, sender: Sender, envelope: Envelope, raw: dict[str, JsonValue]) -> None:
    submission = Submission(
        origin=sender.origin,
        key=str(envelope.n),
        body=raw,
        command=envelope.command,
        event_time_us=envelope.event_time_us,
        event_offset_min=envelope.event_offset_min,
        person_id=envelope.worker_id,
        station_id=envelope.station_id,
        device_id=sender.device_id,
        incarnation=sender.incarnation,
        n=envelope.n,
        was_offline=envelope.was_offline,
    )
    intake.process_or_park(unit, submission)


def _finished(unit: Unit, device: DeviceRow, replayed: list[Verdict], need: int | None) -> Pushed:
    unit.session.add(device)
    origin = Sender(device.id, device.incarnation).origin
    fresh = [answer.verdict for answer in intake.finish(unit) if answer.submission.origin == origin]
    by_number = {verdict.n: verdict for verdict in (*replayed, *fresh)}
    return Pushed([by_number[n] for n in sorted(by_number)], device.last_n, need)


def _stored(session: Session, sender: Sender, n: int, raw: dict[str, JsonValue]) -> Verdict:
    row = session.get(CommandLogRow, (sender.origin, str(n)))
    if row is None or row.hash != sha256_hex(canonical_json(raw)):
        raise _cloned(n)
    return Verdict.model_validate(row.verdict)


def _number(raw: dict[str, JsonValue]) -> int:
    n = raw.get("n")
    if not isinstance(n, int) or isinstance(n, bool) or n < 1:
        raise request_fault(422, "number_missing", "记录没有序号,无法接收。", "A command has no number.")
    return n


def _cloned(n: int) -> Exception:
    return request_fault(
        409,
        "cloned_device",
        "同一序号有两份不同的记录:设备可能被复制。记录仍在本机,请联系办公室。",
        "The same number came with different content: the device may be a clone. Nothing is lost; call the office.",
        n=n,
    )
