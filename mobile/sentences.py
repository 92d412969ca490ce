"""Sentences made of an outcome's facts, in both languages, whole in each; a bad end always says what to do."""

from collections.abc import Sequence
from typing import cast

from mobile.outcome import Outcome, SignIn, SignInStatus, Tone
from mobile.strings import CHOSEN, ITS_STATION, NEXT_STATION, next_step, verdict
from shared.label_code import pretty
from shared.words import BECAUSE, CHOICES, RESOLUTIONS, Phrase, reason_words

_SOMEBODY = Phrase("有人", "Somebody")
_ELSEWHERE = Phrase("别处", "another station")
_AGAIN = Phrase("本机重复扫了 {count} 次，只算一次", "Scanned again here {count}×; it counts once.")
_EARLIER = Phrase("前面的工序", "the operations before")
_BY_ITSELF = Phrase("系统", "The system")
_ON_ANOTHER_RACK = frozenset({"rack_changed_meanwhile", "not_on_this_rack"})
_ON_NO_RACK = Phrase("现在不在任何架上", "It is on no rack now")
_NO_REASON = Phrase("原因：未写明", "No reason was given.")
_READ = Phrase("读到：{text}", "It reads: {text}")
_TAKE_AGAIN = Phrase("这张照片没有记下，请再拍一张", "This photo was not recorded: take it again.")
_DO_NOT_USE = Phrase("这件不要再做", "Nobody needs it any more: do not work on it.")

_COPY = Phrase("（副本 {number}）", ", copy {number}")
_ONLY_THE_NEW = Phrase(
    "{made}只认新的；找不到就让组长补打",
    "{made}Only the new one counts; if it is missing, a leader prints it again.",
)

_DETAILS: dict[str, Phrase] = {
    "inspection_due": Phrase("工序：{operation_name}", "Operation: {operation_name}"),
    "not_known_here": Phrase("联网后由服务器核对", "The server will check it when the network is back."),
    "parked": Phrase("已收到，办公室会处理", "It has arrived; the office sees to it."),
    "storage_full": Phrase("存储已满，这一扫没有记下", "Storage is full: this scan was not recorded."),
    "photo_not_kept": Phrase("存储已满，这张照片没有记下", "Storage is full: this photo was not recorded."),
    "photo_unreadable": _TAKE_AGAIN,
    "photo_too_large": _TAKE_AGAIN,
    "not_permitted": Phrase("登录的人不能做这一步", "Who is signed in may not do this step."),
    "label_revoked": Phrase("这张标签不能再用", "This label no longer counts."),
    "piece_cancelled": _DO_NOT_USE,
    "piece_scrapped": _DO_NOT_USE,
}
"""What stands under a verdict where its code alone decides it."""

_UNREADABLE: dict[str, Phrase] = {
    "foreign": Phrase("只有木门的标签能扫", "Only labels of this factory can be scanned here."),
    "damaged": Phrase("没有读全：再扫，或输入下面印的条码", "Scan it again, or type the code printed under the QR."),
    "wrong_check": Phrase(
        "有字符不对：对照标签再扫，或再输一次",
        "A character is wrong: compare it with the label, then scan or type it again.",
    ),
    "newer_label": Phrase("联网更新应用后再扫", "Connect, open the app again to update it, then scan again."),
    "read_with_gaps": Phrase(
        "枪断了一下，没收全。老这样：给枪充电，离近点",
        "The gun stalled and not all came. If it happens often, charge the gun or go nearer.",
    ),
}


def detail(outcome: Outcome, when: str) -> list[Phrase]:
    """What a person wants to know beyond the verdict; `when` is the time of the first scan, as people say it."""
    facts = outcome.facts
    match outcome.code:
        case "already":
            again = [_AGAIN.filled(count=facts["repeats"])] if facts.get("repeats") else []
            first = {"name": facts.get("worker_name") or _SOMEBODY, "place": _named(outcome, "station", _ELSEWHERE)}
            return [
                Phrase("{name} 已在 {place} 完成 · {when}", "{name} did it at {place}, {when}.").filled(
                    **first, when=when
                ),
                *again,
            ]
        case "late":
            return [_late(outcome)]
        case "earlier_operation_missing" | "inspection_missing":
            missing = Phrase("还缺：{names}", "Still missing: {names}.").filled(names=list_of(outcome, "missing"))
            return [missing, Phrase("已留待，补上后自动入账", "This scan is kept and counts once they are scanned.")]
        case "piece_on_hold" | "failed" | "contradicted":
            return [_reason(outcome)]
        case "decided" if said := CHOICES.get(str(facts.get("resolution"))):
            return [CHOSEN.filled(said=said)]
        case "conflict_resolved" if said := RESOLUTIONS.get(str(facts.get("resolution"))):
            who = {"name": facts.get("worker_name") or _BY_ITSELF}
            return [Phrase("{name}：{said}", "{name}: {said}.").filled(**who, said=said)]
        case "foreign" | "wrong_check" | "damaged" | "newer_label" | "read_with_gaps":
            return [_READ.filled(text=facts.get("text", "")), _UNREADABLE[outcome.code]]
        case "label_revoked" | "label_replaced" if facts.get("replaced_by"):
            return _renewed(outcome, when)
        case _:
            said = _about_racks(outcome, when) or _DETAILS.get(outcome.code)
            return [said.filled(operation_name=_named(outcome, "operation", _EARLIER))] if said else []


