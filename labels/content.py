"""What stands on a label, as plain values: whoever prints one fills these in from orders, pieces or people."""

from dataclasses import dataclass

from shared.label_code import SELF_TEST_CODE
from shared.lengths import millimetres
from shared.schemas.order import Opening


@dataclass(frozen=True)
class PieceLabel:
    """Everything that is printed on the label of one piece; texts are in the language of the label.

    `copy_number` counts the copies of the same code from 1; from 2 on the label says so.
    """

    code: str
    order_number: str
    door_number: int
    door_of: int
    piece_number: int
    piece_of: int
    piece_kind: str
    room: str
    model: str
    size: str
    opening: Opening | None
    colour: str
    first_operation: str
    copy_number: int = 1


@dataclass(frozen=True)
class CodeCard:
    """A code with a name: a worker's badge, a station, a rack, a storage location."""

    code: str
    title: str
    subtitle: str = ""


@dataclass(frozen=True)
class FlowCard:
    """A piece with its operations in order, for whoever does one to sign."""

    piece: PieceLabel
    operations: tuple[str, ...]
    remarks: str = ""

    @property
    def code(self) -> str:
        """The piece's own code: card and label are scanned alike."""
        return self.piece.code


@dataclass(frozen=True)
class PackageLabel:
    """What was packed together; `contents` are lines such as `门扇 2050×800×40 ×1`, `weight` as `32.5 kg`."""

    code: str
    order_number: str
    package_number: int
    package_of: int
    contents: tuple[str, ...]
    weight: str = ""


@dataclass(frozen=True)
class ShipmentLabel:
    """Where a package goes. It shows a customer's name, so it is printed when the package leaves, not before."""

    code: str
    order_number: str
    package_number: int
    package_of: int
    consignee_name: str
    address: str
    phone: str = ""
    trip: str = ""
    """The trip's or the carrier's number."""
    weight: str = ""


@dataclass(frozen=True)
class SetupSheet:
    """How a scanner gun is set up, with a code to try it with."""

    code: str = SELF_TEST_CODE


Label = PieceLabel | FlowCard | CodeCard | PackageLabel | ShipmentLabel | SetupSheet


def size_text(height_tenth_mm: int, width_tenth_mm: int, thickness_tenth_mm: int) -> str:
    """Height × width × thickness in millimetres, with a decimal only where there is one: `2050×800×40`."""
    lengths = (height_tenth_mm, width_tenth_mm, thickness_tenth_mm)
    return "×".join(millimetres(length) for length in lengths)
