"""Taking in what a device could not send: signed pushes in a file, which count once however they come."""

import base64
import random
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from httpx2 import Response
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from shared.schemas.door import Piece
from shared.schemas.identifiers import DAY_US
from shared.schemas.outbox_file import OutboxFile, SignedPush
from shared.schemas.people import DeviceState
from shared.schemas.sync import PUSH_PATH, PushRequest
from sync_server.devices import exchange, quarantine
from sync_server.devices.push import Delivery, Pushed, Sender, push_together
from sync_server.errors import RequestFault, request_fault
from sync_server.moment import Moment
from sync_server.tables import DeviceRow
from tests.simulation.world import World, run
from tests.sync_server.office.conftest import Office
from tests.sync_server.server import TabletSender
from tests.sync_server.test_api import HttpTablet, invite

UNSPEAKABLE = (
    b'{"format": "mumen-outbox", "version": 1, "device_name": "x", "requests": '
    b'[{"headers": {"Mumen-Device": "\\ud800", "Mumen-Signature": "\\ud800"}, "body": "e30="}]}'
)
"""A file with half a character in it."""


def take_few_at_once(office: Office) -> None:
    """This server's transactions hold three commands."""
    state = cast("Any", office.client.app).state
    state.services = replace(state.services, transaction_commands_max=3)


def test_an_exported_outbox_is_taken_in_once(office: Office, tmp_path: Path) -> None:
    world = World(office.server, tmp_path, random.Random(5))
    pieces: list[Piece] = office.server.released(quantity=2)
    tablet = world.tablet()
    tablet.work_at("CUT", "张伟")
    tablet.platform.network.is_up = False
    for piece in pieces:
        tablet.engine.on_code(office.server.code_of(piece))
    world.clock.now += 3 * DAY_US
    exported = run(tablet.engine.export_outbox())
    office.sign_in()
    csrf = office.hidden("/devices")["csrf"]
    for is_again in (False, True):
        answer = office.client.post(
            "/devices/import", data={"csrf": csrf}, files={"file": (exported.name, exported.content)}
        )
        assert "5 条记录已入账" in answer.text
        assert ("5 条以前就传到了" in answer.text) is is_again
    assert all(len(office.server.piece(piece.id).operations) == 1 for piece in pieces)
    tablet.platform.network.is_up = True
    run(tablet.engine.sync_once())
    assert tablet.engine.waiting().effects == 0
    world.close()


def test_a_changed_file_is_refused_whole(office: Office, tmp_path: Path) -> None:
    world = World(office.server, tmp_path, random.Random(5))
    (leaf, *_) = office.server.released()
    tablet = world.tablet()
    tablet.work_at("CUT", "张伟")
    tablet.engine.on_code(office.server.code_of(leaf))
    exported = run(tablet.engine.export_outbox())
    office.sign_in()
    csrf = office.hidden("/devices")["csrf"]
    for broken in (
        exported.content.replace(b'"body": "ey', b'"body": "fy'),
        b"hello",
        b'{"format": "mumen-outbox"}',
        UNSPEAKABLE,
    ):
        answer = office.client.post("/devices/import", data={"csrf": csrf}, files={"file": ("file.json", broken)})
        assert answer.status_code == 422
    assert office.server.piece(leaf.id).operations == []
    world.close()


def test_the_file_of_a_revoked_device_is_not_booked(office: Office, tmp_path: Path) -> None:
    world = World(office.server, tmp_path, random.Random(5))
    (leaf, *_) = office.server.released()
    tablet = world.tablet()
    tablet.work_at("CUT", "张伟")
    tablet.engine.on_code(office.server.code_of(leaf))
    exported = run(tablet.engine.export_outbox())
    revoke = update(DeviceRow).values(state=DeviceState.REVOKED)
    office.server.database.write(lambda session: session.execute(revoke)).result()
    office.sign_in()
    csrf = office.hidden("/devices")["csrf"]
    answer = office.client.post(
        "/devices/import", data={"csrf": csrf}, files={"file": (exported.name, exported.content)}
    )
    assert answer.status_code == 422
    assert "这台设备已停用" in answer.text
    assert office.server.piece(leaf.id).operations == []
    world.close()