def brief(outcome: Outcome) -> Phrase:
    """One line for the list of latest scans."""
    phrase = verdict(outcome.code)
    name = outcome.facts.get("worker_name")
    if outcome.code == "already" and name:
        return Phrase("已由 {name} 完成", "Done by {name}").filled(name=name)
    if outcome.code == "earlier_operation_missing":
        return Phrase("{phrase} · 已留待", "{phrase}; kept").filled(phrase=phrase)
    if outcome.tone is Tone.STOP and "call_leader" in outcome.next_steps:
        return Phrase("{phrase} · 找组长", "{phrase}; call the leader").filled(phrase=phrase)
    return phrase


def steps(outcome: Outcome) -> Phrase | None:
    """What to do now, the ways that are open side by side; None where there is nothing to do."""
    named = [next_step(step) for step in outcome.next_steps]
    if not named:
        return None
    return Phrase(" / ".join(step.zh for step in named), " / ".join(step.en for step in named))


def next_station(outcome: Outcome) -> Phrase | None:
    """`下一站：压贴 S-PRESS`, or `该去：…` for a piece that came here before its time; None at the end of the route."""
    name = outcome.next_operation_name
    if name is None:
        return None
    operation = Phrase(name, outcome.next_operation_name_en or name)
    station = f" {outcome.next_station_code}" if outcome.next_station_code else ""
    label = ITS_STATION if outcome.is_misplaced else NEXT_STATION
    said = Phrase("{label}：{operation}{station}", "{label}: {operation}{station}")
    return said.filled(label=label, operation=operation, station=station)


def where(outcome: Outcome) -> Phrase:
    """Where the scan is kept by now."""
    if outcome.is_synced and outcome.is_refused:
        return Phrase("服务器已核对 · 没有入账", "Checked by the server, not booked")
    if outcome.is_synced:
        return Phrase("已入账", "Booked on the server")
    if outcome.is_recorded:
        return Phrase("本机已记录 · 待传", "Kept on this device, not sent yet")
    return Phrase("未记录", "Not recorded") if outcome.ask is None else Phrase("等你填结果", "Waits for your result")


ENROL_PROBLEMS: dict[str, Phrase] = {
    "offline": Phrase(
        "连不上服务器：检查网络后再试", "The server cannot be reached: check the network, then try again."
    ),
    "mistyped": Phrase(
        "登记码输错了：对照办公室的屏幕再输一次",
        "The code was mistyped: compare it with the office's screen and type it again.",
    ),
    "door_label": Phrase(
        "这是门上的标签：请扫办公室“设备”页上的登记码",
        "This is a door's label: scan the code on the office's page 'Devices'.",
    ),
    "other_label": Phrase(
        "这是别的标签：请扫办公室“设备”页上的登记码",
        "This is a label of another kind: scan the code on the office's page 'Devices'.",
    ),
    "read_with_gaps": Phrase("枪读漏了：再扫一次", "The gun read with gaps: scan the code again."),
    "enrolment_unknown": Phrase(
        "登记码不对 → 向办公室要新码", "The factory does not know this code: ask the office for a new one."
    ),
    "enrolment_expired": Phrase(
        "登记码已过期 → 向办公室要新码", "This code has expired: ask the office for a new one."
    ),
    "enrolment_used": Phrase(
        "登记码已用过 → 向办公室要新码", "This code was used already: ask the office for a new one."
    ),
    "storage_full": Phrase(
        "存储已满，没有登记：清理存储后再试",
        "Storage is full and nothing was enrolled: free some space, then try again.",
    ),
}


def enrol_problem(code: str) -> Phrase:
    """Why enrolling did not work, and what to do next."""
    unknown = Phrase(
        "服务器出错（{code}）：稍后再试，或告诉办公室",
        "The server failed ({code}): try again later, or tell the office.",
    )
    return ENROL_PROBLEMS.get(code) or unknown.filled(code=code)


def sign_in_problem(answer: SignIn, locked_until: str) -> Phrase:
    """Why a PIN was not taken, and what to do next; `locked_until` is a time of day."""
    match answer.status:
        case SignInStatus.WRONG:
            tries = "1 try" if answer.tries_left == 1 else f"{answer.tries_left} tries"
            return Phrase(
                "密码不对，还能试 {left} 次：看清再输，忘了找办公室",
                "Wrong PIN, {tries} left: type it again, or ask the office if you forgot it.",
            ).filled(left=answer.tries_left, tries=tries)
        case SignInStatus.LOCKED:
            return Phrase(
                "试错太多，锁到 {until}；其他人照常使用。到时再试",
                "Too many wrong tries: locked until {until}; others can sign in. Try again then.",
            ).filled(until=locked_until)
        case SignInStatus.STORAGE_FULL:
            return Phrase(
                "存储已满，不能登录：请组长清理存储",
                "Storage is full, so nobody can sign in: ask the leader to free space.",
            )
        case _:
            return Phrase("没有密码，请找办公室", "This person has no PIN: ask the office for one.")


