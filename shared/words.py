"""The domain's words in both languages: app, office and labels say the same word for the same thing.

The keys are the values of the schemas' enumerations, as plain text: this module imports nothing of ours, because the
app's first frame needs it and must not wait for the schemas.
"""

from typing import NamedTuple


class Phrase(NamedTuple):
    """One word or sentence in both languages; an empty one is false."""

    zh: str
    en: str

    def __bool__(self) -> bool:
        return bool(self.zh)

    def filled(self, **values: object) -> "Phrase":
        """The sentence with its values in their places; a value that is a phrase itself is said in its language."""
        return Phrase(
            self.zh.format(**{k: v.zh if isinstance(v, Phrase) else v for k, v in values.items()}),
            self.en.format(**{k: v.en if isinstance(v, Phrase) else v for k, v in values.items()}),
        )


PIECE_KINDS = {
    "leaf": Phrase("门扇", "Leaf"),
    "frame": Phrase("门套", "Frame"),
    "architrave": Phrase("门套线", "Architrave"),
    "hardware": Phrase("五金", "Hardware"),
}
OPENINGS = {
    "left_in": Phrase("左内开", "Left inward"),
    "left_out": Phrase("左外开", "Left outward"),
    "right_in": Phrase("右内开", "Right inward"),
    "right_out": Phrase("右外开", "Right outward"),
}
"""The side of the hinges as seen from outside, and which way the leaf swings."""

DEFECTS = {
    "scratched": Phrase("划伤", "scratched"),
    "wrong_colour": Phrase("色差", "wrong colour"),
    "wrong_size": Phrase("尺寸不对", "wrong size"),
    "blistered": Phrase("鼓包开裂", "blistered or cracked"),
    "other": Phrase("其他", "other"),
}
"""What can be wrong at an inspection, by its stable code. The Chinese word is what goes on record as the reason."""

REFUSALS = {
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
    "sent_back": Phrase("退回上一站", "Sent back"),
    "contradicted": Phrase("检验结果不一致", "Inspections contradict"),
    "conflict_unknown": Phrase("不认识这张待办", "Conflict unknown"),
    "conflict_resolved": Phrase("已由别人处理", "Decided already"),
    "call_unknown": Phrase("已有人处理", "Seen to already"),
    "resolution_not_possible": Phrase("不能这样处理", "Cannot be decided so"),
    "photo_unknown": Phrase("不认识这张照片", "Photo unknown"),
    "device_unknown": Phrase("不认识这台设备", "Device unknown"),
    "device_revoked": Phrase("设备已停用", "Device revoked"),
    "quarantined": Phrase("已收到，等组长放行", "Received, a leader has to release it"),
    "trip_unknown": Phrase("不认识这趟车", "Trip unknown"),
    "rack_unknown": Phrase("没有这个架，或已停用", "No such rack, or it is not used any more"),
    "rack_code_taken": Phrase("架号已经用过", "This rack code is taken"),
    "rack_changed_meanwhile": Phrase("这件刚被别人换了架", "Somebody else has moved it since"),
    "not_on_this_rack": Phrase("不在这个架上", "Not on this rack"),
    "person_unknown": Phrase("不认识这个人", "Person unknown"),
    "order_unknown": Phrase("不认识这张订单", "Order unknown"),
    "order_exists": Phrase("订单已存在", "Order exists already"),
    "order_incomplete": Phrase("订单没填完整", "Order incomplete"),
    "order_not_a_draft": Phrase("订单不是草稿", "Order is not a draft"),
    "order_cancelled": Phrase("订单已取消", "Order cancelled"),
    "order_changed_meanwhile": Phrase("订单刚被别人改过", "Order changed meanwhile"),
    "printer_unknown": Phrase("没有这台打印机，或已停用", "No such printer, or it is not used any more"),
    "print_job_unknown": Phrase("没有这个打印任务", "No such print job"),
    "labels_printed": Phrase("标签打过了", "Labels printed already"),
    "nothing_to_print": Phrase("没有标签可打", "No labels to print"),
    "too_many_labels": Phrase("一次打得太多", "Too many labels at once"),
    "enrolment_unknown": Phrase("登记码不对", "Code unknown"),
    "enrolment_expired": Phrase("登记码已过期", "Code expired"),
    "enrolment_used": Phrase("登记码已用过", "Code used already"),
}
"""What a refusal's code says in a few words; what to do about it stands with the screens."""

CONFLICT_STATE_WORDS = {
    "open": Phrase("要您决定", "To decide"),
    "waiting": Phrase("等补扫", "Waits for a scan"),
    "resolved": Phrase("已处理", "Settled"),
}
TOO_EARLY = Phrase("“{operation}”扫到了，前面的还没扫：{missing}。", "'{operation}' was scanned before: {missing}.")
CONTRADICTED = Phrase(
    "“{operation}”两个检验结果不一样：{passed_by} 说合格，{failed_by} 说不合格。现在按不合格暂停。",
    "Two results for '{operation}' differ: {passed_by} passed it, {failed_by} failed it. It is on hold by the stricter "
    "one.",
)
BECAUSE = Phrase("原因：{reason}", "Reason: {reason}")
CHOICES = {
    "accept_gap": Phrase("前面的做过了，入账", "The earlier work was done: let it count"),
    "send_back": Phrase("没做，退回补做", "It was not: send the piece back"),
    "accept_pass": Phrase("按合格，解除暂停", "It is good: lift the hold"),
    "uphold": Phrase("按不合格，返工或报废", "It is not: rework or scrap it"),
}
"""What the buttons say with which a person decides a conflict."""

RESOLUTIONS = {
    "arrived": Phrase("补扫已到，自动入账", "The missing scan came"),
    "moot": Phrase("不用再决定了", "Decided otherwise meanwhile"),
    "accept_gap": Phrase("算前面做过，已入账", "Counted; the gap was accepted"),
    "send_back": Phrase("退回补做", "Sent back"),
    "accept_pass": Phrase("按合格，已解除暂停", "Passed; the hold was lifted"),
    "uphold": Phrase("按不合格，继续暂停", "Failed; it stays on hold"),
}
"""How a conflict ended."""

ANSWERS = {
    "understood": Phrase("知道了", "Understood"),
    "redo": Phrase("重新做", "Do it again"),
    "call_leader": Phrase("叫组长", "Call leader"),
}
"""What somebody does about a verdict that they had not expected: the buttons, and the history."""

CALL_REASONS = {"no_label": Phrase("没有标签，先放一边了", "No label; the piece is put aside")}
"""Why somebody calls without having scanned anything."""

CALLED = Phrase("{name} 叫组长", "{name} calls for a leader")
CALLED_BECAUSE = Phrase("{name} 叫组长：{why}", "{name} calls for a leader: {why}")
SEEN_TO = Phrase("处理好了", "Seen to")

REPRINT_REASONS = {
    "came_off": Phrase("掉了", "It came off"),
    "unreadable": Phrase("看不清、扫不出", "It cannot be read"),
    "other_side": Phrase("两面各贴一张", "One for each side"),
    "bad_print": Phrase("打印坏了", "The print was bad"),
}
"""Why one more copy of a label is made, by the code that goes on record."""

_DEFECT_CODES = {word.zh: code for code, word in DEFECTS.items()}


def defect_code(reason: str) -> str | None:
    """The code of a recorded reason; None where somebody wrote words of their own."""
    return _DEFECT_CODES.get(reason)


def reason_words(reason: str) -> Phrase:
    """A recorded reason in both languages; words of somebody's own stay as they are."""
    code = defect_code(reason)
    return DEFECTS[code] if code is not None else Phrase(reason, reason)
