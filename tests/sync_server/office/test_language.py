"""Every page is whole in the language that was chosen: no Chinese in English but what people have typed."""

import html
import re

import pytest

from shared.label_code import CodeKind, make
from shared.schemas.commands import BindPiece, PrintLabels, PutMasterData, PutRack
from shared.schemas.order import OrderState
from shared.schemas.printing import Printer
from shared.schemas.rack import Rack
from shared.schemas.sync import VerdictStatus
from shared.words import Phrase
from sync_server.office.shell import words
from tests.sync_server.office.conftest import Office, id_of

HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")
TYPED = ("陈静", "王芳", "主卧", "胡桃色", "佛山市顺德区某路 1 号", "开料平板", "门口有台阶")
"""What somebody typed, and the name of the language to change to."""


def chinese_in(office: Office, text: str) -> list[str]:
    factory = office.server.factory
    known = {*TYPED, factory.model.name, *(operation.name for operation in factory.route.operations), "中文", "木门"}
    bare = re.sub(r"<style.*?</style>|<script.*?</script>", "", html.unescape(text), flags=re.DOTALL)
    bare = re.sub(r'<p class="muted" lang="zh-CN">.*?</p>', "", bare, flags=re.DOTALL)
    for name in sorted(known | {p.name for p in factory.people.values()} | set(factory.model.colours), key=len)[::-1]:
        bare = bare.replace(name, "")
    return HAN.findall(bare)


