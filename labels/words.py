"""The few words that a label itself adds, in each language."""

from dataclasses import dataclass

from shared.schemas.order import Opening
from shared.words import OPENINGS


@dataclass(frozen=True)
class LabelWords:
    """One language; the templates take the numbers of the label."""

    piece: str
    door: str
    copy: str
    first_operation: str
    openings: dict[Opening, str]
    page: str
    print_hint: str
    ruler: str


CHINESE = LabelWords(
    piece="件 {number}/{of}",
    door="第 {number}/{of} 樘",
    copy="副本 {number}",
    first_operation="首道 {name}",
    openings={opening: OPENINGS[opening].zh for opening in Opening},
    page="{title} · 第 {number}/{of} 页",
    print_hint="按 100% 打印，不要缩放",
    ruler="50 毫米",
)

ENGLISH = LabelWords(
    piece="Piece {number}/{of}",
    door="Door {number}/{of}",
    copy="Copy {number}",
    first_operation="First: {name}",
    openings={opening: OPENINGS[opening].en for opening in Opening},
    page="{title} · page {number}/{of}",
    print_hint="Print at 100%, do not scale",
    ruler="50 mm",
)
