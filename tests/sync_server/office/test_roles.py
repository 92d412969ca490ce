"""Every role at every page: whoever lacks a right meets a sentence, and no page tells more than its reader may know."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pypdfium2
import pytest

from mobile.web.builder.fonts import ensure_fonts
from shared.rules.permissions import RIGHTS, Right, may
from shared.schemas.commands import PrintLabels, PutMasterData, PutRack
from shared.schemas.people import Role
from shared.schemas.printing import Printer
from shared.schemas.quality import PhotoKind
from shared.schemas.rack import Rack
from tests.sync_server.office.conftest import Office, id_of, open_office

NAME, PHONE, ADDRESS, REMARKS = "欧阳雪梅", "13912345678", "佛山市顺德区秘密路 1 号", "请在晚上打电话"
CUSTOMER = (NAME, PHONE, PHONE[-4:], ADDRESS, REMARKS)
PAGES = {
    "/": Right.SEE_OFFICE,
    "/orders": Right.SEE_OFFICE,
    "/orders?sort=customer": Right.SEE_OFFICE,
    "/orders?q=MD-": Right.SEE_OFFICE,
    "/search?q=MD-": Right.SEE_OFFICE,
    "/orders/new": Right.PLACE_ORDER,
    "{draft}": Right.SEE_OFFICE,
    "{released}": Right.SEE_OFFICE,
    "{released}/labels.pdf": Right.SEE_LABELS,
    "{released}/flow-cards.pdf": Right.SEE_LABELS,
    "/cards/packages?of={order}": Right.ISSUE_LABELS,
    "/cards/stations": Right.ISSUE_LABELS,
    "/cards/locations": Right.ISSUE_LABELS,
    "{released}/cancel": Right.CANCEL_ORDER,
    "{draft}/cancel": Right.CANCEL_ORDER,
    "{piece}": Right.SEE_OFFICE,
    "{piece}/label.pdf": Right.SEE_LABELS,
    "{piece}/label.png": Right.SEE_LABELS,
    "{piece}/label": Right.SEE_LABELS,
    "{piece}/label/job": Right.SEE_LABELS,
    "{piece}/revoke-label": Right.REVOKE_LABEL,
    "{released}/print": Right.PRINT_LABELS,
    "/printing": Right.SEE_LABELS,
    "/printing/jobs": Right.SEE_LABELS,
    "/scanner-setup.pdf": Right.SEE_LABELS,
    "/printers/new": Right.PUT_MASTER_DATA,
    "{printer}": Right.PUT_MASTER_DATA,
    "{photo}": Right.SEE_OFFICE,
    "{signature}": Right.SEE_CUSTOMERS,
    "/devices": Right.SEE_DEVICES,
    "{device}/assign": Right.ASSIGN_DEVICE,
    "{device}/revoke": Right.REVOKE_DEVICE,
    "/racks": Right.SEE_OFFICE,
    "/racks/new": Right.PUT_RACK,
    "/racks/labels.pdf": Right.SEE_LABELS,
    "{rack}": Right.SEE_OFFICE,
    "{rack}/edit": Right.PUT_RACK,
    "{rack}/label.pdf": Right.SEE_LABELS,
    "/scans": Right.SEE_CONFLICTS,
    "/conflicts": Right.SEE_CONFLICTS,
    "/conflicts?state=resolved": Right.SEE_CONFLICTS,
}
FORMS = {
    "/orders/check": Right.PLACE_ORDER,
    "{draft}": Right.PLACE_ORDER,
    "{draft}/save-and-release": Right.PLACE_ORDER,
    "{draft}/add-line": Right.PLACE_ORDER,
    "{draft}/remove-line/1": Right.PLACE_ORDER,
    "{draft}/language": Right.PLACE_ORDER,
    "{draft}/release": Right.RELEASE_ORDER,
    "{draft}/cancel": Right.CANCEL_ORDER,
    "{piece}/reprint": Right.REPRINT_LABEL,
    "{piece}/revoke-label": Right.REVOKE_LABEL,
    "{released}/print": Right.PRINT_LABELS,
    "{printer}": Right.PUT_MASTER_DATA,
    "{printer}/try": Right.PRINT_LABELS,
    "/cards/packages": Right.ISSUE_LABELS,
    "/cards/stations": Right.ISSUE_LABELS,
    "/cards/locations": Right.ISSUE_LABELS,
    "{job}/cancel": Right.CANCEL_PRINTING,
    "{job}/answer": Right.ANSWER_PRINT_DOUBT,
    "/devices/invite": Right.INVITE_DEVICE,
    "/devices/import": Right.IMPORT_OUTBOX,
    "{device}/assign": Right.ASSIGN_DEVICE,
    "{device}/revoke": Right.REVOKE_DEVICE,
    "{device}/release": Right.RELEASE_QUARANTINE,
    "{conflict}/resolve": Right.RESOLVE_CONFLICT,
    "{call}/close": Right.CLOSE_CALL,
    "{rack}": Right.PUT_RACK,
    "{rack}/take-off": Right.UNBIND_PIECE,
}
OFFICE_ROLES = [role for role, rights in RIGHTS.items() if Right.SEE_OFFICE in rights]


@dataclass
class Factory:
    """An office with a draft and a released order of the same customer, and the addresses of all its pages."""

    office: Office
    addresses: dict[str, str]

    def become(self, role: Role) -> None:
        """Signs in somebody who has this role and no other."""
        people = self.office.server.factory.people
        people["吴刚"] = people["吴刚"].model_copy(update={"roles": [role]})
        self.office.server.system(PutMasterData(people=[people["吴刚"]]))
        assert self.office.sign_in("吴刚").status_code == 303

    def path(self, page: str) -> str:
        """The address that this page has here."""
        return page.format(**self.addresses)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One kind of database is enough: none of them decides who may see what."""
    return f"sqlite:///{tmp_path / 'mumen.db'}"


