"""The office's words: both languages for every enumeration that a page shows, and the role (colour) of every state.

What app and labels say too stands in `shared/words.py`, which the templates know as `terms`.
"""

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import JsonValue

from shared.lengths import millimetres
from shared.schemas.order import OrderState
from shared.words import ANSWERS, CONFLICT_STATE_WORDS, REFUSALS, REPRINT_REASONS, Phrase, reason_words
from sync_server.printing.overview import JobLine


class State(NamedTuple):
    """A state's word and the role whose colour and sign it wears."""

    word: Phrase
    role: str


def _state(zh: str, en: str, role: str) -> State:
    return State(Phrase(zh, en), role)


ORDER_STATES = {
    "draft": _state("草稿", "Draft", "wait"),
    "released": _state("已下达", "Released", "info"),
    "in_production": _state("生产中", "In production", "info"),
    "complete": _state("已完成", "Complete", "ok"),
    "cancelled": _state("已取消", "Cancelled", "stop"),
}
OPEN_ORDERS = frozenset({OrderState.DRAFT, OrderState.RELEASED, OrderState.IN_PRODUCTION})
"""What can still be cancelled."""

PIECE_STATES = {
    "planned": _state("未开工", "Not started", "wait"),
    "in_process": _state("生产中", "In production", "info"),
    "awaiting_inspection": _state("待检", "To be inspected", "wait"),
    "passed": _state("合格", "Passed", "ok"),
    "in_stock": _state("在库", "In stock", "ok"),
    "loaded": _state("已装车", "Loaded", "ok"),
    "in_transit": _state("运输中", "On its way", "info"),
    "handed_over": _state("已签收", "Handed over", "ok"),
    "returned": _state("退回", "Returned", "stop"),
    "scrapped": _state("报废", "Scrapped", "stop"),
    "cancelled": _state("已取消", "Cancelled", "stop"),
}
_CONFLICT_ROLES = {"open": "stop", "waiting": "wait", "resolved": "ok"}
CONFLICT_STATES = {state: State(CONFLICT_STATE_WORDS[state], role) for state, role in _CONFLICT_ROLES.items()}
CALL_OPEN = State(ANSWERS["call_leader"], "stop")
NO_CONFLICTS = {
    "open": Phrase("现在没有要决定的。", "There is nothing to decide."),
    "waiting": Phrase("没有在等补扫的。", "Nothing waits for a scan."),
    "resolved": Phrase("还没有处理过的。", "Nothing was settled yet."),
}
QUARANTINES = {
    "device_revoked": Phrase("设备已停用", "the device is revoked"),
    "cloned_device": Phrase(
        "同一个编号来了两份内容（设备被复制）", "one number came with two contents (a copied device)"
    ),
}
KEPT_APART = Phrase(
    "“{name}”有 {count} 条记录被隔离：{why}。最早的在 {since} 收到。",
    "{count} records of '{name}' are kept apart: {why}. The first came at {since}.",
)
REVOKED = _state("已停用", "Revoked", "stop")
SILENT = _state("没有联系", "Silent", "wait")
MANY_REPEATS = _state("看看枪和习惯", "Look at gun and habit", "wait")
IN_USE = _state("在用", "In use", "ok")
OUT_OF_USE = _state("停用", "Out of use", "wait")
PRINT_STATES = {
    "queued": _state("排队", "Queued", "wait"),
    "printing": _state("正在打", "Printing", "info"),
    "waits": _state("等打印机", "Waits for the printer", "wait"),
    "in_doubt": _state("要您看一下", "Have a look", "stop"),
    "stuck": _state("停住了", "Stuck", "stop"),
    "cancelling": _state("正在取消", "Being cancelled", "wait"),
    "cancelled": _state("已取消", "Cancelled", "stop"),
    "done": _state("打完了", "Printed", "ok"),
}
_PRINT_AGAIN = Phrase("请取消，再从订单页打没打的。", "Cancel it, and print what is missing from the order's page.")
PRINT_PROBLEMS = {
    "paper_out": Phrase("没有纸了：装上标签纸，会自己接着打。", "Out of labels: load a roll, it goes on by itself."),
    "ribbon_out": Phrase("没有碳带了：换上碳带，会自己接着打。", "Out of ribbon: load one, it goes on by itself."),
    "head_open": Phrase("盖子没盖好：盖上，会自己接着打。", "Its lid is open: close it, it goes on by itself."),
    "paused": Phrase("打印机被按了暂停：再按一下暂停键。", "It is paused: press its pause key again."),
    "other": Phrase(
        "打印机报错或没有回答：看一下纸、碳带和盖子。", "It reports an error or is silent: check roll and lid."
    ),
    "no_fonts": Phrase(
        "服务器缺少字体：请管理员运行 mumen build-app，会自己接着打。",
        "The server lacks its fonts: run mumen build-app, it goes on by itself.",
    ),
    "restored": Phrase(
        "服务器从备份恢复过，不知道打到哪一张了。", "The server was restored: nobody knows how far it got."
    ),
    "unreadable": Phrase(
        "有一张标签扫不出来，没有打。请告诉管理员。", "A label could not be read back. Tell your administrator."
    ),
    "failed": Phrase("打印出错，服务器的日志里写了原因。", "Printing failed; the server's log says why."),
    "off": Phrase("打印机已停用。", "The printer is out of use."),
}
STUCK_PROBLEM = Phrase("{problem}{again}", "{problem} {again}")
CARDS = {
    "P": Phrase("包裹标签", "Package labels"),
    "S": Phrase("发货标签", "Shipment labels"),
    "T": Phrase("工位卡", "Station cards"),
    "W": Phrase("工牌", "Badges"),
    "L": Phrase("库位卡", "Location cards"),
}
TEST_LABEL = Phrase("试打", "test label")
DID_IT_COME_OUT = Phrase(
    "“{printer}”断过，它自己说不清第 {number}/{of} 张（{order}）出来了没有。请到打印机上找一下。",
    "'{printer}' broke off and cannot tell whether label {number} of {of} ({order}) came out. Look for it there.",
)
PRINTER_LANGUAGES = {
    "zpl": Phrase("ZPL（斑马 Zebra 和兼容机）", "ZPL (Zebra and compatible)"),
    "tspl": Phrase("TSPL（台半 TSC、佳博、汉印等）", "TSPL (TSC, Gprinter, HPRT and others)"),
}
ONLINE = _state("在线", "Online", "ok")
OFFLINE = _state("离线", "Offline", "wait")
SIGNS = {"ok": "✓", "wait": "◐", "stop": "×", "info": "→"}
LINE_KINDS = {
    "door_set": Phrase("整套门", "Door set"),
    "frame_only": Phrase("只要门套", "Frame only"),
    "trim": Phrase("只要线条", "Trim only"),
    "hardware_only": Phrase("只要五金", "Hardware only"),
}
CHANNELS = {
    "store": Phrase("门店", "Store"),
    "phone": Phrase("电话", "Phone"),
    "dealer": Phrase("经销商", "Dealer"),
    "web_shop": Phrase("网店", "Web shop"),
}
EVENTS = {
    "operation_started": Phrase("开工", "Started"),
    "operation_completed": Phrase("完工", "Completed"),
    "operation_repeated": Phrase("重复扫码", "Scanned again"),
    "operation_inferred": Phrase("推断已做", "Inferred as done"),
    "inspection_passed": Phrase("检验合格", "Inspection passed"),
    "inspection_failed": Phrase("检验不合格", "Inspection failed"),
    "inspection_contradicted": Phrase("检验结果矛盾", "Inspections disagree"),
    "conflict_opened": Phrase("先扫了后面的，等补扫", "Scanned too early, waits"),
    "conflict_escalated": Phrase("等到期，转人工", "Waited long enough, to be decided"),
    "conflict_resolved": Phrase("已处理", "Settled"),
    "verdict_answered": Phrase("看了结果", "Answered the verdict"),
    "call_closed": Phrase("叫组长：处理好了", "Call for a leader: seen to"),
    "leader_called": Phrase("叫组长", "Called for a leader"),
    "piece_identified": Phrase("没有标签，组长确认是这件", "No label; a leader confirmed which piece it is"),
    "rework_started": Phrase("返工", "Rework"),
    "old_loop_scanned": Phrase("返工前的旧扫码", "A scan from before the rework"),
    "label_reprinted": Phrase("补打标签", "Label printed again"),
    "label_revoked": Phrase("标签作废，换新码", "Label revoked, new code"),
    "labels_printed": Phrase("打印标签", "Labels printed"),
    "printing_cancelled": Phrase("取消打印", "Printing cancelled"),
    "piece_bound": Phrase("放上架", "Put on a rack"),
    "piece_unbound": Phrase("从架上取下", "Taken off a rack"),
    "photo_attached": Phrase("拍照", "Photo taken"),
    "photo_stored": Phrase("照片已传到", "Photo arrived"),
}
REVOKE_REASONS = {
    "wrong_piece": Phrase("贴错了件", "It is on the wrong piece"),
    "lost": Phrase("标签丢在外面", "It was lost outside"),
    "copied": Phrase("被人复制", "Somebody copied it"),
}
NOT_TAKEN = {
    "attach_photo": Phrase("照片没有入账", "Photo not taken in"),
    "rework_piece": Phrase("返工没有入账", "Rework refused"),
    "resolve_conflict": Phrase("处理没有入账", "Decision refused"),
    "close_call": Phrase("处理没有入账", "Decision refused"),
    "reprint_label": Phrase("补打没有入账", "Reprint refused"),
    "revoke_label": Phrase("作废没有入账", "Revocation refused"),
    "print_labels": Phrase("打印没有入账", "Printing refused"),
    "issue_labels": Phrase("打印没有入账", "Printing refused"),
}
"""A command that was refused, by its type; what is missing here was a scan."""

