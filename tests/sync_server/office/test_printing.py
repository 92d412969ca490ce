"""Printing on label printers, as the office does it: entering one, printing an order, and answering what it asks."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from labels.reading.ladder import read_picture
from labels.reading.readers import texts
from mobile.web.builder.fonts import ensure_fonts
from shared.label_code import pretty
from shared.schemas.commands import CardKind, EndPrinting, IssueLabels, PrintLabels, PutMasterData, RevokeLabel
from shared.schemas.door import Label, LabelState
from shared.schemas.printing import DoubtAnswer, Printer, PrintJob
from shared.schemas.sync import VerdictStatus
from sync_server.office.shell import words
from sync_server.printing import progress
from sync_server.printing.overview import list_jobs
from tests.sync_server.office.conftest import Office, id_of, open_office


@pytest.fixture
def printing(office: Office, tmp_path: Path) -> Office:
    ensure_fonts(tmp_path, lambda _: None)
    signed_in = Office(office.server, open_office(office.server, tmp_path))
    signed_in.sign_in()
    return signed_in


def hidden_in(page: str, action: str) -> dict[str, str]:
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def save(office: Office, path: str = "", **typed: str) -> tuple[int, str]:
    """Fills in the printer's form; the status, and the page where it comes back."""
    page = office.client.get(path or "/printers/new").text
    found = re.search(r'action="(/printers/[0-9a-f-]+)"', page)
    assert found
    fields = {"name": "标签机 1", "address": "192.168.1.50", "language": "tspl", "print_head": "300"}
    sent = hidden_in(page, found[1]) | fields | {"label_size": "80x50"} | typed
    answer = office.client.post(found[1], data=sent, follow_redirects=False)
    return answer.status_code, answer.text


def a_printer(office: Office, name: str = "标签机 1") -> Printer:
    printer = Printer(
        id=office.server.factory.mint.new_id(), site_id=office.server.factory.site.id, name=name, address="10.0.0.1"
    )
    office.server.system(PutMasterData(printers=[printer]))
    return printer


def jobs(office: Office) -> list[PrintJob]:
    return [line.job for line in office.server.database.read(list_jobs)]


def print_order(office: Office, order: str, **chosen: str) -> tuple[int, str]:
    page = office.client.get(f"{order}/print").text
    answer = office.client.post(
        f"{order}/print", data=hidden_in(page, f"{order}/print") | chosen, follow_redirects=False
    )
    return answer.status_code, answer.text


def has_progress(office: Office, job: PrintJob, **values: object) -> None:
    def put(session: Session) -> None:
        row = progress.progress_of(session, job.id)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)

    office.server.database.write(put).result()


