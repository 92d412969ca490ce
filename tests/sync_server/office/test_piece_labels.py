"""The label of one piece: printed again, and revoked for a new code."""

import io
import re
from pathlib import Path
from typing import Any, cast

import pypdfium2
import pytest

from labels.reading.verify import read_back
from labels.templates import ROLL_60X40
from mobile.web.builder.fonts import ensure_fonts
from shared.label_code import pretty
from shared.schemas.commands import CancelOrder, CompleteOperation
from shared.schemas.door import Door, Label, LabelState, Piece
from shared.schemas.sync import VerdictStatus
from tests.sync_server.office.conftest import Office, open_office
from tests.sync_server.office.test_pieces import history_of


@pytest.fixture
def printing(office: Office, tmp_path: Path) -> Office:
    ensure_fonts(tmp_path, lambda _: None)
    signed_in = Office(office.server, open_office(office.server, tmp_path))
    signed_in.sign_in()
    return signed_in


def form_of(office: Office, piece: Piece, button: str = "reprint") -> dict[str, str]:
    """What the form on this piece's page sends, as the page stands now."""
    page = office.client.get(f"/pieces/{piece.id}{'/revoke-label' if button == 'revoke-label' else ''}").text
    form = page.partition(f'action="/pieces/{piece.id}/{button}"')[2].partition("</form>")[0]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)) | {"reason": "came_off"}


def send(office: Office, piece: Piece, button: str, **changed: str) -> int:
    sent = form_of(office, piece, button) | changed
    return office.client.post(f"/pieces/{piece.id}/{button}", data=sent, follow_redirects=False).status_code


def labels_of(office: Office, piece: Piece) -> list[Label]:
    return list(office.server.children(Label, piece.id))


def test_a_label_is_printed_again_and_counted(printing: Office) -> None:
    leaf = printing.server.released()[0]
    assert "副本" not in pdf_text(printing, leaf)
    assert send(printing, leaf, "reprint") == 303
    (label,) = labels_of(printing, leaf)
    assert label.copies == 2
    assert "副本 2" in pdf_text(printing, leaf)
    (row,) = history_of(printing, leaf)
    assert "补打标签：掉了" in row.replace(" ", "")
    assert "共打 2 张" in printing.client.get(f"/pieces/{leaf.id}").text


def test_a_copy_of_a_piece_that_has_begun_says_what_the_first_label_said(printing: Office) -> None:
    server, leaf = printing.server, printing.server.released()[0]
    tablet = server.device()
    scanned = CompleteOperation(piece_id=leaf.id, label_code=server.code_of(leaf), operation_number=10)
    tablet.record(scanned, "张伟", "CUT")
    assert tablet.statuses() == [VerdictStatus.OK]
    assert send(printing, leaf, "reprint") == 303
    copied = pdf_text(printing, leaf)
    assert "副本 2" in copied
    assert "首道 开料" in copied


def send_all(office: Office, piece: Piece, forms: list[dict[str, str]], button: str = "reprint") -> list[str]:
    """Sends these forms one after the other; where each leads to."""
    path = f"/pieces/{piece.id}/{button}"
    return [office.client.post(path, data=sent, follow_redirects=False).headers["location"] for sent in forms]


def test_the_same_form_counts_once_and_says_so(printing: Office) -> None:
    leaf = printing.server.released()[0]
    answer = f"/pieces/{leaf.id}/label"
    assert send_all(printing, leaf, [form_of(printing, leaf)] * 3) == [answer, *[f"{answer}?already=1"] * 2]
    assert [label.copies for label in labels_of(printing, leaf)] == [2]
    assert "这次没有再做一遍" in printing.client.get(f"{answer}?already=1").text


def test_two_open_pages_make_one_copy_whoever_sends_them(printing: Office) -> None:
    leaf = printing.server.released()[0]
    answer = f"/pieces/{leaf.id}/label"
    forms = [form_of(printing, leaf), form_of(printing, leaf) | {"reason": "other_side"}]
    assert forms[0]["key"] != forms[1]["key"]
    assert send_all(printing, leaf, forms) == [answer, f"{answer}?already=1"]
    assert [label.copies for label in labels_of(printing, leaf)] == [2]
    assert send_all(printing, leaf, [form_of(printing, leaf)]) == [answer]
    assert [label.copies for label in labels_of(printing, leaf)] == [3]


def test_the_answer_says_what_is_on_record(printing: Office) -> None:
    leaf = printing.server.released()[0]
    (path,) = send_all(printing, leaf, [form_of(printing, leaf)])
    text = printing.client.get(path).text
    assert "已登记补打，这是第 2 张" in text
    assert "掉了 · 陈静" in text
    assert "没有送到标签打印机" in text
    assert f'href="/pieces/{leaf.id}/label.pdf"' in text


def test_revoking_is_asked_once_with_a_reason(printing: Office) -> None:
    leaf = printing.server.released()[0]
    code = printing.server.code_of(leaf)
    piece_page = printing.client.get(f"/pieces/{leaf.id}").text
    assert f'href="/pieces/{leaf.id}/revoke-label"' in piece_page
    assert f'action="/pieces/{leaf.id}/revoke-label"' not in piece_page
    question = printing.client.get(f"/pieces/{leaf.id}/revoke-label").text
    assert code in question
    assert "不作废，返回" in question
    refused = printing.client.post(
        f"/pieces/{leaf.id}/revoke-label", data=form_of(printing, leaf, "revoke-label") | {"reason": ""}
    )
    assert (refused.status_code, "请选一个原因" in refused.text) == (422, True)
    assert [label.state for label in labels_of(printing, leaf)] == [LabelState.LIVE]
    (path,) = send_all(printing, leaf, [form_of(printing, leaf, "revoke-label")], "revoke-label")
    told = printing.client.get(path).text
    (new,) = [label.id for label in labels_of(printing, leaf) if label.state is LabelState.LIVE]
    assert f"旧码 {code} 已作废，换成新码 {new}" in told