@pytest.fixture(scope="module")
def build_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("build")
    ensure_fonts(built, lambda _: None)
    return built


@pytest.fixture
def factory(office: Office, build_dir: Path, tmp_path: Path) -> Iterator[Factory]:
    with open_office(office.server, build_dir, tmp_path / "photos") as client:
        signed_in = Office(office.server, client)
        signed_in.sign_in()
        fields = {"customer_name": NAME, "customer_phone": PHONE, "address": ADDRESS, "remarks": REMARKS}
        draft, released = signed_in.kept(**fields), signed_in.released(**fields)
        found = re.search(r'href="(/pieces/[0-9a-f-]+)"', client.get(released).text)
        assert found
        device = f"/devices/{office.server.device().sender.device_id}"
        conflict = f"/conflicts/{office.server.factory.mint.new_id()}"
        call = f"/calls/{office.server.factory.mint.new_id()}"
        addresses = {"draft": draft, "released": released, "piece": found[1], "device": device, "conflict": conflict}
        addresses["order"] = id_of(released)
        new_id, site_id = office.server.factory.mint.new_id, office.server.factory.site.id
        printer = Printer(id=new_id(), site_id=site_id, name="标签机", address="10.0.0.1")
        office.server.system(PutMasterData(printers=[printer]))
        rack = Rack(id=new_id(), site_id=site_id, code="R-07")
        office.server.office(PutRack(rack=rack))
        addresses["rack"] = f"/racks/{rack.id}"
        job = PrintLabels(job_id=new_id(), printer_id=printer.id, order_id=id_of(released))
        office.server.office(job)
        addresses |= {"call": call, "printer": f"/printers/{printer.id}", "job": f"/printing/{job.job_id}"}
        for kind in PhotoKind:
            addresses[kind] = signed_in.attach_photo(id_of(found[1]), kind.encode(), kind)
            signed_in.receive_photo(kind.encode())
        yield Factory(signed_in, addresses)


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    text = "".join(str(cast("Any", page.get_textpage()).get_text_bounded()) for page in document)
    document.close()
    return text


