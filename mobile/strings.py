"""Every sentence that the app shows for a code: Chinese first, a short English one beneath it.

An unknown code still gives a sentence that ends with what to do: an older app may meet a newer server's code.
"""

from dataclasses import dataclass
from typing import cast

from mobile.outcome import Outcome


@dataclass(frozen=True)
class Phrase:
    """One sentence in both languages."""

    zh: str
    en: str


KINDS = {"leaf": "门扇", "frame": "门套", "architrave": "门套线", "hardware": "五金"}
OPENINGS = {"left_in": "左内开", "left_out": "左外开", "right_in": "右内开", "right_out": "右外开"}

UNKNOWN = Phrase("无法处理 · 找组长", "Cannot be handled · ask the leader")

OUTCOMES: dict[str, Phrase] = {
    "completed": Phrase("完成", "Done"),
    "started": Phrase("已开工", "Started"),
    "passed": Phrase("检验合格", "Passed"),
    "failed": Phrase("检验不合格", "Failed inspection"),
    "already": Phrase("已完成过", "Already done"),
    "late": Phrase("已记录 · 迟到", "Recorded late"),
    "not_known_here": Phrase("本机还不认识 · 已记录", "Not known here yet · recorded"),
    "parked": Phrase("已收到 · 待处理", "Received, to be looked at"),
    "foreign": Phrase("不是本厂标签", "Not one of our labels"),
    "wrong_check": Phrase("校验不符", "Check characters do not fit"),
    "nobody_signed_in": Phrase("请先登录", "Sign in first"),
    "inspection_due": Phrase("请填检验结果", "Enter the result"),
    "storage_full": Phrase("没存下 · 存储已满", "Not kept: storage is full"),
    "damaged": Phrase("标签读不全", "Label is damaged"),
}

REFUSALS: dict[str, Phrase] = {
    "not_permitted": Phrase("没有权限", "Not permitted"),
    "worker_unknown": Phrase("不认识这位工人", "Worker unknown"),
    "station_unknown": Phrase("不认识这个工位", "Station unknown"),
    "label_unknown": Phrase("不认识这张标签", "Label unknown"),
    "label_revoked": Phrase("标签已作废", "Label revoked"),
    "label_replaced": Phrase("标签已换新", "Label replaced"),
    "label_not_a_piece": Phrase("这不是部件标签", "Not a piece's label"),
    "piece_unknown": Phrase("不认识这件", "Piece unknown"),
    "piece_cancelled": Phrase("这件已取消", "Piece cancelled"),
    "piece_scrapped": Phrase("这件已报废", "Piece scrapped"),
    "piece_on_hold": Phrase("这件已暂停", "Piece on hold"),
    "not_at_this_station": Phrase("不在本工位做", "Not made at this station"),
    "operation_unknown": Phrase("不认识这道工序", "Operation unknown"),
    "earlier_operation_missing": Phrase("上站未扫", "Earlier station not scanned"),
    "inspection_missing": Phrase("还没检验", "Not inspected yet"),
    "inspection_needs_result": Phrase("要填检验结果", "Inspection needs a result"),
    "old_loop": Phrase("返工前的记录", "From before the rework"),
    "order_unknown": Phrase("不认识这张订单", "Order unknown"),
    "order_exists": Phrase("订单已存在", "Order exists already"),
    "order_incomplete": Phrase("订单没填完整", "Order incomplete"),
    "order_not_a_draft": Phrase("订单不是草稿", "Order is not a draft"),
    "order_cancelled": Phrase("订单已取消", "Order cancelled"),
    "order_changed_meanwhile": Phrase("订单刚被别人改过", "Order changed meanwhile"),
    "enrolment_unknown": Phrase("登记码不对", "Code unknown"),
    "enrolment_expired": Phrase("登记码已过期", "Code expired"),
    "enrolment_used": Phrase("登记码已用过", "Code used already"),
}

NEXT_STEPS: dict[str, Phrase] = {
    "go_to_station": Phrase("送到该去的工位", "Take it to its station"),
    "call_leader": Phrase("找组长", "Call the leader"),
    "scan_again": Phrase("再扫一次", "Scan again"),
    "put_aside": Phrase("先放一边", "Put it aside"),
    "use_new_label": Phrase("扫新标签", "Use the new label"),
    "inspect": Phrase("先检验", "Inspect it"),
    "sign_in_again": Phrase("重新登录", "Sign in again"),
    "pick_station": Phrase("重选工位", "Pick the station again"),
    "wait_for_sync": Phrase("等联网同步", "Wait until synced"),
    "complete_order": Phrase("补全订单", "Complete the order"),
    "reload": Phrase("重新打开", "Reload"),
    "new_code_from_office": Phrase("向办公室要新码", "Get a new code from the office"),
    "carry_on": Phrase("继续干活", "Carry on"),
}


def verdict(code: str) -> Phrase:
    """The sentence of an outcome's or a refusal's code."""
    return OUTCOMES.get(code) or REFUSALS.get(code) or UNKNOWN


def next_step(code: str) -> Phrase:
    """What to do; a step that this app does not know yet sends people to their leader."""
    return NEXT_STEPS.get(code) or NEXT_STEPS["call_leader"]


def detail(outcome: Outcome, when: str) -> list[str]:
    """What a person wants to know beyond the verdict: who was first, what is missing, why it is on hold."""
    facts = outcome.facts
    lines: list[str] = []
    match outcome.code:
        case "already":
            lines.append(f"{facts.get('worker_name', '有人')} 已在 {facts.get('station_name', '别处')} 完成 · {when}")
        case "late":
            lines.append(f"前面没扫：{_listed(facts.get('inferred_names'))}，已按做过记录")
        case "earlier_operation_missing" | "inspection_missing":
            lines.append(f"还缺：{_listed(facts.get('missing_names'))} · 已留待，补上后自动入账")
        case "piece_on_hold" | "failed":
            lines.append(f"原因：{facts.get('reason') or '未写明'}")
        case "foreign" | "wrong_check" | "damaged":
            lines.append(f"读到：{facts.get('text', '')}")
        case "inspection_due":
            lines.append(f"工序：{facts.get('operation_name', '')}")
        case _:
            pass
    return lines


def enrol_problem(code: str) -> str:
    """Why enrolling did not work, and what to do next."""
    if code == "offline":
        return "连不上服务器：检查网络后再试 · The server cannot be reached"
    phrase = verdict(code)
    return f"{phrase.zh} → {next_step('new_code_from_office').zh} · {phrase.en}"


def problem(code: str) -> str:
    """What keeps a device from syncing; nothing that was scanned is lost meanwhile."""
    return PROBLEMS.get(code, f"服务器出错（{code}），记录都在本机，请告诉办公室")


PROBLEMS = {
    "device_revoked": "这台设备已停用：请导出记录并联系办公室",
    "not_enrolled": "服务器不认识这台设备：请导出记录并联系办公室",
    "cloned_device": "设备可能被复制：记录都在本机，请联系办公室",
    "wrong_signature": "签名不符：请联系办公室重新登记",
}


def _listed(names: object) -> str:
    return "、".join(str(name) for name in cast("list[object]", names)) if isinstance(names, list) else "前面的工序"
