"""Letting devices in."""

import re

from shared.label_code import LabelCode, parse
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