@pytest.mark.parametrize("role", list(Role))
def test_a_page_opens_to_those_who_have_its_right_and_names_customers_only_to_those_who_may_know(
    factory: Factory, role: Role
) -> None:
    factory.become(role)
    for page, right in PAGES.items():
        answer = factory.office.client.get(factory.path(page))
        assert answer.status_code == (200 if may([role], right) else 403), page
        kind = answer.headers["content-type"]
        text = text_of(answer.content) if kind == "application/pdf" else "" if kind == "image/png" else answer.text
        told = [word for word in CUSTOMER if word in text]
        if not may([role], Right.SEE_CUSTOMERS):
            assert told == [], page
    for page in ("/orders", "{draft}", "{released}"):
        if may([role], Right.SEE_CUSTOMERS):
            assert NAME in factory.office.client.get(factory.path(page)).text, page


@pytest.mark.parametrize("role", list(Role))
def test_a_form_is_taken_from_those_who_have_its_right(factory: Factory, role: Role) -> None:
    factory.become(role)
    for page, right in FORMS.items():
        answer = factory.office.client.post(factory.path(page), data={"csrf": "of another session"})
        said = "页面已过期" if may([role], right) else "没有权限"
        assert (answer.status_code, said in answer.text) == (403, True), page


@pytest.mark.parametrize("role", OFFICE_ROLES)
def test_no_link_or_button_leads_to_what_its_reader_may_not_do(factory: Factory, role: Role) -> None:
    factory.become(role)
    pages = ["/", "/orders", "/orders?q=nothing", "{draft}", "{released}", "{piece}", "/racks", "{rack}"]
    pages += [page for page in ("/printing", "/cards/stations") if may([role], PAGES[page])]
    for page in pages:
        text = factory.office.client.get(factory.path(page)).text
        for link in set(re.findall(r'href="(/[^"#]*)"', text)):
            answer = factory.office.client.get(link.replace("&amp;", "&"), follow_redirects=False)
            assert answer.status_code in {200, 303}, (page, link)
        for target in set(re.findall(r'(?:form)?action="(/orders/[^"]+)"', text)):
            answer = factory.office.client.post(target, data={"csrf": "of another session"})
            assert "没有权限" not in answer.text, (page, target)


@pytest.mark.parametrize("role", list(Role))
def test_badges_are_for_those_who_enter_people_and_shipments_for_those_who_may_know_the_customer(
    factory: Factory, role: Role
) -> None:
    factory.become(role)
    for name, right in (("badges", Right.PUT_MASTER_DATA), ("shipments", Right.SEE_CUSTOMERS)):
        is_open = may([role], Right.ISSUE_LABELS) and may([role], right)
        assert factory.office.client.get(f"/cards/{name}").status_code == (200 if is_open else 403), name
        answer = factory.office.client.post(f"/cards/{name}", data={"csrf": "of another session"})
        assert ("页面已过期" if is_open else "没有权限") in answer.text, name


@pytest.mark.parametrize("role", OFFICE_ROLES)
def test_nobody_finds_a_customer_by_asking(factory: Factory, role: Role) -> None:
    factory.become(role)
    found = "2 张" if may([role], Right.SEE_CUSTOMERS) else "0 张"
    for asked in (NAME, NAME[1:3], PHONE[-4:], PHONE):
        for path in ("/orders", "/search"):
            assert found in factory.office.client.get(path, params={"q": asked}).text, (path, asked)
    assert "2 张" in factory.office.client.get("/orders", params={"q": "md-"}).text


def test_an_order_of_customers_is_not_given_away_by_its_order(factory: Factory) -> None:
    """Sorted by name, a list would tell who comes before whom."""
    office = factory.office
    for name in ("赵", "安"):
        office.server.factory.clock.now += 1_000_000
        office.kept(customer_name=name)
    factory.become(Role.PURCHASER)

    def numbers(sort: str) -> list[str]:
        return re.findall(r">(MD-[\d-]+)<", office.client.get("/orders", params={"sort": sort}).text)

    assert len(numbers("")) == 4
    assert numbers("customer") == numbers("-customer") == numbers("")
    assert "客户" not in office.client.get("/orders").text