def test_a_printer_is_entered_changed_and_taken_out_of_use(printing: Office) -> None:
    assert "还没有标签打印机" in printing.client.get("/printing").text
    assert save(printing)[0] == 303
    page = printing.client.get("/printing").text
    assert "80×50 mm · 300 dpi · TSPL" in page
    path = re.findall(r'href="(/printers/[0-9a-f-]+)"', page)[0]
    assert save(printing, path, name="门扇标签机", print_head="203", label_size="60x40", is_active="no")[0] == 303
    page = printing.client.get("/printing").text
    assert "门扇标签机" in page
    assert "60×40 mm · 203 dpi · TSPL" in page
    assert "停用" in page
    assert "试打一张" not in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": " "}, "请给打印机起个名字"),
        ({"address": ""}, "请写打印机的地址"),
        ({"address": "192.168.1.50:70000"}, "打印机地址“192.168.1.50:70000”的端口不对：冒号后面是 1 到 65535 的数"),
        ({"address": "999.1.1.1"}, "打印机地址“999.1.1.1”不对"),
        ({"address": "file:/etc/passwd"}, "文件打印机只写文件名"),
        ({"address": "file:"}, "“file:”后面要写名字"),
        ({"address": "system:"}, "“system:”后面要写名字"),
        ({"address": "http://192.168.1.50"}, "是网页的地址"),
        ({"address": "system:Zebra"}, "没有打印系统"),
    ],
)
def test_what_is_no_printer_comes_back_with_what_was_typed(
    printing: Office, typed: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # a machine without a printing system
    status, page = save(printing, **({"name": "门扇标签机"} | typed))
    assert status == 422
    (field,) = typed
    assert said in page.partition(f'id="p-{field}"')[2].partition("</span>")[0]
    assert page.count('aria-invalid="true"') == 1
    assert typed.get("address", "192.168.1.50") in page
    assert "还没有标签打印机" in printing.client.get("/printing").text


def test_two_printers_in_use_have_two_names(printing: Office) -> None:
    first = a_printer(printing, "标签机 1")
    for name in ("标签机 1", "标签机１"):
        status, page = save(printing, name=name)
        assert status == 422
        assert f"已经有一台叫“{name}”的打印机在用" in page.partition('id="p-name"')[2].partition("</span>")[0]
    assert save(printing, f"/printers/{first.id}", name="标签机 1")[0] == 303  # its own name is no other's
    assert save(printing, f"/printers/{first.id}", name="标签机 1", is_active="no")[0] == 303
    assert save(printing, name="标签机 1")[0] == 303
    assert save(printing, f"/printers/{first.id}", name="标签机 1")[0] == 422


def test_a_printer_whose_system_is_gone_says_so_and_can_be_taken_out_of_use(
    printing: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    printer = a_printer(printing).model_copy(update={"address": "system:Zebra"})
    printing.server.system(PutMasterData(printers=[printer]))
    assert "没有打印系统" in printing.client.get("/printing").text
    path = f"/printers/{printer.id}"
    assert save(printing, path, address="system:Zebra")[0] == 422
    assert save(printing, path, address="system:Zebra", is_active="no")[0] == 303
    assert "没有打印系统" not in printing.client.get("/printing").text


def test_an_address_typed_with_a_chinese_keyboard_is_taken_as_meant(printing: Office) -> None:
    assert save(printing, address="１９２。168．1.50：9101")[0] == 303
    assert "192.168.1.50:9101" in printing.client.get("/printing").text


def test_a_test_label_is_queued_once_however_often_the_button_is_pressed(printing: Office) -> None:
    printer = a_printer(printing)
    sent = hidden_in(printing.client.get("/printing").text, f"/printers/{printer.id}/try")
    for _ in range(2):
        assert printing.client.post(f"/printers/{printer.id}/try", data=sent).status_code == 200
    (job,) = jobs(printing)
    assert (job.order_id, len(job.items)) == (None, 1)
    assert "试打" in printing.client.get("/printing").text


def test_an_order_is_printed_once_and_again_only_with_a_reason(printing: Office) -> None:
    printer = a_printer(printing)
    order = printing.released()
    assert "打印 2 张" in printing.client.get(f"{order}/print").text
    assert print_order(printing, order, printer_id=printer.id)[0] == 303
    assert [item.copy_number for item in jobs(printing)[0].items] == [1, 1]
    status, page = print_order(printing, order, printer_id=printer.id)
    assert (status, "这些标签打过了" in page) == (422, True)
    assert print_order(printing, order, printer_id=printer.id, reason="bad_print")[0] == 303
    assert sorted(item.copy_number for job in jobs(printing) for item in job.items) == [1, 1, 2, 2]


def test_what_a_cancelled_job_left_is_offered_by_itself(printing: Office) -> None:
    printer = a_printer(printing)
    order = printing.released()
    assert print_order(printing, order, printer_id=printer.id)[0] == 303
    (job,) = jobs(printing)
    page = printing.client.get("/printing").text
    sent = hidden_in(page, f"/printing/{job.id}/cancel")
    assert printing.client.post(f"/printing/{job.id}/cancel", data=sent).status_code == 200
    assert "正在取消" in printing.client.get("/printing").text
    printing.server.system(EndPrinting(job_id=job.id, printed=1))
    assert "已取消" in printing.client.get("/printing").text
    page = printing.client.get(f"{order}/print").text
    assert "还没打的 1 张" in page
    assert print_order(printing, order, printer_id=printer.id)[0] == 303
    assert jobs(printing)[0].items == job.items[1:]


def test_no_printer_chosen_or_known_prints_nothing(printing: Office) -> None:
    order = printing.released()
    assert "还没有标签打印机" in printing.client.get(f"{order}/print").text
    assert "A4 标签 (PDF)" not in printing.client.get(order).text
    a_printer(printing)
    assert "A4 标签 (PDF)" in printing.client.get(order).text
    assert print_order(printing, order, printer_id="")[0] == 422
    assert print_order(printing, order, printer_id=printing.server.factory.mint.new_id())[0] == 409
    assert jobs(printing) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"done": 1}, "正在打"),
        ({"problem": "paper_out"}, "装上标签纸，会自己接着打"),
        ({"problem": "unreachable", "problem_zh": "连不上打印机", "problem_en": "x"}, "连不上打印机"),
        ({"problem": progress.NO_FONTS}, "mumen build-app"),
        ({"problem": progress.FAILED}, "请取消，再从订单页打没打的"),
        ({"problem": progress.RESTORED}, "不知道打到哪一张了"),
        ({"problem": progress.UNREADABLE}, "扫不出来"),
    ],
)
def test_what_a_job_does_is_said_with_what_to_do(printing: Office, row: dict[str, object], said: str) -> None:
    printer = a_printer(printing)
    assert print_order(printing, printing.released(), printer_id=printer.id)[0] == 303
    assert "排队" in printing.client.get("/printing/jobs").text
    has_progress(printing, jobs(printing)[0], **row)
    assert said in printing.client.get("/printing/jobs").text
    assert said in printing.client.get("/printing").text


