"""How much was scanned at each station, and how much of it again."""

import re

from shared.schemas.identifiers import DAY_US
from shared.schemas.sync import VerdictStatus
from sync_server.queries.repeats import StationScans, list_scan_days
from tests.factory import OFFSET_MIN
from tests.sync_server.office.conftest import Office
from tests.sync_server.server import Server

HOUR_US = DAY_US // 24


def days_of(server: Server) -> list[list[tuple[str, int, int, int]]]:
    found = server.database.read(lambda session: list_scan_days(session, server.factory.clock.now, OFFSET_MIN))
    return [[(one.station.code, one.scans, one.repeats, one.repeated) for one in day.stations] for day in found]


def test_repeats_are_counted_by_station_and_piece(server: Server) -> None:
    one, two = server.released(2)[:2]
    tablet = server.device()
    for piece, times in ((one, 3), (two, 1)):
        for _ in range(times):
            tablet.scan(piece)
    tablet.scan(one, 20, station="PRESS")
    tablet.push()
    assert days_of(server)[0] == [("S-CUT", 4, 2, 1), ("S-PRESS", 1, 0, 0)]


def test_a_scan_counts_on_the_day_on_which_it_happened_by_the_factorys_clock(server: Server) -> None:
    pieces = server.released(3)
    tablet, clock = server.device(), server.factory.clock
    noon_us = clock.now - (clock.now + OFFSET_MIN * 60_000_000) % DAY_US + 12 * HOUR_US
    for piece, hours in zip(pieces, (11, 13, 7 * 24 + 1), strict=False):  # before midnight, after it, and a week later
        clock.now = noon_us + hours * HOUR_US
        tablet.scan(piece)
    tablet.push()
    counted = [sum(scans for _, scans, *_ in day) for day in days_of(server)]
    assert counted == [1, 0, 0, 0, 0, 0, 1], "what happened eight days ago is not shown"


def test_what_was_refused_or_waits_is_not_counted(server: Server) -> None:
    leaf = server.released()[0]
    tablet = server.device()
    tablet.scan(leaf, 10, station="PRESS")
    tablet.scan(leaf, 40, station="PACK")
    assert set(tablet.statuses()) & {VerdictStatus.OK, VerdictStatus.OK_ALREADY} == set()
    assert days_of(server)[0] == []


def test_many_repeats_are_marked_and_few_are_not(server: Server) -> None:
    station = server.factory.stations["CUT"]
    assert StationScans(station, 50, 5, 1).is_many
    assert not StationScans(station, 51, 5, 1).is_many
    assert not StationScans(station, 8, 4, 1).is_many


def test_the_page_says_so_where_leaders_look(office: Office) -> None:
    office.sign_in()
    leaf = office.server.released()[0]
    tablet = office.server.device()
    for _ in range(7):
        tablet.scan(leaf)
    tablet.push()
    for path in ("/", "/conflicts"):
        assert 'href="/scans"' in office.client.get(path).text
    text = office.client.get("/scans").text
    (row,) = re.findall(r"<tr>\s*<td class=\"lead\".*?</tr>", text, re.DOTALL)
    assert re.findall(r">(\d+(?: %)?)<", row) == ["7", "6", "86 %", "1"]
    assert "看看枪和习惯" in row
    yesterday = re.findall(r'href="(/scans\?day=[\d-]+)"', text)[1]
    assert "这一天没有入账的扫码" in office.client.get(yesterday).text
    assert office.client.get("/scans?day=nonsense").status_code == 200
