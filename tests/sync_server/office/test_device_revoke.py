"""Shutting a device out, and vouching for what it delivers afterwards."""

import re

from shared.schemas.people import Device, DeviceState
from shared.schemas.sync import VerdictStatus
from tests.sync_server.office.conftest import Office
from tests.sync_server.server import TabletSender


def revoke(office: Office, tablet: TabletSender, reason: str) -> int:
    path = f"/devices/{tablet.sender.device_id}/revoke"
    sent = office.hidden(path) | {"reason": reason}
    return office.client.post(path, data=sent, follow_redirects=False).status_code


def test_a_revoked_device_is_shut_out_and_what_it_delivers_waits_for_a_leader(office: Office) -> None:
    server = office.server
    pieces, tablet = server.released(2), server.device("开料平板")
    office.sign_in()
    assert "停用“开料平板”？" in office.client.get(f"/devices/{tablet.sender.device_id}/revoke").text
    assert revoke(office, tablet, " ") == 422
    assert revoke(office, tablet, "丢了") == 303
    device = server.get(Device, tablet.sender.device_id)
    assert isinstance(device, Device)
    assert device.state is DeviceState.REVOKED
    for piece in pieces[:2]:
        tablet.scan(piece)
    assert tablet.statuses() == [VerdictStatus.PARKED] * 2
    text = office.client.get("/devices").text
    assert "“开料平板”有 2 条记录被隔离：设备已停用" in text
    action = re.search(r'action="(/devices/[^"]+/release)"', text)
    assert action
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text.partition(action[0])[2]))
    for _ in range(2):
        assert office.client.post(action[1], data=hidden, follow_redirects=False).status_code == 303
    assert [len(server.piece(piece.id).operations) for piece in pieces[:2]] == [1, 1]
    assert "被隔离" not in office.client.get("/devices").text


def test_a_device_that_is_revoked_or_was_never_there_cannot_be_revoked(office: Office) -> None:
    tablet = office.server.device()
    office.sign_in()
    assert revoke(office, tablet, "丢了") == 303
    assert office.client.get(f"/devices/{tablet.sender.device_id}/revoke").status_code == 409
    unknown = office.server.factory.mint.new_id()
    assert office.client.get(f"/devices/{unknown}/revoke").status_code == 404