PROBLEMS: dict[str, Phrase] = {
    "device_revoked": Phrase(
        "这台设备已停用：请导出记录并联系办公室",
        "This device was revoked: export what is unsent and call the office.",
    ),
    "not_enrolled": Phrase(
        "服务器不认识这台设备：请导出记录并联系办公室",
        "The server does not know this device: export what is unsent and call the office.",
    ),
    "cloned_device": Phrase(
        "设备可能被复制：记录都在本机，请联系办公室",
        "This device seems to have been copied; all scans are kept here. Call the office.",
    ),
    "wrong_signature": Phrase(
        "签名不符：请联系办公室重新登记", "The signature does not fit: the office must enrol this device again."
    ),
    "storage_full": Phrase(
        "存储已满，暂停同步；记录都在。请组长清理存储",
        "Storage is full and syncing waits; nothing is lost. Ask the leader to free space.",
    ),
}


def problem(code: str) -> Phrase:
    """What keeps a device from syncing, and what to do; nothing that was scanned is lost meanwhile."""
    unknown = Phrase(
        "服务器出错（{code}），记录都在本机，请告诉办公室",
        "The server failed ({code}); all scans are kept here. Tell the office.",
    )
    return PROBLEMS.get(code) or unknown.filled(code=code)


def duration(minutes: int) -> Phrase:
    """How long, in the largest unit that fits."""
    if minutes < 60:
        return Phrase("{n}分钟", "{n} min").filled(n=max(minutes, 1))
    if minutes < 48 * 60:
        return Phrase("{n}小时", "{n} h").filled(n=minutes // 60)
    return Phrase("{n}天", "{n} d").filled(n=minutes // 1440)


def _renewed(outcome: Outcome, when: str) -> list[Phrase]:
    """Which label counts in place of a dead one, since when, and where to get it."""
    facts = outcome.facts
    code, copies = facts.get("new_label_code") or facts["replaced_by"], facts.get("new_label_copies")
    copy = _COPY.filled(number=copies) if isinstance(copies, int) and copies > 1 else Phrase("", "")
    fresh = Phrase("新标签：{code}{copy}", "The new label reads {code}{copy}.").filled(
        code=pretty(str(code)), copy=copy
    )
    made = Phrase("{when} 换的，", "It was made at {when}. ").filled(when=when) if when else Phrase("", "")
    return [fresh, _ONLY_THE_NEW.filled(made=made)]


def _late(outcome: Outcome) -> Phrase:
    if outcome.facts.get("code") == "old_loop":
        return Phrase("返工前的记录，已存档", "This scan is from before the rework; it stays in the history.")
    said = Phrase("没扫的：{names}，已按做过记录", "Not scanned before: {names}. They are booked as done.")
    return said.filled(names=list_of(outcome, "inferred"))


def _about_racks(outcome: Outcome, when: str) -> Phrase | None:
    """Where a piece came from, or where it is by now and who has moved it when; None where it is about no rack."""
    before = outcome.facts.get("from_rack_code")
    if outcome.code == "bound":
        return Phrase("从 {rack} 换过来的", "It was moved here from {rack}.").filled(rack=before) if before else None
    if outcome.code not in _ON_ANOTHER_RACK:
        return None
    rack = outcome.facts.get("rack_code")
    place = Phrase("现在在架 {rack}", "It is on rack {rack} now").filled(rack=rack) if rack else _ON_NO_RACK
    if not when:
        return Phrase("{place}", "{place}.").filled(place=place)
    who = outcome.facts.get("worker_name") or _SOMEBODY
    said = Phrase("{place}：{name} {when} 动过", "{place}: {name} moved it at {when}.")
    return said.filled(place=place, name=who, when=when)


def _reason(outcome: Outcome) -> Phrase:
    reason = outcome.facts.get("reason")
    return BECAUSE.filled(reason=reason_words(str(reason))) if reason else _NO_REASON


def _named(outcome: Outcome, what: str, unknown: Phrase) -> Phrase:
    """The name of a fact, such as `station_name` and `station_name_en`."""
    name = outcome.facts.get(f"{what}_name")
    return Phrase(str(name), str(outcome.facts.get(f"{what}_name_en") or name)) if name else unknown


def list_of(outcome: Outcome, what: str) -> Phrase:
    """The names of a list of operations, such as `missing_names` and `missing_names_en`."""
    facts = outcome.facts
    names, names_en = (cast("Sequence[str]", facts.get(f"{what}_names{language}", ())) for language in ("", "_en"))
    return Phrase("、".join(names), ", ".join(names_en or names)) if names else _EARLIER
