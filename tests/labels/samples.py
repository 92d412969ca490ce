"""Labels as a factory would print them, and the hard ones: long texts, rare characters, no opening."""

from labels.content import CodeCard, PieceLabel
from shared.label_code import CodeKind, make
from shared.schemas.order import Opening

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


def code_cards() -> list[CodeCard]:
    """Badges, stations and a rack."""
    names = (("李强", "开料组"), ("欧阳䶮喆", "油漆组 组长"), ("Muhammad Abdurrahman", "安装"), ("王芳", ""))
    cards = [CodeCard(make(CodeKind.WORKER, 1000 + number), *name) for number, name in enumerate(names)]
    cards.append(CodeCard(make(CodeKind.STATION, 77), "工位 03", "开料 · 数控锯"))
    return [*cards, CodeCard(make(CodeKind.RACK, 78), "架 12", "油漆车间")]