def test_two_open_pages_revoke_one_code(printing: Office) -> None:
    leaf = printing.server.released()[0]
    forms = [form_of(printing, leaf, "revoke-label") for _ in range(2)]
    answer = f"/pieces/{leaf.id}/label"
    assert send_all(printing, leaf, forms, "revoke-label") == [answer, f"{answer}?already=1"]
    assert len(labels_of(printing, leaf)) == 2


def test_a_revoked_label_scans_as_such_and_its_piece_goes_on_with_a_new_code(printing: Office) -> None:
    server = printing.server
    leaf, tablet = server.released()[0], server.device()
    old = server.code_of(leaf)
    assert send(printing, leaf, "revoke-label") == 303
    live = [label.id for label in labels_of(printing, leaf) if label.state is LabelState.LIVE]
    assert len(live) == 1
    assert live != [old]
    assert "副本" not in pdf_text(printing, leaf)  # the new code's first print is no copy
    assert live[0] in printing.client.get(f"/pieces/{leaf.id}").text
    for code in (old, live[0]):
        tablet.record(CompleteOperation(piece_id=leaf.id, label_code=code, operation_number=10), "张伟", "CUT")
    assert tablet.statuses() == [VerdictStatus.REJECTED, VerdictStatus.OK]


def test_a_page_that_showed_the_old_code_cannot_revoke_the_new_one(printing: Office) -> None:
    leaf = printing.server.released()[0]
    old = printing.server.code_of(leaf)
    assert send(printing, leaf, "revoke-label") == 303
    assert send(printing, leaf, "revoke-label", label_code=old) == 303  # it is revoked: nothing more happens
    assert send(printing, leaf, "reprint", label_code=old) == 409
    assert len(labels_of(printing, leaf)) == 2


def test_a_form_of_a_code_that_was_revoked_meanwhile_names_the_new_one_and_leads_back(printing: Office) -> None:
    leaf = printing.server.released()[0]
    old = form_of(printing, leaf)
    assert send(printing, leaf, "revoke-label") == 303
    (new,) = [label.id for label in labels_of(printing, leaf) if label.state is LabelState.LIVE]
    answer = printing.client.post(f"/pieces/{leaf.id}/reprint", data=old)
    assert answer.status_code == 409
    assert f"现在的码是 {pretty(new)}：回到这件，补打新的" in answer.text
    assert f'class="button main" href="/pieces/{leaf.id}"' in answer.text


def test_a_search_for_a_revoked_code_says_so_and_which_one_counts(printing: Office) -> None:
    leaf = printing.server.released()[0]
    old = printing.server.code_of(leaf)
    assert "这张标签已作废" not in printing.client.get("/search", params={"q": old}).text
    assert send(printing, leaf, "revoke-label", reason="lost") == 303
    (new,) = [label.id for label in labels_of(printing, leaf) if label.state is LabelState.LIVE]
    assert send(printing, leaf, "reprint") == 303
    notice = printing.client.get("/search", params={"q": old}).text.partition('role="alert"')[2].partition("</div>")[0]
    assert f"{pretty(old)}</code> · " in notice
    assert "陈静 · 标签丢在外面" in notice
    assert f"这件现在只认 <code>{pretty(new)}</code>（共打 2 张）" in notice
    page = printing.client.get(f"/pieces/{leaf.id}").text
    assert f"已作废 <code>{old}</code>" in page
    for code in ("", new, "nonsense"):
        assert 'role="alert"' not in printing.client.get(f"/pieces/{leaf.id}?label={code}").text


@pytest.mark.parametrize("changed", [{"reason": " "}, {"label_code": "nonsense"}])
def test_what_makes_no_sense_changes_nothing(printing: Office, changed: dict[str, str]) -> None:
    leaf = printing.server.released()[0]
    assert send(printing, leaf, "reprint", **changed) == 422
    assert [label.copies for label in labels_of(printing, leaf)] == [1]


def test_of_a_cancelled_piece_no_label_is_printed(printing: Office) -> None:
    leaf = printing.server.released()[0]
    door = printing.server.get(Door, leaf.door_id)
    assert isinstance(door, Door)
    printing.server.office(CancelOrder(order_id=door.order_id, reason="客户退单"), "陈静")
    for page in ("label.pdf", "revoke-label"):
        assert printing.client.get(f"/pieces/{leaf.id}/{page}").status_code == 409
    assert "补打标签" not in printing.client.get(f"/pieces/{leaf.id}").text
    unknown = printing.server.factory.mint.new_id()
    for page in ("label.pdf", "revoke-label", "label"):
        assert printing.client.get(f"/pieces/{unknown}/{page}").status_code == 404


def pdf_text(office: Office, piece: Piece) -> str:
    """The words of the label, which both readers have read."""
    pdf = office.client.get(f"/pieces/{piece.id}/label.pdf").content
    assert read_back(pdf, ROLL_60X40, 203) == (1, [])
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    text = "".join(str(cast("Any", page.get_textpage()).get_text_bounded()) for page in document)
    document.close()
    return text