SCAN_NOT_TAKEN = Phrase("扫码没有入账", "Scan refused")
PARKED = Phrase("服务器没看懂，原样留着等人处理", "not understood by the server, kept as it came")
PHOTO_KINDS = {"photo": Phrase("照片", "Photo"), "signature": Phrase("签名", "Signature")}
FIELDS = {
    "customer_name": Phrase("客户姓名", "Customer"),
    "customer_phone": Phrase("电话", "Phone"),
    "channel": Phrase("渠道", "Channel"),
    "promised_on": Phrase("约定日期", "Promised for"),
    "address": Phrase("地址", "Address"),
    "remarks": Phrase("备注", "Remarks"),
    "lines": Phrase("订单行", "Lines"),
    "model_id": Phrase("型号", "Model"),
    "kind": Phrase("类型", "Kind"),
    "room": Phrase("房间", "Room"),
    "height_tenth_mm": Phrase("高", "Height"),
    "width_tenth_mm": Phrase("宽", "Width"),
    "thickness_tenth_mm": Phrase("厚", "Thickness"),
    "wall_thickness_tenth_mm": Phrase("墙厚", "Wall thickness"),
    "opening": Phrase("开向", "Opening"),
    "colour": Phrase("颜色", "Colour"),
    "quantity": Phrase("数量", "Quantity"),
}
LINE_REMARKS = Phrase("本行备注", "Remarks on this line")
LINE_FIELD = Phrase("第 {line} 行 {field}", "Line {line}, {field}")
PROBLEMS = {
    "missing": Phrase("还没填", "not filled in yet"),
    "phone_wrong": Phrase(
        "不是手机号（11 位）、带区号的座机或 400/800 电话",
        "neither a mobile (11 digits), a landline with its area code, nor a 400/800 number",
    ),
    "not_positive": Phrase("要大于 0", "must be more than 0"),
    "too_small": Phrase("太小，最小 {min} mm", "too small, at least {min} mm"),
    "too_large": Phrase("太大，最大 {max} mm", "too large, at most {max} mm"),
    "too_many": Phrase("太多，最多 {max}", "too many, at most {max}"),
    "model_unknown": Phrase("没有这个型号", "no such model"),
    "model_inactive": Phrase("型号已停用", "this model is no longer made"),
    "kind_not_offered": Phrase("这个型号不做这种", "this model is not made in this kind"),
    "colour_not_offered": Phrase("没有这个颜色，可选：{offered}", "no such colour, there is: {offered}"),
    "no_lines": Phrase("至少要一行", "at least one line is needed"),
    "not_a_whole_number": Phrase("不是整数", "not a whole number"),
    "not_a_length": Phrase("不是毫米数（最多一位小数）", "not in millimetres (at most one decimal)"),
    "too_long_for_label": Phrase("太长，标签上最多 {max} 个字", "too long, a label holds {max} characters"),
    "date_past": Phrase("已经过去了，最早 {first}", "in the past, at the earliest {first}"),
    "date_too_far": Phrase("太远了，最晚 {last}", "too far ahead, at the latest {last}"),
    "not_a_date": Phrase("不是日期，请写成 2026-12-24", "not a date, write it as 2026-12-24"),
    "too_long": Phrase("填得不对或太长，请改短", "wrong or too long, please shorten"),
}
REFUSAL_ADVICE = {
    "order_incomplete": Phrase("请按提示补全。", "See what is missing."),
    "order_changed_meanwhile": Phrase(
        "还没有保存。您填的还在下面：核对后再点保存，就以您的为准。",
        "Nothing was saved. What you typed is still here: check it and save again, then yours counts.",
    ),
    "order_not_a_draft": Phrase(
        "已经下达或取消的订单不能再改。", "An order that was released or cancelled can no longer be changed."
    ),
    "order_exists": Phrase(
        "它已经保存过一次。现在的内容还没有保存：再点一次保存，就改成现在的内容。",
        "It was saved once before. What stands here now was not saved: save again to change it to this.",
    ),
    "rack_code_taken": Phrase("请换一个架号，或修改原来那个架。", "Choose another code, or edit the rack that has it."),
    "order_cancelled": Phrase("没有再改动什么。", "Nothing more was changed."),
    "printer_unknown": Phrase("请回到“打印”页，换一台。", "Go back to the printing page and choose another."),
    "nothing_to_print": Phrase("订单下达以后才有标签。", "An order has labels once it is released."),
    "too_many_labels": Phrase("请用订单页的 A4 标签 (PDF)。", "Use the A4 labels (PDF) on the order's page instead."),
}
"""What somebody in the office can do about a refusal."""

