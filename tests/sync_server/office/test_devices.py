"""Letting devices in."""

import re
from datetime import datetime, timedelta, timezone

import pytest

from shared.label_code import LabelCode, parse
from shared.schemas.commands import RevokeDevice
from tests.factory import OFFSET_MIN
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


@pytest.mark.parametrize(
    ("silence_s", "on_home", "on_devices"),
    [
        (0, "✓ 1 台设备都在线。", "✓ 在线"),
        (120, "✓ 1 台设备都在线。", "✓ 在线"),
        (121, "→ 1 台设备里 0 台在线。其余最近联系：平板 1 {at}。", "→ 最近联系 {at}"),
        (3_600, "→ 1 台设备里 0 台在线。其余最近联系：平板 1 {at}。", "→ 最近联系 {at}"),
        (3_601, "◐ 1 台设备超过 1 小时没有联系：平板 1。", "◐ 没有联系"),
    ],
)
def test_a_device_is_online_for_two_minutes_and_silent_after_an_hour(
    office: Office, silence_s: int, on_home: str, on_devices: str
) -> None:
    office.sign_in()
    tablet, clock = office.server.device(), office.server.factory.clock
    tablet.scan(office.server.released()[0])
    tablet.push()
    at = f"{datetime.fromtimestamp(clock.now / 1_000_000, timezone(timedelta(minutes=OFFSET_MIN))):%H:%M}"
    clock.now += silence_s * 1_000_000
    assert on_home.format(at=at) in office.client.get("/").text
    table = office.client.get("/devices").text.partition("<tbody>")[2]
    assert on_devices.format(at=at) in table
    assert ("✓" in table) == (silence_s <= 120)


def test_a_revoked_device_is_neither_online_nor_missed(office: Office) -> None:
    office.sign_in()
    tablet = office.server.device()
    tablet.scan(office.server.released()[0])
    tablet.push()
    office.server.office(RevokeDevice(device_id=tablet.sender.device_id, reason="丢了"))
    assert "在线" not in office.client.get("/").text
    office.server.factory.clock.now += 7_200_000_000
    assert "没有联系" not in office.client.get("/").text
