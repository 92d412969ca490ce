"""Labels as a factory would print them, and the hard ones: long texts, rare characters, no opening."""

import random

from labels.content import CodeCard, PieceLabel, size_text
from shared.label_code import RANDOM_BITS, CodeKind, make
from shared.schemas.order import Opening

KINDS = ("门扇", "门套", "门套线", "五金")
ROOMS = ("主卧", "次卧", "儿童房", "书房", "厨房", "卫生间", "入户", "")
COLOURS = ("胡桃色", "暖白 RAL 9010", "樱桃木", "橡木浅灰")
MODELS = ("MX-101 现代平板", "OS-207 欧式雕花", "MX-118 极简隐形门", "JL-305 新中式格栅")
OPENINGS = (Opening.LEFT_IN, Opening.LEFT_OUT, Opening.RIGHT_IN, Opening.RIGHT_OUT)
OPERATIONS = ("开料", "封边", "压板", "铣型")

LONG = PieceLabel(
    code=make(CodeKind.PIECE, 0x7FE0123456789AB),
    order_number="MD-2026-000123-更改-2",
    door_number=118,
    door_of=240,
    piece_number=12,
    piece_of=16,
    piece_kind="门套线（加宽・双面）",
    room="三楼东侧主卧室卫生间与衣帽间之间的暗门",
    model="JL-305-PRO-MAX-2026 新中式格栅玻璃对开子母门（右扇带猫洞）",
    size="2435.5×1880.5×45.5",
    opening=Opening.RIGHT_OUT,
    colour="定制色：封闭漆水曲柳拉丝擦金 NCS S 3005-Y20R 哑光三分",
    first_operation="数控开料与铣型",
    copy_number=3,
)
RARE = PieceLabel(
    code=make(CodeKind.PIECE, 0x123),
    order_number="MD-007",
    door_number=1,
    door_of=1,
    piece_number=4,
    piece_of=4,
    piece_kind="五金",
    room="䶮喆堃的书房",
    model="㛃淼 𠮷祥门",
    size="—",
    opening=None,
    colour="犇羴鱻色",
    first_operation="配货",
)


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


def code_cards() -> list[CodeCard]:
    """Badges, stations and a rack."""
    names = (("李强", "开料组"), ("欧阳䶮喆", "油漆组 组长"), ("Muhammad Abdurrahman", "安装"), ("王芳", ""))
    cards = [CodeCard(make(CodeKind.WORKER, 1000 + number), *name) for number, name in enumerate(names)]
    cards.append(CodeCard(make(CodeKind.STATION, 77), "工位 03", "开料 · 数控锯"))
    return [*cards, CodeCard(make(CodeKind.RACK, 78), "架 12", "油漆车间")]