OTHER_ADVICE = Phrase("请找主管。", "Ask a manager.")
REFUSED = Phrase("{title}。{advice}", "{title}. {advice}")
GO_HOME = Phrase("请检查网址，或回到首页。", "Check the address, or go back to the first page.")


def last_heard(at: str) -> State:
    """What a device is called that is neither online nor silent yet."""
    return _state(f"最近联系 {at}", f"Last heard {at}", "info")


def field_name(name: str, line: int | None) -> Phrase:
    """What a field is called in a list of problems; with its line where it belongs to one."""
    label = FIELDS.get(name, Phrase(name, name))
    return LINE_FIELD.filled(line=line, field=label) if line else label


def problem_text(code: str, facts: Mapping[str, JsonValue]) -> Phrase:
    """One problem in words, with its limits in millimetres."""
    offered = facts.get("offered")
    names = [str(one) for one in offered] if isinstance(offered, list) else []
    values = {
        "min": _mm(facts.get("min_tenth_mm")),
        "max": _mm(facts.get("max_tenth_mm")) or facts.get("max", ""),
        "first": facts.get("first", ""),
        "last": facts.get("last", ""),
        "offered": Phrase("、".join(names), ", ".join(names)),
    }
    return PROBLEMS.get(code, Phrase(code, code)).filled(**values)


