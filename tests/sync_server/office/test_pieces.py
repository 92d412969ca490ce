"""A piece and its history."""

import re

from shared.schemas.commands import CancelOrder, ReportScan
from shared.schemas.door import Piece
from shared.schemas.production import Strictness
from shared.schemas.sync import VerdictStatus
from tests.sync_server.office.conftest import Office


def test_a_scanned_label_opens_its_piece_with_its_history(office: Office) -> None:
    office.sign_in()
    leaf = office.server.released()[0]
    tablet = office.server.device()
    tablet.scan(leaf)
    office.server.factory.clock.now += 7_200_000_000
    tablet.push()
    code = office.server.code_of(leaf)
    text = office.client.get("/search", params={"q": code.lower()}).text
    for expected in ("完工", "开料", "张伟", "平板 1", "离线"):
        assert expected in text
    times = re.findall(r"<td[^>]*>(20\d\d-\d\d-\d\d \d\d:\d\d)</td>", text)
    assert len(times) == 2
    assert times[0] != times[1]


def history_of(office: Office, piece: Piece) -> list[str]:
    """The rows of the piece's history as text."""
    text = office.client.get(f"/pieces/{piece.id}").text
    body = text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>") if row.strip()]


def test_a_piece_of_which_nothing_came_says_no_more_than_that(office: Office) -> None:
    office.sign_in()
    assert history_of(office, office.server.released()[0]) == ["还没有入账的记录。"]


def test_a_scan_at_the_wrong_station_stands_in_the_history_with_its_reason(office: Office) -> None:
    office.sign_in()
    leaf, tablet = office.server.released()[0], office.server.device()
    tablet.record(ReportScan(label_code=office.server.code_of(leaf)), "李强", "PACK")
    office.server.factory.clock.now += 7_200_000_000
    assert tablet.statuses() == [VerdictStatus.REJECTED]
    (row,) = history_of(office, leaf)
    for expected in ("扫码没有入账", "不在本工位做", "李强", "包装", "平板 1", "离线"):
        assert expected in row
    times = re.findall(r"20\d\d-\d\d-\d\d \d\d:\d\d", row)
    assert len(set(times)) == 2


def test_a_scan_of_a_cancelled_piece_stands_in_its_history(office: Office) -> None:
    office.sign_in()
    leaf, tablet = office.server.released()[0], office.server.device()
    office.server.office(CancelOrder(order_id=office.server.order_of(leaf).id, reason="客户退单"))
    tablet.scan(leaf)
    assert tablet.statuses() == [VerdictStatus.REJECTED]
    (row,) = history_of(office, leaf)
    assert "扫码没有入账：这件已取消" in row
    assert "开料" in row


def test_what_the_server_does_not_understand_stands_in_the_history_too(office: Office) -> None:
    office.sign_in()
    leaf, tablet = office.server.released()[0], office.server.device()
    tablet.record({"type": "polish", "version": 1, "piece_id": leaf.id})
    assert tablet.statuses() == [VerdictStatus.PARKED]
    (row,) = history_of(office, leaf)
    assert "没看懂" in row


def test_a_scan_that_waits_says_so_once(office: Office) -> None:
    office.sign_in()
    office.server.system(office.server.factory.strict("PRESS", Strictness.ENFORCE))
    leaf, tablet = office.server.released()[0], office.server.device()
    tablet.scan(leaf, 20, station="PRESS", worker="李强")
    assert tablet.statuses() == [VerdictStatus.HELD]
    (row,) = history_of(office, leaf)
    assert "等补扫" in row
