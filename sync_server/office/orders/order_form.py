"""The order form: texts as typed on one side, terms on the other, and every problem beside the field it belongs to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, Overflow

from pydantic import ValidationError
from starlette.datastructures import FormData

from shared.lengths import millimetres
from shared.rules.order_check import Problem, ProblemCode
from shared.schemas.identifiers import LINE_QUANTITY_MAX
from shared.schemas.order import LineTerms, Order, OrderLine, OrderTerms
from shared.words import Phrase
from sync_server.office.shell.forms import number_of, text_of
from sync_server.office.shell.words import field_name, problem_text

HEAD = ("channel", "customer_name", "customer_phone", "address", "promised_on", "remarks")
SIZES = {name: f"{name}_tenth_mm" for name in ("height", "width", "thickness", "wall_thickness")}
"""The lengths of a line by the names of their inputs, which are in millimetres."""

LINE = ("kind", "model_id", "room", *SIZES, "opening", "colour", "quantity", "remarks")
FORM_LINES_MAX = 50
TENTH_MM_MAX = 10**6
EMPTY_LINE = {"kind": "door_set", "quantity": "1"}
DATE = re.compile(r"^(\d{4})[-/.年 ](\d{1,2})[-/.月 ](\d{1,2})日?$", re.ASCII)


@dataclass(frozen=True)
class Shown:
    """A problem as a page shows it: `field` is the name of the input it stands beside."""

    field: str
    name: Phrase
    text: Phrase
    is_missing: bool = False
    """Only not there yet, as opposed to wrong."""


@dataclass
class OrderForm:
    """What stands in the form, as text, and what is wrong with it."""

    head: dict[str, str]
    lines: list[dict[str, str]]
    problems: list[Shown] = field(default_factory=list[Shown])

    def add_line(self) -> bool:
        """One more line, like the last but for another room; False where there are as many as a form may have."""
        if len(self.lines) >= FORM_LINES_MAX:
            return False
        self.lines.append(self.lines[-1] | {"room": "", "remarks": ""} if self.lines else dict(EMPTY_LINE))
        return True

    def remove_line(self, number: int) -> None:
        """Takes the line of this number out, which counts from 1; the last one leaves an empty line behind."""
        if 1 <= number <= len(self.lines):
            del self.lines[number - 1]
        if not self.lines:
            self.lines.append(dict(EMPTY_LINE))

    def beside(self, name: str) -> list[Shown]:
        """What to write beside this input."""
        return [problem for problem in self.problems if problem.field == name]

    def is_only_missing(self, name: str) -> bool:
        """Whether nothing that was typed into this input is wrong."""
        return all(problem.is_missing for problem in self.beside(name))

    def names(self) -> list[str]:
        """The names of all its inputs."""
        return [*HEAD, *(f"line-{number}-{name}" for number in range(1, len(self.lines) + 1) for name in LINE)]


def empty_form() -> OrderForm:
    """A form with one line to begin with."""
    return OrderForm({"channel": "store"}, [dict(EMPTY_LINE)])


def form_of(order: Order, lines: Sequence[OrderLine]) -> OrderForm:
    """The form of an order as it is kept."""
    head = {name: str(getattr(order, name)) for name in HEAD}
    return OrderForm(head, [_texts(line) for line in lines] or empty_form().lines)


def typed_form(form: FormData) -> OrderForm:
    """The form as it was typed."""
    count = min(number_of(form, "line_count", 1), FORM_LINES_MAX)
    lines = [{name: text_of(form, f"line-{n}-{name}") for name in LINE} for n in range(1, count + 1)]
    return OrderForm({name: text_of(form, name) for name in HEAD}, lines)


def terms_of(form: OrderForm) -> tuple[OrderTerms, list[LineTerms]] | None:
    """The terms that the form says; None where a text is no number or too long, and then `problems` says which."""
    form.problems = []
    lines = [_line_terms(form, number, line) for number, line in enumerate(form.lines, start=1)]
    try:
        terms = OrderTerms.model_validate(form.head | {"promised_on": _date(form)})
    except ValidationError as error:
        form.problems += [_too_long(str(one["loc"][0]), None) for one in error.errors()]
        return None
    whole = [line for line in lines if line is not None]
    return (terms, whole) if not form.problems else None


def show_problems(form: OrderForm, problems: Sequence[Problem]) -> None:
    """Put the rules' problems beside their fields."""
    for problem in problems:
        name = problem.field.removesuffix("_tenth_mm")
        where = f"line-{problem.line}-{name}" if problem.line else problem.field
        is_missing = problem.code is ProblemCode.MISSING
        text = problem_text(problem.code, problem.facts)
        form.problems.append(Shown(where, field_name(problem.field, problem.line), text, is_missing))


