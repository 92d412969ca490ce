"""The office's words: Chinese for every enumeration that a page shows, and the role (colour) of every state."""

from collections.abc import Mapping

from pydantic import JsonValue

ORDER_STATES = {
    "draft": ("草稿", "wait"),
    "released": ("已下达", "info"),
    "in_production": ("生产中", "info"),
    "complete": ("已完成", "ok"),
    "cancelled": ("已取消", "stop"),
}
PIECE_STATES = {
    "planned": ("未开工", "wait"),
    "in_process": ("生产中", "info"),
    "awaiting_inspection": ("待检", "wait"),
    "passed": ("合格", "ok"),
    "in_stock": ("在库", "ok"),
    "loaded": ("已装车", "ok"),
    "in_transit": ("运输中", "info"),
    "handed_over": ("已签收", "ok"),
    "returned": ("退回", "stop"),
    "scrapped": ("报废", "stop"),
    "cancelled": ("已取消", "stop"),
}
SIGNS = {"ok": "✓", "wait": "◷", "stop": "✕", "info": "→"}
KINDS = {"leaf": "门扇", "frame": "门套", "architrave": "门套线", "hardware": "五金"}
LINE_KINDS = {"door_set": "整套门", "frame_only": "只要门套", "trim": "只要线条", "hardware_only": "只要五金"}
CHANNELS = {"store": "门店", "phone": "电话", "dealer": "经销商", "web_shop": "网店"}
OPENINGS = {"left_in": "左内", "left_out": "左外", "right_in": "右内", "right_out": "右外"}
EVENTS = {
    "operation_started": "开工",
    "operation_completed": "完工",
    "operation_repeated": "重复扫码",
    "operation_inferred": "推断已做",
    "inspection_passed": "检验合格",
    "inspection_failed": "检验不合格",
}
FIELDS = {
    "customer_name": "客户姓名",
    "customer_phone": "电话",
    "address": "地址",
    "lines": "订单行",
    "model_id": "型号",
    "kind": "类型",
    "height_tenth_mm": "高",
    "width_tenth_mm": "宽",
    "thickness_tenth_mm": "厚",
    "wall_thickness_tenth_mm": "墙厚",
    "opening": "开向",
    "colour": "颜色",
    "quantity": "数量",
}
PROBLEMS = {
    "missing": "还没填",
    "phone_wrong": "不是手机号（11 位）或带区号的座机",
    "not_positive": "要大于 0",
    "too_small": "太小，最小 {min} mm",
    "too_large": "太大，最大 {max} mm",
    "too_many": "太多，最多 {max}",
    "model_unknown": "没有这个型号",
    "model_inactive": "型号已停用",
    "kind_not_offered": "这个型号不做这种",
    "colour_not_offered": "没有这个颜色，可选：{offered}",
    "no_lines": "至少要一行",
    "not_a_number": "不是数字",
}
REFUSALS = {
    "not_permitted": "您没有这个权限，请找主管。",
    "order_incomplete": "订单还没填完整，请按提示补全。",
    "order_changed_meanwhile": "别人刚改过这张订单，还没有保存。您填的还在下面：核对后再点保存，就以您的为准。",
    "order_not_a_draft": "订单已下达或已取消，不能再改。",
    "order_exists": "这张订单已经保存过了。",
    "order_unknown": "没有这张订单。",
    "order_cancelled": "订单已取消。",
}


def problem_text(code: str, facts: Mapping[str, JsonValue]) -> str:
    """One problem in words, with its limits in millimetres."""
    offered = facts.get("offered")
    values = {
        "min": _mm(facts.get("min_tenth_mm")),
        "max": _mm(facts.get("max_tenth_mm")) or facts.get("max", ""),
        "offered": "、".join(str(one) for one in offered) if isinstance(offered, list) else "",
    }
    return PROBLEMS.get(code, code).format(**values)


def _mm(value: JsonValue) -> str:
    return f"{value / 10:g}" if isinstance(value, int) else ""
