"""What travels between devices and server, frozen: devices out there speak it for months after a release.

An example is never edited. A schema that changes gets examples of its own, and the old ones are still read.
"""

import base64
import json
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from mobile.sync.loop import push_body
from shared.canonical import canonical_json, checksum_hex, row_checksum, sha256_hex
from shared.schemas.commands import COMMAND, FloorScan, RecordInspection
from shared.schemas.entities import ENTITY_TYPES
from shared.schemas.sync import (
    FIRST_PREVIOUS_HASH,
    WIRE_SCHEMA,
    Envelope,
    PullAnswer,
    PushAnswer,
    PushRequest,
    RowOp,
    ScopePage,
    Verdict,
    signed_message,
)
from shared.schemas.upcast import read_command
from sync_server.devices.signatures import is_signed_by
from sync_server.scopes import body_of

FROZEN = Path(__file__).parent / f"wire_{WIRE_SCHEMA}"


def frozen(name: str) -> bytes:
    """The bytes as they travel; the file adds one newline."""
    return (FROZEN / f"{name}.json").read_bytes().removesuffix(b"\n")


def envelopes() -> list[dict[str, Any]]:
    return json.loads(frozen("push_request"))["commands"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("push_request", PushRequest),
        ("push_answer_with_hash", PushAnswer),
        ("verdict", Verdict),
        ("pull_answer", PullAnswer),
    ],
)
def test_is_read_and_written_byte_for_byte(name: str, kind: type[BaseModel]) -> None:
    assert kind.model_validate_json(frozen(name)).model_dump_json().encode() == frozen(name)


def test_an_answer_that_does_not_tell_the_last_hash_is_read() -> None:
    assert not PushAnswer.model_validate_json(frozen("push_answer")).last_hash


def test_a_device_sends_its_envelopes_in_these_bytes() -> None:
    kept = [canonical_json(raw).decode() for raw in envelopes()]
    read = [Envelope.model_validate_json(text) for text in kept]
    assert [canonical_json(one.model_dump(mode="json")).decode() for one in read] == kept
    assert push_body(json.loads(frozen("push_request"))["incarnation"], kept) == frozen("push_request")


def test_every_envelope_names_the_hash_of_the_one_before() -> None:
    named = [raw["prev_hash"] for raw in envelopes()]
    assert named == [FIRST_PREVIOUS_HASH, *(sha256_hex(canonical_json(raw)) for raw in envelopes()[:-1])]


def test_every_command_of_the_floor_has_an_example_and_is_written_as_it_was_read() -> None:
    sent = [raw["command"] for raw in envelopes()]
    assert {type(COMMAND.validate_python(command)) for command in sent} == set(get_args(FloorScan))
    assert [COMMAND.validate_python(command).model_dump(mode="json") for command in sent] == sent


@pytest.mark.parametrize("page", PullAnswer.model_validate_json(frozen("pull_answer")).scopes, ids=lambda p: p.scope)
def test_a_row_is_read_written_and_hashed_the_same_on_both_sides(page: ScopePage) -> None:
    puts = [row for row in page.rows if row.op is RowOp.PUT]
    assert puts
    for row in puts:
        assert body_of(ENTITY_TYPES[row.entity].model_validate_json(row.body)) == row.body
        assert sha256_hex(row.body.encode()) == row.row_hash
    assert checksum_hex(sum(row_checksum(r.entity, r.id, r.rev, r.row_hash) for r in puts)) == page.checksum


def test_what_an_app_of_the_first_version_recorded_is_still_understood() -> None:
    sent = json.loads((FROZEN.parent / "wire_1" / "push_request.json").read_bytes())
    assert sent["schema_version"] == 1
    commands = [read_command(raw["command"]) for raw in sent["commands"]]
    assert {type(command) for command in commands} == set(get_args(FloorScan))
    inspected = next(command for command in commands if isinstance(command, RecordInspection))
    assert (inspected.version, inspected.defect_code, inspected.photo_ids) == (2, "", [])
    answers = (("push_answer", PushAnswer), ("verdict", Verdict), ("pull_answer", PullAnswer))
    for name, kind in answers:
        kind.model_validate_json((FROZEN.parent / "wire_1" / f"{name}.json").read_bytes())


def test_a_signature_covers_these_bytes() -> None:
    example: dict[str, str] = json.loads(frozen("signed_message"))
    covered = ("method", "path", "body_sha256", "device_id", "incarnation", "nonce")
    message = signed_message(*(example[name] for name in covered))
    assert message.hex() == example["message_hex"]
    assert example["body_sha256"] == sha256_hex(frozen("push_request"))
    assert is_signed_by(example["public_key"], example["signature"], message)
    assert not is_signed_by(example["public_key"], example["signature"], message + b"\n")
    assert len(base64.b64decode(example["signature"])) == 64