@pytest.mark.parametrize(
    "fault",
    [
        request_fault(409, "cloned_device", "设备可能被复制。", "The device may be a clone."),
        OperationalError("INSERT", {}, Exception("disk full")),
    ],
)
def test_an_import_that_stops_says_how_many_count_and_can_be_repeated(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    world = World(office.server, tmp_path, random.Random(5))
    pieces: list[Piece] = office.server.released(quantity=4)
    tablet = world.tablet()
    tablet.work_at("CUT", "张伟")
    for piece in pieces:
        tablet.engine.on_code(office.server.code_of(piece))
    exported = run(tablet.engine.export_outbox())
    office.sign_in()
    csrf = office.hidden("/devices")["csrf"]

    def take_in() -> Response:
        return office.client.post(
            "/devices/import", data={"csrf": csrf}, files={"file": (exported.name, exported.content)}
        )

    calls = iter((None, fault))

    def push_then_fail(session: Session, deliveries: list[Delivery], moment: Moment) -> list[Pushed | RequestFault]:
        failure = next(calls)
        if failure is not None:
            raise failure
        return push_together(session, deliveries, moment)

    take_few_at_once(office)
    with monkeypatch.context() as broken:
        broken.setattr(exchange, "push_together", push_then_fail)
        answer = take_in()
    assert answer.status_code == 422
    assert "9 条记录，前 3 条已入账，其余 6 条没有导入" in answer.text
    assert "再次导入同一个文件" in answer.text
    assert "没有导入任何记录" not in answer.text
    assert "9 条记录已入账" in take_in().text
    assert all(len(office.server.piece(piece.id).operations) == 1 for piece in pieces)
    world.close()


def test_a_file_that_holds_nothing_says_that_nothing_was_imported(office: Office) -> None:
    office.sign_in()
    csrf = office.hidden("/devices")["csrf"]
    bare = b'{"format": "mumen-outbox", "version": 1, "requests": []}'
    empty = office.client.post("/devices/import", data={"csrf": csrf}, files={"file": ("a", bare)})
    assert "文件里没有记录" in empty.text
    deep = office.client.post("/devices/import", data={"csrf": csrf}, files={"file": ("a", b"[" * 200_000)})
    assert deep.status_code == 422
    assert "没有导入任何记录" in deep.text


def test_a_copy_of_a_device_is_kept_apart_to_its_last_record(office: Office) -> None:
    server, tablet = office.server, HttpTablet(office.client, ec.generate_private_key(ec.SECP256R1()))
    assert tablet.enrol(invite(server)).status_code == 200
    original, copied = (TabletSender(server, Sender(tablet.device_id, "i1")) for _ in range(2))
    for outbox, text in ((original, "one"), (copied, "one"), (original, "two")):
        outbox.record({"type": "of_a_later_app", "said": text})
    original.push()
    for number in range(8):
        copied.record({"type": "of_a_later_app", "said": number})
    requests: list[SignedPush] = []
    for commands in (copied.recorded[:5], copied.recorded[5:]):
        body = PushRequest(incarnation="i1", commands=commands).model_dump_json().encode()
        headers = tablet.signed("POST", PUSH_PATH, body)
        requests.append(SignedPush(headers=headers, body=base64.b64encode(body).decode()))
    content = OutboxFile(requests=requests).model_dump_json().encode()
    take_few_at_once(office)
    office.sign_in()
    csrf = office.hidden("/devices")["csrf"]
    for _ in range(2):
        answer = office.client.post("/devices/import", data={"csrf": csrf}, files={"file": ("a", content)})
        assert answer.status_code == 200
        assert "1 条记录已入账" in answer.text
        assert "另外 8 条没有入账，已隔离" in answer.text
        (pile,) = server.database.read(quarantine.piles)
        assert (pile.count, pile.reason) == (8, quarantine.CLONED)