def test_a_person_says_whether_a_label_came_out_and_the_first_answer_counts(printing: Office) -> None:
    printer = a_printer(printing)
    assert print_order(printing, printing.released(), printer_id=printer.id)[0] == 303
    (job,) = jobs(printing)
    has_progress(printing, job, done=1, doubt_number=2, problem=progress.IN_DOUBT)
    page = printing.client.get("/printing").text
    assert "说不清第 2/2 张" in page
    sent = hidden_in(page, f"/printing/{job.id}/answer")
    for said in ("yes", "no"):
        assert printing.client.post(f"/printing/{job.id}/answer", data=sent | {"has_come_out": said}).status_code == 200
    assert jobs(printing)[0].answers == [DoubtAnswer(number=2, has_come_out=True)]
    assert "说不清" not in printing.client.get("/printing").text


def asked_of(office: Office, job: PrintJob, number: int) -> str:
    """What the question about this label of the job says, without its markup."""
    has_progress(office, job, done=number - 1, doubt_number=number, problem=progress.IN_DOUBT)
    question = office.client.get("/printing/jobs").text.partition('class="card question"')[2].partition("<form")[0]
    return " ".join(re.sub(r"<[^>]*>", "", question).split())


def test_the_label_in_doubt_is_named_so_that_it_can_be_looked_for(printing: Office) -> None:
    printer = a_printer(printing)
    order = printing.released(**{"line-1-quantity": "2"})
    assert print_order(printing, order, printer_id=printer.id)[0] == 303
    assert print_order(printing, order, printer_id=printer.id, reason="bad_print")[0] == 303
    copies = next(job for job in jobs(printing) if job.items[0].copy_number == 2)
    asked = asked_of(printing, copies, 3)
    number = next(line.order_number for line in printing.server.database.read(list_jobs) if line.job.id == copies.id)
    assert f"{number} · 第 2/2 樘 主卧 · 门扇 1/2 · 副本 2" in asked
    assert pretty(copies.items[2].label_code) in asked
    printing.server.office(RevokeLabel(label_code=copies.items[2].label_code, reason="lost"))
    assert asked_of(printing, copies, 3) == asked


def test_a_card_and_a_test_label_in_doubt_are_named_by_what_stands_on_them(printing: Office) -> None:
    printer = a_printer(printing)
    station = printing.server.factory.stations["CUT"]
    leaf = printing.server.released()[0]
    told: list[str] = []
    for kind, target_id in ((CardKind.STATION, station.id), (CardKind.PACKAGE, leaf.door_id)):
        printing.server.office(IssueLabels(kind=kind, target_ids=[target_id]))
        (code,) = [one.id for one in printing.server.children(Label, target_id) if one.kind == kind]
        told.append(asked_of(printing, send_job(printing, printer, code), 1))
    told.append(asked_of(printing, send_job(printing, printer), 1))
    assert f"{station.name} · {station.code}" in told[0]
    assert f"{printing.server.order_of(leaf).number} 1/1 · 主卧" in told[1]
    assert f"要找的这一张：{printer.name}" in told[2]


def send_job(office: Office, printer: Printer, *codes: str) -> PrintJob:
    """A job with these labels, and no other that asks anything."""
    for job in jobs(office):
        office.server.system(EndPrinting(job_id=job.id, printed=0))
    job_id = office.server.factory.mint.new_id()
    command = PrintLabels(job_id=job_id, printer_id=printer.id, label_codes=list(codes))
    assert office.server.office(command).status is VerdictStatus.OK
    return next(job for job in jobs(office) if job.id == job_id)


def test_a_copy_goes_to_a_printer_where_there_is_one(printing: Office) -> None:
    printer = a_printer(printing)
    leaf = printing.server.released()[0]
    page = printing.client.get(f"/pieces/{leaf.id}").text
    sent = hidden_in(page, f"/pieces/{leaf.id}/reprint") | {"reason": "came_off", "printer_id": printer.id}
    answer = printing.client.post(f"/pieces/{leaf.id}/reprint", data=sent).text
    (job,) = jobs(printing)
    assert [(item.label_code, item.copy_number) for item in job.items] == [(printing.server.code_of(leaf), 2)]
    assert printer.name in answer
    assert "下一个就打它" in answer
    has_progress(printing, job, done=0, problem="paper_out")
    assert words.PRINT_PROBLEMS["paper_out"].zh in printing.client.get(f"/pieces/{leaf.id}/label/job").text


