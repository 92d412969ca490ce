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
    count: str
    package: str
    shipment: str
    weight: str
    handling: str
    flow_columns: tuple[str, str, str]
    setup_title: str
    setup_hint: str
    setup_steps: tuple[str, ...]


CHINESE = LabelWords(
    piece="件 {number}/{of}",
    door="第 {number}/{of} 樘",
    copy="副本 {number}",
    first_operation="首道 {name}",
    openings={opening: OPENINGS[opening].zh for opening in Opening},
    page="{title} · 第 {number}/{of} 页",
    print_hint="按 100% 打印，不要缩放",
    ruler="50 毫米",
    count="{number}/{of}",
    package="包裹",
    shipment="发货",
    weight="重 {weight}",
    handling="易碎 · 向上 · 防潮",
    flow_columns=("工序", "操作人", "时间"),
    setup_title="扫码枪设置",
    setup_hint="设置好以后，在“扫码枪自检”页扫左边的码",
    setup_steps=(
        "按扫码枪说明书恢复出厂设置。",
        "接口选 USB 键盘（HID-KBW）；蓝牙枪选 HID 键盘，与平板配对。",
        "键盘布局选“美国英语”（US）。",
        "后缀选“回车”（Enter/CR）；没有前缀。",
        "大小写选“不转换”；Caps Lock 关闭。",
        "打开 QR 码识读；其他码可以全部关闭。",
        "扫左上角的码：屏幕显示绿色，就可以用了。",
    ),
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
    count="{number}/{of}",
    package="Package",
    shipment="Shipment",
    weight="Weight {weight}",
    handling="Fragile · This side up · Keep dry",
    flow_columns=("Operation", "By", "When"),
    setup_title="Setting up a scanner gun",
    setup_hint="When it is set up, scan the code on the left on the page 'Scanner self-test'",
    setup_steps=(
        "Reset the gun to its factory settings, as its manual says.",
        "Interface: USB keyboard (HID-KBW). Bluetooth guns: HID keyboard, paired with the tablet.",
        "Keyboard layout: US English.",
        "Suffix: Enter (CR). No prefix.",
        "Letter case: no conversion. Caps lock off.",
        "Switch QR codes on; all other codes may be switched off.",
        "Scan the code at the top left: when the screen turns green, it is ready.",
    ),
)
