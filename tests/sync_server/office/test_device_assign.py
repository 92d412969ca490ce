"""Handing a phone to a person."""

from shared.schemas.commands import PutMasterData
from shared.schemas.people import Device, Role
from shared.schemas.production import Site
from tests.sync_server.office.conftest import Office
from tests.sync_server.server import TabletSender


def assign(office: Office, device: TabletSender, person_id: str) -> int:
    path = f"/devices/{device.sender.device_id}/assign"
    sent = office.hidden(path) | {"person_id": person_id}
    return office.client.post(path, data=sent, follow_redirects=False).status_code


def owner(office: Office, device: TabletSender) -> str | None:
    found = office.server.get(Device, device.sender.device_id)
    assert isinstance(found, Device)
    return found.person_id


def test_a_phone_is_handed_to_a_driver_and_taken_back(office: Office) -> None:
    phone = office.server.device("手机 1")
    driver = office.server.factory.people["李强"].model_copy(update={"roles": [Role.DRIVER]})
    office.server.system(PutMasterData(people=[driver]))
    office.sign_in()
    page = office.client.get(f"/devices/{phone.sender.device_id}/assign").text
    assert page.index("李强 · 司机/安装") < page.index("张伟")
    assert assign(office, phone, driver.id) == 303
    assert owner(office, phone) == driver.id
    assert "李强</a>" in office.client.get("/devices").text
    assert f'value="{driver.id}" selected' in office.client.get(f"/devices/{phone.sender.device_id}/assign").text
    assert assign(office, phone, driver.id) == 303
    assert assign(office, phone, "") == 303
    assert owner(office, phone) is None
    assert "车间共用</a>" in office.client.get("/devices").text


def test_nobody_is_told_that_something_was_saved_which_was_not(office: Office) -> None:
    phone = office.server.device("手机 1")
    office.sign_in()
    assert assign(office, phone, "nobody") == 422
    assert assign(office, phone, office.server.factory.mint.new_id()) == 409
    assert owner(office, phone) is None


def test_somebody_of_another_site_is_not_offered(office: Office) -> None:
    phone, mint = office.server.device("手机 1"), office.server.factory.mint
    other = Site(id=mint.new_id(), code="B", name="二厂")
    moved = office.server.factory.people["李强"].model_copy(update={"site_id": other.id})
    office.server.system(PutMasterData(sites=[other], people=[moved]))
    office.sign_in()
    assert "李强" not in office.client.get(f"/devices/{phone.sender.device_id}/assign").text