def in_english(office: Office) -> None:
    answer = office.client.get("/language", params={"to": "en", "back": "/orders?q=x"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders?q=x")


def test_every_page_is_whole_in_english(office: Office) -> None:
    office.sign_in()
    in_english(office)
    csrf = office.hidden("/devices")["csrf"]
    released = office.send_order("save-and-release").headers["location"]
    draft = office.send_order("", customer_phone="1").headers["location"]
    piece = re.search(r"/pieces/[0-9a-f-]+", office.client.get(released).text)
    assert piece
    pages = [office.client.get(path) for path in ("/", "/orders", "/orders?q=9&sort=customer", "/orders/new")]
    pages += [office.client.get(path) for path in ("/devices", released, draft, piece[0], "/nowhere", f"{draft}x")]
    pages += [office.send_order("save-and-release", **{"line-1-height": "9000", "promised_on": "x"})]
    pages += [
        office.send_order("save-and-release", **{"line-1-colour": "x", "line-1-height": "9000", "customer_phone": "1"})
    ]
    pages += [office.client.get(f"{path}/cancel") for path in (released, draft)]
    pages += [office.cancel(draft, ""), office.cancel(draft, "x"), office.client.get(f"{draft}/cancel")]
    pages += [office.client.get(f"{released}/cancel/nowhere"), office.client.get(f"{released}/add-line")]
    pages += [office.send_order("add-line", line_count="50")]
    pages += [office.client.get(path) for path in ("/printing", "/printers/new", f"{released}/print")]
    printer = Printer(
        id=office.server.factory.mint.new_id(), site_id=office.server.factory.site.id, name="x", address="1"
    )
    office.server.system(PutMasterData(printers=[printer]))
    pages += [office.client.get(path) for path in ("/printing", f"/printers/{printer.id}", f"{released}/print")]
    command = PrintLabels(job_id=office.server.factory.mint.new_id(), printer_id=printer.id, order_id=id_of(released))
    office.server.office(command)
    pages += [office.client.get(path) for path in ("/printing", f"{released}/print", piece[0])]
    pages += [office.client.get(f"/cards/{name}") for name in ("badges", "locations", "shipments")]
    pages += [office.client.get(f"/cards/packages?of={id_of(path)}") for path in (released, draft)]
    tablet = office.server.device("开料平板")
    for _ in range(7):
        tablet.scan(office.server.piece(id_of(piece[0])))
    tablet.push()
    pages += [office.client.get("/scans"), office.client.get("/scans?day=2026-11-01"), office.client.get("/conflicts")]
    rack = Rack(id=office.server.factory.mint.new_id(), site_id=office.server.factory.site.id, code="R-07")
    pages += [office.client.get("/racks"), office.client.get("/racks/new")]
    office.server.office(PutRack(rack=rack))
    pages += [office.client.get(path) for path in ("/racks", f"/racks/{rack.id}", f"/racks/{rack.id}/edit")]
    label_code = office.server.code_of(office.server.piece(id_of(piece[0])))
    assert office.server.office(BindPiece(label_code=label_code, rack_id=rack.id)).status is VerdictStatus.OK
    pages += [office.client.get(f"/racks/{rack.id}"), office.client.get(piece[0])]
    pages += [
        office.client.get("/search", params={"q": typed}) for typed in (label_code[:-3], f"{label_code}X", "D1" * 8)
    ]
    pages += [office.client.get("/search", params={"q": make(CodeKind.PIECE, 1)})]
    pages += [office.client.post(f"/printers/{printer.id}", data={"csrf": csrf, "address": "999.1.1.1"})]
    pages += [office.client.post(f"/racks/{rack.id}", data={"csrf": csrf, "code": ""})]
    pages += [office.client.post(f"/racks/{office.server.factory.mint.new_id()}", data={"csrf": csrf, "code": "r-07"})]
    for button in ("reprint", "revoke-label"):
        page = office.client.get(f"{piece[0]}{'/revoke-label' if button == 'revoke-label' else ''}")
        form = page.text.partition(f'action="{piece[0]}/{button}"')[2].partition("</form>")[0]
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        answers = [
            office.client.post(f"{piece[0]}/{button}", data=fields | {"reason": reason, "printer_id": printer_id})
            for reason, printer_id in (("lost", printer.id), ("lost", printer.id), ("", ""))
        ]
        pages += [page, *answers]
    pages += [office.client.post("/devices/invite", data={"csrf": csrf, "device_name": name}) for name in ("", "x")]
    pages += [office.client.post("/devices/import", data={"csrf": csrf}, files={"file": ("a", b"{}")})]
    pages += [office.client.post("/sign-in", data={"number": "1", "password": "x"}), office.client.get("/sign-in")]
    for page in pages:
        assert '<html lang="en">' in page.text
        assert chinese_in(office, page.text) == [], page.url


def test_chinese_is_what_a_new_browser_gets_and_can_be_had_back(office: Office) -> None:
    assert '<html lang="zh-CN">' in office.client.get("/sign-in").text
    in_english(office)
    assert "Password" in office.client.get("/sign-in").text
    office.client.get("/language", params={"to": "zh-CN"})
    assert "密码" in office.client.get("/sign-in").text


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\evil.example", "evil"])
def test_the_way_back_leads_nowhere_else(office: Office, back: str) -> None:
    answer = office.client.get("/language", params={"to": "en", "back": back}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_the_other_language_keeps_what_was_typed(office: Office) -> None:
    office.sign_in()
    answer = office.send_order("language", customer_name="王芳芳")
    assert 'value="王芳芳"' in answer.text
    assert "Save draft" in answer.text
    assert "Orders" in office.client.get("/orders").text
    assert "0 found" in office.client.get("/orders").text


def test_every_word_has_both_languages() -> None:
    tables = (
        words.LINE_KINDS,
        words.CHANNELS,
        words.EVENTS,
        words.PRINT_PROBLEMS,
        words.PRINTER_LANGUAGES,
        words.CARDS,
    )
    phrases = [
        phrase for table in (*tables, words.FIELDS, words.PROBLEMS, words.REFUSAL_ADVICE) for phrase in table.values()
    ]
    phrases += [
        state.word for table in (words.ORDER_STATES, words.PIECE_STATES, words.PRINT_STATES) for state in table.values()
    ]
    assert set(words.ORDER_STATES) == set(OrderState)
    for phrase in phrases:
        assert isinstance(phrase, Phrase)
        assert HAN.search(phrase.zh)
        assert not HAN.search(phrase.en)
        assert set(re.findall(r"\{\w+\}", phrase.zh)) == set(re.findall(r"\{\w+\}", phrase.en))
