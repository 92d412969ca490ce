"""When what a camera sees counts as a scan, as tables over frames and times."""

import pytest

from mobile.scanner.sightings import GONE_S, Seen, Sightings, chosen
from shared.label_code import CodeKind, make

ONE, OTHER = make(CodeKind.PIECE, 11), make(CodeKind.PIECE, 12)
FOREIGN, MISREAD = "https://example.com/a_b", ONE[:-1] + ("0" if ONE[-1] != "0" else "1")
FRAME_S = 0.05


def sure(text: str, x: float = 0.5, y: float = 0.5) -> Seen:
    return Seen(text, x, y, is_sure=True)


def unsure(text: str) -> Seen:
    return Seen(text, 0.5, 0.5, is_sure=False)


def told(frames: list[list[Seen]], every_s: float = FRAME_S) -> list[str | None]:
    sightings = Sightings()
    return [sightings.frame(seen, number * every_s) for number, seen in enumerate(frames)]


@pytest.mark.parametrize(
    ("frames", "said"),
    [
        ([[sure(ONE)]], [ONE]),
        ([[sure(ONE)]] * 100, [ONE] + [None] * 99),
        ([[unsure(ONE)]], [None]),
        ([[unsure(ONE)]] * 3, [None, ONE, None]),
        ([[unsure(ONE)], [unsure(OTHER)], [unsure(ONE)]], [None, None, None]),
        ([[unsure(ONE)], [], [unsure(ONE)]], [None, None, ONE]),
        ([[sure(FOREIGN)]] * 3, [None, FOREIGN, None]),
        ([[sure(MISREAD)]] * 5, [None] * 5),
        ([[sure(ONE)], [sure(OTHER)]], [ONE, OTHER]),
        ([], []),
    ],
)
def test_counts_once_while_in_view_and_twice_equal_where_it_is_not_sure(
    frames: list[list[Seen]], said: list[str | None]
) -> None:
    assert told(frames) == said


@pytest.mark.parametrize(("gap_s", "again"), [(GONE_S - 0.1, None), (GONE_S + 0.1, ONE)])
def test_shown_again_after_it_was_gone_it_is_a_second_scan(gap_s: float, again: str | None) -> None:
    sightings = Sightings()
    assert sightings.frame([sure(ONE)], 0.0) == ONE
    for number in range(1, int(gap_s / FRAME_S)):
        assert sightings.frame([], number * FRAME_S) is None
    assert sightings.frame([sure(ONE)], gap_s) == again


def test_stays_one_scan_where_the_device_hung_while_it_was_in_view() -> None:
    assert told([[sure(ONE)]] * 4, 10 * GONE_S) == [ONE, None, None, None]


def test_two_unsure_frames_that_are_far_apart_are_not_equal_frames() -> None:
    assert told([[unsure(ONE)]] * 4, GONE_S) == [None] * 4


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ([sure(ONE, 0.1, 0.1), sure(OTHER, 0.6, 0.5)], OTHER),
        ([sure(FOREIGN), sure(ONE, 0.9, 0.9)], ONE),
        ([sure(MISREAD), sure(OTHER, 0.9, 0.9)], OTHER),
        ([sure(MISREAD)], None),
        ([sure(FOREIGN)], FOREIGN),
        ([], None),
    ],
)
def test_of_several_our_own_nearest_to_the_middle_is_meant(seen: list[Seen], meant: str | None) -> None:
    one = chosen(seen)
    assert (one.text if one else None) == meant