def refusal_text(code: str) -> Phrase:
    """Why the server did not do it, and what to do."""
    title = REFUSALS.get(code, Phrase(code, code))
    return REFUSED.filled(title=title, advice=REFUSAL_ADVICE.get(code, OTHER_ADVICE))


def refusal_name(code: str) -> Phrase:
    """Why something was refused, in a few words."""
    return REFUSALS.get(code, PARKED if code == "parked" else Phrase(code, code))


def print_problem(line: JobLine) -> Phrase:
    """What keeps a print job from going on, and what to do."""
    if line.problem_zh:
        return Phrase(line.problem_zh, line.problem_en)
    problem = PRINT_PROBLEMS.get(line.problem or "off", PRINT_PROBLEMS["other"])
    return STUCK_PROBLEM.filled(problem=problem, again=_PRINT_AGAIN) if line.state == "stuck" else problem


def reason_text(reason: str) -> Phrase:
    """What was wrong with a piece, as the floor recorded it; or with its label, by the code that the page sent."""
    return REPRINT_REASONS.get(reason) or REVOKE_REASONS.get(reason) or reason_words(reason)


def answer_text(answer: str) -> Phrase:
    """What somebody does about a verdict; an app may know more ways than this server."""
    return ANSWERS.get(answer, Phrase(answer, answer))


def _mm(value: JsonValue) -> str:
    return millimetres(value) if isinstance(value, int) else ""
