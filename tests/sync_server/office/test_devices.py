"""Letting devices in, and taking in what one of them could not send."""

import random
import re
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from shared.label_code import LabelCode, parse
from shared.schemas.door import Piece
from shared.schemas.people import DeviceState
from sync_server.errors import request_fault
from sync_server.office import outbox_import
from sync_server.push import Pushed, push
from sync_server.tables import DeviceRow
from tests.simulation.world import World, run
from tests.sync_server.office.conftest import Office

UNSPEAKABLE = (
    b'{"format": "mumen-outbox", "version": 1, "device_name": "x", "requests": '
    b'[{"headers": {"Mumen-Device": "\\ud800", "Mumen-Signature": "\\ud800"}, "body": "e30="}]}'
)
"""A file with half a character in it."""


def test_an_invitation_is_a_code_that_enrols_one_device(office: Office) -> None:
    office.sign_in()
    hidden = office.hidden("/devices")
    answer = office.client.post("/devices/invite", data={"csrf": hidden["csrf"], "device_name": "开料平板"})
    assert "<svg" in answer.text
    shown = re.search(r'aria-label="登记码">([^<]+)<', answer.text)
    assert shown
    code = parse(shown[1])
    assert isinstance(code, LabelCode)
    assert f"/app/?code={code.text}" in answer.text


def test_a_device_without_a_name_is_not_invited(office: Office) -> None:
    office.sign_in()
    csrf = office.hidden("/devices")["csrf"]
    answer = office.client.post("/devices/invite", data={"csrf": csrf, "device_name": " "})
    assert answer.status_code == 422
    assert "起个名字" in answer.text


def test_an_exported_outbox_is_taken_in_once(office: Office, tmp_path: Path) -> None:
    world = World(office.server, tmp_path, random.Random(5))
    pieces: list[Piece] = office.server.released(quantity=2)
    tablet = world.tablet()
    tablet.work_at("CUT", "张伟")
    tablet.platform.network.is_up = False
    for piece in pieces:
        tablet.engine.on_code(office.server.code_of(piece))
    world.clock.now += 3 * 86_400_000_000
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

    def push_then_fail(*args: Any) -> Pushed:
        failure = next(calls)
        if failure is not None:
            raise failure
        return push(*args)

    with monkeypatch.context() as broken:
        broken.setattr(outbox_import, "TRANSACTION_COMMANDS_MAX", 3)
        broken.setattr(outbox_import, "push", push_then_fail)
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
