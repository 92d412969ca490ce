"""What is missing or wrong in an order, named field by field. Both the form and the release ask here."""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pydantic import JsonValue

from shared.schemas.identifiers import LINE_QUANTITY_MAX
from shared.schemas.order import LineKind, LineTerms, OrderTerms
from shared.schemas.production import DoorModel, SizeLimit

MOBILE = re.compile(r"^1[3-9][0-9]{9}$")
LANDLINE = re.compile(r"^0[0-9]{2,3}-?[2-9][0-9]{6,7}(-[0-9]{1,6})?$")
SERVICE_NUMBER = re.compile(r"^[48]00[0-9]{7}$")
PROMISE_DAYS_MAX = 2 * 365 + 1
"""A date further ahead than two years is a slip of the hand."""

ROOM_CHARACTERS_MAX = 30
"""What a label holds in characters that can be read."""

OPENING_KINDS = frozenset({LineKind.DOOR_SET})


class ProblemCode(StrEnum):
    """What is the matter with one field."""

    MISSING = "missing"
    PHONE_WRONG = "phone_wrong"
    TOO_LONG = "too_long_for_label"
    NOT_A_DATE = "not_a_date"
    DATE_PAST = "date_past"
    DATE_TOO_FAR = "date_too_far"
    NOT_POSITIVE = "not_positive"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    MODEL_UNKNOWN = "model_unknown"
    MODEL_INACTIVE = "model_inactive"
    KIND_NOT_OFFERED = "kind_not_offered"
    COLOUR_NOT_OFFERED = "colour_not_offered"
    NO_LINES = "no_lines"


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `line` counts from 1; None means the order's head."""

    field: str
    code: ProblemCode
    line: int | None = None
    facts: Mapping[str, JsonValue] = dataclasses.field(default_factory=dict[str, JsonValue])

    def as_json(self) -> dict[str, JsonValue]:
        """The problem as it stands in a refusal's facts."""
        return {"field": self.field, "code": self.code.value, "line": self.line, **self.facts}


def find_problems(
    terms: OrderTerms, lines: Sequence[LineTerms], models: Mapping[str, DoorModel], today: date
) -> tuple[Problem, ...]:
    """Everything that keeps this order from being released, in the order of the form's fields.

    `today` is the factory's.
    """
    found = [*_head_problems(terms, today)]
    if not lines:
        found.append(Problem("lines", ProblemCode.NO_LINES))
    for number, line in enumerate(lines, start=1):
        found.extend(_line_problems(number, line, models))
    return tuple(found)


def is_phone(text: str) -> bool:
    """Whether this is a mainland mobile number, a landline with its area code, or a service number (400, 800)."""
    digits = (
        re.sub(r"[\s()+]", "", text).removeprefix("86") if text.strip().startswith("+86") else text.replace(" ", "")
    )
    joined = digits.replace("-", "")
    return bool(MOBILE.match(joined) or SERVICE_NUMBER.match(joined) or LANDLINE.match(digits))


def _head_problems(terms: OrderTerms, today: date) -> list[Problem]:
    found: list[Problem] = []
    if not terms.customer_name:
        found.append(Problem("customer_name", ProblemCode.MISSING))
    if not terms.customer_phone:
        found.append(Problem("customer_phone", ProblemCode.MISSING))
    elif not is_phone(terms.customer_phone):
        found.append(Problem("customer_phone", ProblemCode.PHONE_WRONG))
    found.extend(_promise_problems(terms.promised_on, today))
    if not terms.address:
        found.append(Problem("address", ProblemCode.MISSING))
    return found


def _promise_problems(promised_on: str, today: date) -> list[Problem]:
    if not promised_on:
        return []
    try:
        promised = date.fromisoformat(promised_on)
    except ValueError:
        return [Problem("promised_on", ProblemCode.NOT_A_DATE)]
    if promised < today:
        return [Problem("promised_on", ProblemCode.DATE_PAST, facts={"first": today.isoformat()})]
    last = today + timedelta(days=PROMISE_DAYS_MAX)
    if promised > last:
        return [Problem("promised_on", ProblemCode.DATE_TOO_FAR, facts={"last": last.isoformat()})]
    return []


def _line_problems(number: int, line: LineTerms, models: Mapping[str, DoorModel]) -> list[Problem]:
    found: list[Problem] = []
    model = models.get(line.model_id) if line.model_id else None
    if line.model_id is None:
        found.append(Problem("model_id", ProblemCode.MISSING, number))
    elif model is None:
        found.append(Problem("model_id", ProblemCode.MODEL_UNKNOWN, number))
    elif not model.is_active:
        found.append(Problem("model_id", ProblemCode.MODEL_INACTIVE, number))
    elif not any(line.kind in part.line_kinds for part in model.parts):
        found.append(Problem("kind", ProblemCode.KIND_NOT_OFFERED, number))
    found.extend(_room_problems(number, line.room))
    for name, value, limit in (
        ("height_tenth_mm", line.height_tenth_mm, model.height if model else None),
        ("width_tenth_mm", line.width_tenth_mm, model.width if model else None),
        ("thickness_tenth_mm", line.thickness_tenth_mm, model.thickness if model else None),
    ):
        found.extend(_size_problems(number, name, value, limit))
    if line.wall_thickness_tenth_mm is not None and line.wall_thickness_tenth_mm <= 0:
        found.append(Problem("wall_thickness_tenth_mm", ProblemCode.NOT_POSITIVE, number))
    if line.opening is None and line.kind in OPENING_KINDS:
        found.append(Problem("opening", ProblemCode.MISSING, number))
    if not line.colour:
        found.append(Problem("colour", ProblemCode.MISSING, number))
    elif model is not None and model.colours and line.colour not in model.colours:
        found.append(Problem("colour", ProblemCode.COLOUR_NOT_OFFERED, number, {"offered": list(model.colours)}))
    return [*found, *_quantity_problems(number, line.quantity)]


def _room_problems(number: int, room: str) -> list[Problem]:
    if len(room) > ROOM_CHARACTERS_MAX:
        return [Problem("room", ProblemCode.TOO_LONG, number, {"max": ROOM_CHARACTERS_MAX})]
    return []


def _size_problems(number: int, name: str, value: int | None, limit: SizeLimit | None) -> list[Problem]:
    if value is None:
        return [Problem(name, ProblemCode.MISSING, number)]
    if value <= 0:
        return [Problem(name, ProblemCode.NOT_POSITIVE, number)]
    if limit is None:
        return []
    between: dict[str, JsonValue] = {"min_tenth_mm": limit.min_tenth_mm, "max_tenth_mm": limit.max_tenth_mm}
    if value < limit.min_tenth_mm:
        return [Problem(name, ProblemCode.TOO_SMALL, number, between)]
    if value > limit.max_tenth_mm:
        return [Problem(name, ProblemCode.TOO_LARGE, number, between)]
    return []


def _quantity_problems(number: int, quantity: int | None) -> list[Problem]:
    if quantity is None:
        return [Problem("quantity", ProblemCode.MISSING, number)]
    if quantity <= 0:
        return [Problem("quantity", ProblemCode.NOT_POSITIVE, number)]
    if quantity > LINE_QUANTITY_MAX:
        return [Problem("quantity", ProblemCode.TOO_MANY, number, {"max": LINE_QUANTITY_MAX})]
    return []
