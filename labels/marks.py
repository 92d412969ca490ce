"""What a label is made of: a mark says what to draw, not how. A PDF and a label printer draw the same marks."""

from dataclasses import dataclass

from shared.schemas.order import Opening


@dataclass(frozen=True)
class Text:
    """One line; `x_mm` is its left end, `baseline_mm` its baseline. `is_inverse`: white on a bar."""

    text: str
    x_mm: float
    baseline_mm: float
    size_mm: float
    is_bold: bool = False
    is_inverse: bool = False


@dataclass(frozen=True)
class Bar:
    """A filled rectangle."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True)
class Symbol:
    """A QR; `x_mm`, `y_mm` is the corner of its first module, the quiet zone lies around it."""

    code: str
    x_mm: float
    y_mm: float
    module_mm: float


@dataclass(frozen=True)
class Plan:
    """The pictogram of an opening in a square."""

    opening: Opening
    x_mm: float
    y_mm: float
    side_mm: float


Mark = Text | Bar | Symbol | Plan


@dataclass(frozen=True)
class Box:
    """A place to fill."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float

    def rows(self, shares: tuple[float, ...]) -> "list[Box]":
        """The box cut into rows with these shares of its height."""
        tops = [self.y_mm + self.height_mm * sum(shares[:row]) for row in range(len(shares))]
        return [
            Box(self.x_mm, top, self.width_mm, self.height_mm * share) for top, share in zip(tops, shares, strict=True)
        ]

    def columns(self, shares: tuple[float, ...]) -> "list[Box]":
        """The box cut into columns with these shares of its width."""
        lefts = [self.x_mm + self.width_mm * sum(shares[:column]) for column in range(len(shares))]
        return [
            Box(left, self.y_mm, self.width_mm * share, self.height_mm)
            for left, share in zip(lefts, shares, strict=True)
        ]

    def inset(self, x_mm: float, y_mm: float = 0.0) -> "Box":
        """The box without a margin of this width on each side, and this height above and below."""
        return Box(self.x_mm + x_mm, self.y_mm + y_mm, self.width_mm - 2 * x_mm, self.height_mm - 2 * y_mm)
