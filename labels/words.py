"""The few words that a label itself adds, in each language."""

from dataclasses import dataclass

from shared.schemas.order import Opening


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
    openings={
        Opening.LEFT_IN: "左内",
        Opening.LEFT_OUT: "左外",
        Opening.RIGHT_IN: "右内",
        Opening.RIGHT_OUT: "右外",
    },
    page="{title} · 第 {number}/{of} 页",
    print_hint="按 100% 打印，不要缩放",
    ruler="50 毫米",
)

ENGLISH = LabelWords(
    piece="Piece {number}/{of}",
    door="Door {number}/{of}",
    copy="Copy {number}",
    first_operation="First: {name}",
    openings={
        Opening.LEFT_IN: "Left in",
        Opening.LEFT_OUT: "Left out",
        Opening.RIGHT_IN: "Right in",
        Opening.RIGHT_OUT: "Right out",
    },
    page="{title} · page {number}/{of}",
    print_hint="Print at 100%, do not scale",
    ruler="50 mm",
)
