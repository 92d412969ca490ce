"""What keeps an order from being released, as tables."""

from datetime import date

import pytest

from shared.rules.order_check import ProblemCode, find_problems, is_phone
from shared.schemas.order import LineKind, OrderTerms
from tests.factory import Factory

TODAY = date(2026, 11, 23)
WHOLE = {"customer_name": "王芳", "customer_phone": "13812345678", "address": "佛山市顺德区某路 1 号"}


def problems_of(head: dict[str, object], line: dict[str, object] | None) -> list[tuple[str, str]]:
    factory = Factory()
    lines = [] if line is None else [factory.line(**line)]
    found = find_problems(OrderTerms.model_validate(WHOLE | head), lines, {factory.model.id: factory.model}, TODAY)
    return [(problem.field, problem.code.value) for problem in found]


class TestFindProblems:
    def test_finds_none_in_a_whole_order(self) -> None:
        assert problems_of({}, {}) == []

    @pytest.mark.parametrize(
        ("head", "expected"),
        [
            ({"customer_name": ""}, ("customer_name", ProblemCode.MISSING)),
            ({"customer_name": "   "}, ("customer_name", ProblemCode.MISSING)),
            ({"customer_phone": ""}, ("customer_phone", ProblemCode.MISSING)),
            ({"customer_phone": "123456"}, ("customer_phone", ProblemCode.PHONE_WRONG)),
            ({"customer_phone": "1381234567"}, ("customer_phone", ProblemCode.PHONE_WRONG)),
            ({"address": ""}, ("address", ProblemCode.MISSING)),
            ({"promised_on": "2026-11-22"}, ("promised_on", ProblemCode.DATE_PAST)),
            ({"promised_on": "2020-01-01"}, ("promised_on", ProblemCode.DATE_PAST)),
            ({"promised_on": "2028-11-24"}, ("promised_on", ProblemCode.DATE_TOO_FAR)),
            ({"promised_on": "9999-12-31"}, ("promised_on", ProblemCode.DATE_TOO_FAR)),
            ({"promised_on": "年底"}, ("promised_on", ProblemCode.NOT_A_DATE)),
        ],
    )
    def test_names_the_field_of_the_head(self, head: dict[str, object], expected: tuple[str, str]) -> None:
        assert problems_of(head, {}) == [expected]

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ({"model_id": None}, ("model_id", ProblemCode.MISSING)),
            ({"model_id": "00000000-0000-7000-8000-000000000000"}, ("model_id", ProblemCode.MODEL_UNKNOWN)),
            ({"room": "房" * 31}, ("room", ProblemCode.TOO_LONG)),
            ({"height_tenth_mm": 0}, ("height_tenth_mm", ProblemCode.NOT_POSITIVE)),
            ({"height_tenth_mm": -5}, ("height_tenth_mm", ProblemCode.NOT_POSITIVE)),
            ({"height_tenth_mm": None}, ("height_tenth_mm", ProblemCode.MISSING)),
            ({"height_tenth_mm": 17_999}, ("height_tenth_mm", ProblemCode.TOO_SMALL)),
            ({"height_tenth_mm": 24_001}, ("height_tenth_mm", ProblemCode.TOO_LARGE)),
            ({"width_tenth_mm": 4_999}, ("width_tenth_mm", ProblemCode.TOO_SMALL)),
            ({"thickness_tenth_mm": 501}, ("thickness_tenth_mm", ProblemCode.TOO_LARGE)),
            ({"wall_thickness_tenth_mm": 0}, ("wall_thickness_tenth_mm", ProblemCode.NOT_POSITIVE)),
            ({"opening": None}, ("opening", ProblemCode.MISSING)),
            ({"colour": ""}, ("colour", ProblemCode.MISSING)),
            ({"colour": "荧光绿"}, ("colour", ProblemCode.COLOUR_NOT_OFFERED)),
            ({"quantity": 0}, ("quantity", ProblemCode.NOT_POSITIVE)),
            ({"quantity": -3}, ("quantity", ProblemCode.NOT_POSITIVE)),
            ({"quantity": None}, ("quantity", ProblemCode.MISSING)),
            ({"quantity": 501}, ("quantity", ProblemCode.TOO_MANY)),
        ],
    )
    def test_names_the_field_of_the_line(self, line: dict[str, object], expected: tuple[str, str]) -> None:
        assert problems_of({}, line) == [expected]

    @pytest.mark.parametrize("promised_on", ["", "2026-11-23", "2028-11-23"])
    def test_takes_a_promise_from_today_to_two_years_ahead(self, promised_on: str) -> None:
        assert problems_of({"promised_on": promised_on}, {}) == []

    def test_takes_a_room_that_a_label_just_holds(self) -> None:
        assert problems_of({}, {"room": "房" * 30}) == []

    @pytest.mark.parametrize("height", [18_000, 24_000])
    def test_takes_both_ends_of_a_limit(self, height: int) -> None:
        assert problems_of({}, {"height_tenth_mm": height}) == []

    def test_asks_no_opening_of_a_frame_alone(self) -> None:
        assert problems_of({}, {"kind": LineKind.FRAME_ONLY, "opening": None}) == []

    def test_asks_for_a_line(self) -> None:
        assert problems_of({}, None) == [("lines", ProblemCode.NO_LINES)]


class TestIsPhone:
    @pytest.mark.parametrize(
        "text",
        [
            "13812345678",
            "138 1234 5678",
            "+86 138-1234-5678",
            "0757-22345678",
            "010-62345678",
            "0757-22345678-801",
            "400-800-8000",
            "8008208820",
        ],
    )
    def test_takes(self, text: str) -> None:
        assert is_phone(text)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "123456",
            "12812345678",
            "400-800-800",
            "4008008000123",
            "5008008000",
            "138123456789",
            "王芳",
            "0757-1234",
            "138١٢٣٤٥٦٧٨",
        ],
    )
    def test_refuses(self, text: str) -> None:
        assert not is_phone(text)
