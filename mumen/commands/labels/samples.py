"""One label of each kind, to look at and to try a printer with; and as many of pieces as one likes."""

import random
from collections.abc import Mapping

from labels.content import CodeCard, FlowCard, Label, PackageLabel, PieceLabel, SetupSheet, ShipmentLabel, size_text
from labels.templates import (
    CARDS_A4_2X5,
    FLOW_CARDS_A4_2X2,
    LABEL_60X40,
    LABEL_100X70,
    SETUP_SHEET,
    LabelTemplate,
)
from shared.label_code import RANDOM_BITS, SELF_TEST_CODE, CodeKind, make
from shared.schemas.order import Opening

PIECE = PieceLabel(
    code=make(CodeKind.PIECE, 0),
    order_number="MD-0000-0000",
    door_number=1,
    door_of=3,
    piece_number=1,
    piece_of=4,
    piece_kind="门扇",
    room="主卧",
    model="MX-101 现代平板",
    size="2050×800×40",
    opening=Opening.LEFT_IN,
    colour="胡桃色",
    first_operation="开料",
)
SAMPLES: Mapping[str, tuple[Label, LabelTemplate]] = {
    "piece": (PIECE, LABEL_60X40),
    "flow-card": (FlowCard(PIECE, ("开料", "封边", "压板", "铣型", "打磨", "底漆", "面漆")), FLOW_CARDS_A4_2X2.label),
    "package": (
        PackageLabel(make(CodeKind.PACKAGE, 0), "MD-0000-0000", 1, 2, ("门扇 2050×800×40 ×1",), "32.5 kg"),
        LABEL_100X70,
    ),
    "shipment": (
        ShipmentLabel(make(CodeKind.SHIPMENT, 0), "MD-0000-0000", 1, 2, "收货人", "收货地址", "", "T0000"),
        LABEL_100X70,
    ),
    "rack": (CodeCard(make(CodeKind.RACK, 0), "架 1", "油漆车间"), LABEL_100X70),
    "location": (CodeCard(make(CodeKind.LOCATION, 0), "A-01-03", "成品库"), LABEL_100X70),
    "badge": (CodeCard(make(CodeKind.WORKER, 0), "张三", "工号 0000"), CARDS_A4_2X5.label),
    "station": (CodeCard(make(CodeKind.STATION, 0), "工位 1", "开料"), CARDS_A4_2X5.label),
    "setup": (SetupSheet(), SETUP_SHEET.label),
}
"""The codes are of no door: scanned, they are unknown."""

TEST_LABEL = CodeCard(SELF_TEST_CODE, "试打 Test", "木门 Mumen")
KINDS = ("门扇", "门套", "门套线", "五金")
ROOMS = ("主卧", "次卧", "儿童房", "书房", "厨房", "卫生间", "入户", "")
COLOURS = ("胡桃色", "暖白 RAL 9010", "樱桃木", "橡木浅灰")
MODELS = ("MX-101 现代平板", "OS-207 欧式雕花", "MX-118 极简隐形门", "JL-305 新中式格栅")
OPENINGS = (Opening.LEFT_IN, Opening.LEFT_OUT, Opening.RIGHT_IN, Opening.RIGHT_OUT)
OPERATIONS = ("开料", "封边", "压板", "铣型")


def piece_labels(count: int) -> list[PieceLabel]:
    """Believable labels, always the same ones."""
    seeded = random.Random(2)
    return [
        PieceLabel(
            code=make(CodeKind.PIECE, seeded.getrandbits(RANDOM_BITS)),
            order_number=f"MD-2026-{number // 12 + 101:04d}",
            door_number=number // 4 % 3 + 1,
            door_of=3,
            piece_number=number % 4 + 1,
            piece_of=4,
            piece_kind=KINDS[number % 4],
            room=ROOMS[number // 4 % len(ROOMS)],
            model=MODELS[number // 12 % len(MODELS)],
            size=size_text(20_500 + 5 * (number % 7), 8_000, 400),
            opening=None if number % 4 == 3 else OPENINGS[number // 4 % 4],
            colour=COLOURS[number // 12 % len(COLOURS)],
            first_operation=OPERATIONS[number % 4],
            copy_number=2 if number % 11 == 10 else 1,
        )
        for number in range(count)
    ]
