"""Letting devices in, and taking in what one of them could not send."""

import random
import re
from pathlib import Path

from shared.label_code import LabelCode, parse
from shared.schemas.door import Piece
from tests.simulation.world import World, run
from tests.sync_server.office.conftest import Office


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
    name, content = run(tablet.engine.export_outbox())
    office.sign_in()
    csrf = office.hidden("/devices")["csrf"]
    for _ in range(2):
        answer = office.client.post("/devices/import", data={"csrf": csrf}, files={"file": (name, content)})
        assert "4 条记录已入账" in answer.text
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
    name, content = run(tablet.engine.export_outbox())
    office.sign_in()
    csrf = office.hidden("/devices")["csrf"]
    for broken in (content.replace(b'"body": "ey', b'"body": "fy'), b"hello", b'{"format": "mumen-outbox"}'):
        answer = office.client.post("/devices/import", data={"csrf": csrf}, files={"file": (name, broken)})
        assert answer.status_code == 422
    assert office.server.piece(leaf.id).operations == []
    world.close()
