"""The order form: texts as typed on one side, terms on the other, and every problem beside the field it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from pydantic import ValidationError
from starlette.datastructures import FormData

from shared.rules.order_check import Problem
from shared.schemas.order import LineTerms, Order, OrderLine, OrderTerms
from sync_server.office.frame import number_of, text_of
from sync_server.office.words import FIELDS, problem_text

HEAD = ("channel", "customer_name", "customer_phone", "address", "promised_on", "remarks")
SIZES = {"height": "height_tenth_mm", "width": "width_tenth_mm", "thickness": "thickness_tenth_mm"}
LINE = ("kind", "model_id", "room", "height", "width", "thickness", "opening", "colour", "quantity", "remarks")
FORM_LINES_MAX = 50
TENTH_MM_MAX = 10**6


@dataclass(frozen=True)
class Shown:
    """A problem as a page shows it: `field` is the name of the input it stands beside."""

    field: str
    name: str
    text: str


@dataclass
class OrderForm:
    """What stands in the form, as text, and what is wrong with it."""

    head: dict[str, str]
    lines: list[dict[str, str]]
    problems: list[Shown] = field(default_factory=list[Shown])

    def beside(self, name: str) -> str:
        """What to write beside this input."""
        return "；".join(problem.text for problem in self.problems if problem.field == name)


def empty_form() -> OrderForm:
    """A form with one line to begin with."""
    return OrderForm({"channel": "store"}, [{"kind": "door_set", "quantity": "1"}])


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
        terms = OrderTerms.model_validate(form.head)
    except ValidationError as error:
        form.problems += [_too_long(str(one["loc"][0]), "") for one in error.errors()]
        return None
    whole = [line for line in lines if line is not None]
    return (terms, whole) if not form.problems else None


def show_problems(form: OrderForm, problems: Sequence[Problem]) -> None:
    """Put the rules' problems beside their fields."""
    for problem in problems:
        name = problem.field.removesuffix("_tenth_mm")
        where = f"line-{problem.line}-{name}" if problem.line else problem.field
        label = FIELDS.get(problem.field, problem.field)
        full = f"第 {problem.line} 行 {label}" if problem.line else label
        form.problems.append(Shown(where, full, problem_text(problem.code, problem.facts)))


def _texts(line: OrderLine) -> dict[str, str]:
    texts = {
        name: str(getattr(line, name) or "") for name in ("kind", "model_id", "room", "opening", "colour", "remarks")
    }
    for name, key in SIZES.items():
        value = getattr(line, key)
        texts[name] = "" if value is None else f"{value / 10:g}"
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
        form.problems += [_too_long(str(one["loc"][0]), f"line-{number}-") for one in error.errors()]
        return None


def _number(form: OrderForm, number: int, name: str, text: str, scale: int) -> int | None:
    if not text:
        return None
    try:
        value = Decimal(text.replace("，", ".").replace(",", ".")) * scale
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or value != value.to_integral_value() or abs(value) > TENTH_MM_MAX:
        label = {"height": "高", "width": "宽", "thickness": "厚", "quantity": "数量"}[name]
        advice = "不是整数" if scale == 1 else "不是毫米数（最多一位小数）"
        form.problems.append(Shown(f"line-{number}-{name}", f"第 {number} 行 {label}", advice))
        return None
    return int(value)


def _too_long(name: str, prefix: str) -> Shown:
    return Shown(f"{prefix}{name}", FIELDS.get(name, name), "填得不对或太长，请改短")
