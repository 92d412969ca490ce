"""Badges, station and location cards, labels of packages and shipments, and flow cards: on paper and on a printer."""

import io
import re
from pathlib import Path
from typing import Any, cast

import pypdfium2
import pytest
from httpx2 import Response

from labels.reading.verify import read_back
from labels.templates import CARDS_A4_2X5, FLOW_CARDS_A4_2X2, LABEL_100X70, SheetTemplate, sheet_of
from mobile.web.builder.fonts import ensure_fonts
from shared.schemas.commands import CloseTrip, PutMasterData, PutTrip
from shared.schemas.door import Door, Label, Piece
from shared.schemas.people import Role
from shared.schemas.shipment import Trip, TripStop
from shared.schemas.sync import VerdictStatus
from tests.sync_server.office.conftest import Office, id_of, open_office
from tests.sync_server.office.test_printing import a_printer, hidden_in, jobs


@pytest.fixture
def printing(office: Office, tmp_path: Path) -> Office:
    ensure_fonts(tmp_path, lambda _: None)
    signed_in = Office(office.server, open_office(office.server, tmp_path))
    signed_in.sign_in()
    return signed_in


def text_of(pdf: bytes, sheet: SheetTemplate, count: int) -> str:
    """The words of so many labels, all of which both readers have read."""
    assert read_back(pdf, sheet, 203) == (count, [])
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    text = "".join(str(cast("Any", page.get_textpage()).get_text_bounded()) for page in document)
    document.close()
    return text


def send(office: Office, name: str, of: str = "", **typed: Any) -> Response:
    """Ticks everything, or what is given as `target`, and prints it."""
    page = office.client.get(f"/cards/{name}", params={"of": of}).text
    ticked = re.findall(r'name="target" value="([^"]+)"', page)
    sent = hidden_in(page, f"/cards/{name}") | {"target": ticked, "where": "pdf"} | typed
    return office.client.post(f"/cards/{name}", data=sent, follow_redirects=False)


def a_trip(office: Office, order: str) -> Trip:
    driver = office.server.factory.people["李强"].model_copy(update={"roles": [Role.DRIVER]})
    office.server.system(PutMasterData(people=[driver]))
    doors = office.server.children(Door, id_of(order))
    piece_ids = [piece.id for door in doors for piece in office.server.children(Piece, door.id)]
    stop = TripStop(
        number=1, consignee_name="欧阳雪梅", consignee_phone="13912345678", address="秘密路 1 号", piece_ids=piece_ids
    )
    trip = Trip(
        id=office.server.factory.mint.new_id(),
        site_id=office.server.factory.site.id,
        number="T-7",
        driver_id=driver.id,
        stops=[stop],
    )
    assert office.server.office(PutTrip(trip=trip)).status is VerdictStatus.OK
    return trip


def test_flow_cards_have_each_operation_of_each_piece(printing: Office) -> None:
    order = printing.released()
    assert f"{order}/flow-cards.pdf" in printing.client.get(order).text
    answer = printing.client.get(f"{order}/flow-cards.pdf")
    text = text_of(answer.content, FLOW_CARDS_A4_2X2, 2)
    for operation in printing.server.factory.route.operations:
        assert operation.name in text


def test_packages_get_a_code_once_and_say_what_is_in_them(printing: Office) -> None:
    order = printing.released(**{"line-1-quantity": "2"})
    assert f"/cards/packages?of={id_of(order)}" in printing.client.get(order).text
    sheets = [send(printing, "packages", id_of(order)) for _ in range(2)]
    for sheet in sheets:
        text = text_of(sheet.content, sheet_of(LABEL_100X70), 2)
        assert "门扇" in text
        assert "1/2" in text
    doors = printing.server.children(Door, id_of(order))
    assert [len(printing.server.children(Label, door.id)) for door in doors] == [1, 1]


def test_badges_and_station_cards_name_who_and_what(printing: Office) -> None:
    people = printing.server.factory.people
    text = text_of(send(printing, "badges").content, CARDS_A4_2X5, len(people))
    assert "张伟" in text
    text = text_of(send(printing, "stations").content, CARDS_A4_2X5, len(printing.server.factory.stations))
    assert all(station.code in text for station in printing.server.factory.stations.values())


def test_locations_are_numbered_and_a_form_that_is_sent_twice_makes_no_more_of_them(printing: Office) -> None:
    page = printing.client.get("/cards/locations").text
    sent = hidden_in(page, "/cards/locations") | {"count": "3", "where": "pdf"}
    for _ in range(2):
        text = text_of(printing.client.post("/cards/locations", data=sent).content, CARDS_A4_2X5, 3)
        assert [number for number in ("001", "002", "003", "004") if number in text] == ["001", "002", "003"]
    text_of(send(printing, "locations", count="1").content, CARDS_A4_2X5, 4)


def test_a_shipment_says_where_each_package_goes_for_as_long_as_it_is_on_a_trip(printing: Office) -> None:
    order = printing.released(**{"line-1-quantity": "2"})
    trip = a_trip(printing, order)
    assert "T-7" in printing.client.get("/cards/shipments").text
    text = text_of(send(printing, "shipments", trip.id).content, sheet_of(LABEL_100X70), 2)
    for word in ("欧阳雪梅", "13912345678", "秘密路 1 号", "2/2", "T-7"):
        assert word in text
    page = printing.client.get("/cards/shipments", params={"of": trip.id}).text
    sent = hidden_in(page, "/cards/shipments") | {
        "target": re.findall(r'name="target" value="([^"]+)"', page),
        "where": "pdf",
    }
    printing.server.office(CloseTrip(trip_id=trip.id))
    assert printing.client.post("/cards/shipments", data=sent).status_code == 409


def test_on_a_label_printer_they_wait_like_all_others_and_come_twice_for_a_reason_only(printing: Office) -> None:
    printer = a_printer(printing)
    answer = send(printing, "stations", where=printer.id)
    assert (answer.status_code, answer.headers["location"]) == (303, "/printing")
    assert "工位卡" in printing.client.get("/printing").text
    answer = send(printing, "stations", where=printer.id)
    assert answer.status_code == 422
    assert "有的打过了" in answer.text
    assert send(printing, "stations", where=printer.id, reason="bad_print").status_code == 303
    assert sorted({item.copy_number for job in jobs(printing) for item in job.items}) == [1, 2]


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"target": []}, 422, "请先勾选"),
        ({"target": ["x"]}, 422, "没有打印"),
        ({"target": ["00000000-0000-7000-8000-000000000000"]}, 409, "没有打印"),
        ({"where": "x"}, 422, "没有这台打印机"),
    ],
)
def test_what_cannot_be_printed_is_said(printing: Office, typed: dict[str, Any], status: int, said: str) -> None:
    answer = send(printing, "stations", **typed)
    assert answer.status_code == status
    assert said in answer.text
