"""A piece and its history."""

import re

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