def _texts(line: OrderLine) -> dict[str, str]:
    texts = {
        name: str(getattr(line, name) or "") for name in ("kind", "model_id", "room", "opening", "colour", "remarks")
    }
    for name, key in SIZES.items():
        value = getattr(line, key)
        texts[name] = "" if value is None else millimetres(value)
    texts["quantity"] = "" if line.quantity is None else str(line.quantity)
    return texts


def _line_terms(form: OrderForm, number: int, line: dict[str, str]) -> LineTerms | None:
    values: dict[str, object] = {name: line[name] for name in ("room", "colour", "remarks")}
    values["kind"] = line["kind"] or "door_set"
    values["model_id"] = line["model_id"] or None
    values["opening"] = line["opening"] or None
    for name, key in SIZES.items():
        values[key] = _number(form, number, name, line[name], scale=10)
    values["quantity"] = _number(form, number, "quantity", line["quantity"], scale=1)
    try:
        return LineTerms.model_validate(values)
    except ValidationError as error:
        form.problems += [_too_long(str(one["loc"][0]), number) for one in error.errors()]
        return None


def _number(form: OrderForm, number: int, name: str, text: str, scale: int) -> int | None:
    if not text:
        return None
    try:
        value = Decimal(text.replace("，", ".").replace(",", ".")) * scale
    except Overflow:  # a number, but one that no machine can hold
        value = Decimal(TENTH_MM_MAX + 1)
    except ArithmeticError:
        value = Decimal("nan")
    problem = _number_problem(value, scale)
    if problem is None:
        return int(value)
    form.problems.append(Shown(f"line-{number}-{name}", field_name(SIZES.get(name, name), number), problem))
    return None


def _number_problem(value: Decimal, scale: int) -> Phrase | None:
    """Why this cannot be kept; whether it suits the order is for the rules to say."""
    if not value.is_finite() or (abs(value) <= TENTH_MM_MAX and value != value.to_integral_value()):
        return problem_text("not_a_whole_number" if scale == 1 else "not_a_length", {})
    if value < -TENTH_MM_MAX:
        return problem_text("not_positive", {})
    if value > TENTH_MM_MAX:
        largest = {"max": LINE_QUANTITY_MAX} if scale == 1 else {"max_tenth_mm": TENTH_MM_MAX}
        return problem_text("too_many" if scale == 1 else "too_large", largest)
    return None


def _date(form: OrderForm) -> str:
    """The promised date as an ISO date, however its three numbers are set apart; empty where there is none."""
    typed = form.head["promised_on"]
    found = DATE.match(typed)
    if not typed:
        return ""
    try:
        return date(*(int(part) for part in found.groups())).isoformat() if found else _no_date(form)
    except ValueError:
        return _no_date(form)


def _no_date(form: OrderForm) -> str:
    form.problems.append(Shown("promised_on", field_name("promised_on", None), problem_text("not_a_date", {})))
    return ""


def _too_long(name: str, line: int | None) -> Shown:
    where = f"line-{line}-{name.removesuffix('_tenth_mm')}" if line else name
    return Shown(where, field_name(name, line), problem_text("too_long", {}))