def test_what_waits_before_a_copy_is_counted(printing: Office) -> None:
    printer = a_printer(printing)
    order = printing.released()
    assert print_order(printing, order, printer_id=printer.id)[0] == 303
    (first,) = jobs(printing)
    printing.server.factory.clock.now += 1_000_000
    leaf = printing.server.released()[0]
    page = printing.client.get(f"/pieces/{leaf.id}").text
    sent = hidden_in(page, f"/pieces/{leaf.id}/reprint") | {"reason": "came_off", "printer_id": printer.id}
    answer = printing.client.post(f"/pieces/{leaf.id}/reprint", data=sent).text
    assert f"前面还有 {len(first.items)} 张" in answer


def test_the_new_label_of_a_revoked_one_goes_to_a_printer_once(printing: Office) -> None:
    printer = a_printer(printing)
    leaf = printing.server.released()[0]
    path = f"/pieces/{leaf.id}/revoke-label"
    forms = [
        hidden_in(printing.client.get(path).text, path) | {"reason": "lost", "printer_id": printer.id} for _ in range(2)
    ]
    answers = [printing.client.post(path, data=sent).text for sent in (forms[0], *forms)]
    (job,) = jobs(printing)
    (new,) = [one.id for one in printing.server.children(Label, leaf.id) if one.state is LabelState.LIVE]
    assert [(item.label_code, item.copy_number) for item in job.items] == [(new, 1)]
    assert all(printer.name in answer for answer in answers)
    assert ["这次没有再做一遍" in answer for answer in answers] == [False, True, True]


def test_a_new_label_that_no_printer_takes_is_said_to_be_unprinted(printing: Office) -> None:
    leaf = printing.server.released()[0]
    path = f"/pieces/{leaf.id}/revoke-label"
    sent = hidden_in(printing.client.get(path).text, path) | {"reason": "lost", "printer_id": "x"}
    answer = printing.client.post(path, data=sent).text
    assert "新标签没有送去打印：没有这台打印机" in answer
    assert "打开 PDF" in answer


@pytest.mark.parametrize(("field", "said"), [("printer_id", "没有这台打印机"), ("label_code", "不认识这张标签")])
def test_a_form_that_was_tampered_with_says_what_is_unknown(printing: Office, field: str, said: str) -> None:
    a_printer(printing)
    leaf = printing.server.released()[0]
    page = printing.client.get(f"/pieces/{leaf.id}").text
    sent = hidden_in(page, f"/pieces/{leaf.id}/reprint") | {"reason": "came_off", field: "x"}
    answer = printing.client.post(f"/pieces/{leaf.id}/reprint", data=sent)
    assert answer.status_code == 422
    assert said in answer.text.partition("<main>")[2]


@pytest.mark.parametrize(
    ("asked", "size"),
    [("", (480, 320)), ("?size=100x70&head=300", (1200, 840)), ("?size=9x9&head=1", (480, 320))],
)
def test_a_label_is_shown_as_it_will_be_printed(printing: Office, asked: str, size: tuple[int, int]) -> None:
    leaf = printing.server.released()[0]
    picture = Image.open(io.BytesIO(printing.client.get(f"/pieces/{leaf.id}/label.png{asked}").content))
    assert picture.size == size
    assert texts(read_picture(picture.convert("L")).found) == (printing.server.code_of(leaf),)
    assert f'src="/pieces/{leaf.id}/label.png"' in printing.client.get(f"/pieces/{leaf.id}").text


def test_a_label_of_an_order_that_has_many_is_not_all_drawn(printing: Office) -> None:
    a_printer(printing)
    order = printing.released(**{"line-1-quantity": "5"})
    page = printing.client.get(f"{order}/print").text
    assert page.count("/label.png") == 6
    assert "还有 4 张" in page


def test_printing_is_on_the_orders_record(printing: Office) -> None:
    printer = a_printer(printing)
    order = printing.released()
    assert print_order(printing, order, printer_id=printer.id)[0] == 303
    kinds = [event.kind for event in printing.server.events(id_of(order))]
    assert "labels_printed" in kinds
    assert printing.server.office(EndPrinting(job_id=jobs(printing)[0].id, printed=2)).status is VerdictStatus.REJECTED
