"""Every sentence that the app shows: Chinese first, a short English one beside it for who wants it.

An unknown code still gives a sentence that ends with what to do: an older app may meet a newer server's code.
"""

from dataclasses import dataclass
from typing import cast

from mobile.outcome import Outcome, SignIn, SignInStatus, Tone


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
    "late": Phrase("完成，有漏扫", "Done, earlier scans are missing"),
    "not_known_here": Phrase("本机还不认识", "Not known here yet"),
    "parked": Phrase("已收到，待处理", "Received, to be looked at"),
    "foreign": Phrase("不是本厂标签", "Not one of our labels"),
    "wrong_check": Phrase("校验不符", "Check characters do not fit"),
    "nobody_signed_in": Phrase("请先登录", "Sign in first"),
    "inspection_due": Phrase("请填检验结果", "Enter the result"),
    "storage_full": Phrase("没存下", "Not kept"),
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


def detail(outcome: Outcome, when: str) -> list[Phrase]:
    """What a person wants to know beyond the verdict: who was first, what is missing, why it is on hold."""
    facts = outcome.facts
    match outcome.code:
        case "already":
            name, place = facts.get("worker_name", "有人"), facts.get("station_name", "别处")
            return [Phrase(f"{name} 已在 {place} 完成 · {when}", f"by {name} at {place}, {when}")]
        case "late":
            if facts.get("code") == "old_loop":
                return [Phrase("返工前的记录，已存档", "from before the rework, kept")]
            names = _listed(facts.get("inferred_names"))
            return [Phrase(f"没扫的：{names}，已按做过记录", "recorded as done")]
        case "earlier_operation_missing" | "inspection_missing":
            names = _listed(facts.get("missing_names"))
            return [
                Phrase(f"还缺：{names}", "missing"),
                Phrase("已留待，补上后自动入账", "kept until they are scanned"),
            ]
        case "piece_on_hold" | "failed":
            return [Phrase(f"原因：{facts.get('reason') or '未写明'}", "reason")]
        case "not_known_here":
            return [Phrase("联网后由服务器核对", "the server will check it")]
        case "foreign" | "wrong_check" | "damaged":
            return [Phrase(f"读到：{facts.get('text', '')}", "read")]
        case "inspection_due":
            return [Phrase(f"工序：{facts.get('operation_name', '')}", "operation")]
        case "storage_full":
            return [Phrase("存储已满，这一扫没有记下", "storage is full, this scan was not recorded")]
        case _:
            return []


def brief(outcome: Outcome) -> Phrase:
    """One line for the list of latest scans."""
    phrase = verdict(outcome.code)
    name = outcome.facts.get("worker_name")
    if outcome.code == "already" and name:
        return Phrase(f"已由 {name} 完成", f"done by {name}")
    if outcome.code == "earlier_operation_missing":
        return Phrase(f"{phrase.zh} · 已留待", f"{phrase.en}, kept")
    if outcome.tone is Tone.STOP and "call_leader" in outcome.next_steps:
        return Phrase(f"{phrase.zh} · 找组长", f"{phrase.en}, call the leader")
    return phrase


def where(outcome: Outcome) -> Phrase:
    """Where the scan is kept by now."""
    if outcome.is_synced:
        return Phrase("已入账", "booked")
    if outcome.is_recorded:
        return Phrase("本机已记录 · 待传", "kept here, to be sent")
    return Phrase("未记录", "not recorded") if outcome.ask is None else Phrase("等你填结果", "waits for your result")


def enrol_problem(code: str) -> Phrase:
    """Why enrolling did not work, and what to do next."""
    if code == "offline":
        return Phrase("连不上服务器：检查网络后再试", "The server cannot be reached; check the network")
    phrase, step = verdict(code), next_step("new_code_from_office")
    return Phrase(f"{phrase.zh} → {step.zh}", f"{phrase.en}. {step.en}")


def sign_in_problem(answer: SignIn, locked_until: str) -> Phrase:
    """Why a PIN was not taken, and what to do next; `locked_until` is a time of day."""
    match answer.status:
        case SignInStatus.WRONG:
            left = answer.tries_left
            return Phrase(f"密码不对，还能试 {left} 次", f"Wrong PIN, {left} tries left")
        case SignInStatus.LOCKED:
            return Phrase(f"试错太多，锁到 {locked_until}；其他人照常使用", f"Locked until {locked_until}")
        case _:
            return Phrase("没有密码，请找办公室", "No PIN, ask the office")


def problem(code: str) -> Phrase:
    """What keeps a device from syncing; nothing that was scanned is lost meanwhile."""
    unknown = Phrase(
        f"服务器出错（{code}），记录都在本机，请告诉办公室", "Server fault, all scans are kept; tell the office"
    )
    return PROBLEMS.get(code, unknown)


PROBLEMS = {
    "device_revoked": Phrase("这台设备已停用：请导出记录并联系办公室", "Device revoked: export and call the office"),
    "not_enrolled": Phrase(
        "服务器不认识这台设备：请导出记录并联系办公室", "Device unknown: export and call the office"
    ),
    "cloned_device": Phrase(
        "设备可能被复制：记录都在本机，请联系办公室", "Device copied? All scans are kept; call the office"
    ),
    "wrong_signature": Phrase("签名不符：请联系办公室重新登记", "Wrong signature: the office must enrol it again"),
}

# ---- what screens ask and buttons do ----

APP = Phrase("木门", "Mumen")
BACK = Phrase("返回", "Back")
ENROL_TITLE = Phrase("登记这台设备", "Enrol this device")
ENROL_GUIDE = Phrase(
    "在办公室“设备”页生成二维码，用平板的相机扫一下；或者在这里输入登记码。",
    "Scan the office's QR with this tablet's camera, or type the code here.",
)
ENROL_FIELD = Phrase("登记码", "Code")
ENROL = Phrase("登记", "Enrol")
ENROLLING = Phrase("正在登记，下载本厂资料……", "Enrolling, fetching the factory's data")
STATION_TITLE = Phrase("选择工位", "Pick the station")
NO_STATIONS = Phrase("还没有工位资料，连上网络后会自动出现。", "No stations yet; they arrive with the network.")
WHO = Phrase("谁在干活？", "Who is working?")
NO_PEOPLE = Phrase("还没有人员资料，连上网络后会自动出现。", "Nobody yet; they arrive with the network.")
NOBODY_FOUND = Phrase("没有找到，换个名字或工号试试。", "Nobody found; try another name or number.")
SEARCH = Phrase("找人：名字或工号", "Name or number")
NUMBER = Phrase("工号", "No.")
SIGN_IN_FIRST = Phrase("请先登录，再扫码", "Sign in first, then scan")
PIN_HINT = Phrase("输入密码", "PIN")
PIN_BACK, PIN_DONE = Phrase("删除", "Delete"), Phrase("确定", "OK")
STATION = Phrase("工位", "Station")
DAY_SHIFT, NIGHT_SHIFT = Phrase("白班", "day shift"), Phrase("夜班", "night shift")
SCAN = Phrase("请扫标签", "Scan a label")
RECENT = Phrase("最近", "Recent")
NOTHING_YET = Phrase("还没有扫码", "Nothing scanned yet")
UNSENT = Phrase("待传", "unsent")
REPEATED = Phrase("重复", "repeated")
ONLINE, OFFLINE = Phrase("在线", "online"), Phrase("离线", "offline")
SYNC_PROBLEM = Phrase("同步有问题", "sync problem")
LABEL = Phrase("标签", "label")
NEXT_STATION = Phrase("下一站", "Next")
ITS_STATION = Phrase("该去", "Belongs at")
TYPE, NO_LABEL = Phrase("输入条码", "Type"), Phrase("没有标签", "No label")
CHANGE_WORKER, STATUS = Phrase("换人", "Change"), Phrase("状态", "Status")
PASS, FAIL = Phrase("合格", "Pass"), Phrase("不合格", "Fail")
WHICH_FAULT = Phrase("哪里不合格？", "What is wrong?")
FAULTS = (
    Phrase("划伤", "scratched"),
    Phrase("色差", "wrong colour"),
    Phrase("尺寸不对", "wrong size"),
    Phrase("鼓包开裂", "blistered or cracked"),
    Phrase("其他", "other"),
)
UNDERSTOOD = Phrase("知道了", "Understood")
NEWS = Phrase("服务器的结果和刚才不同，请处理", "The server decided otherwise")
TYPE_TITLE = Phrase("输入条码", "Type the code")
TYPE_UNDER = Phrase("印在二维码下面", "Printed under the QR")
TYPE_FIELD = Phrase("标签上的条码", "Code on the label")
TYPE_HINT = Phrase("大小写、空格、横线都可以；O 当作 0，I 和 L 当作 1。", "Blanks and small letters are fine.")
OK = Phrase("确定 OK", "")
HELP_TITLE = Phrase("没有标签？", "No label?")
HELP_STEPS = (
    Phrase("看门扇的侧边和背面：每件有两张同样的标签", "Look at edge and back: each piece has two"),
    Phrase("二维码破了：输入下面印的条码", "QR torn: type the code under it"),
    Phrase("都没有：先放一边，找组长补打标签", "None at all: put it aside, the leader prints a new one"),
    Phrase("不要拿别的标签代替", "Never use another piece's label"),
)
STATUS_TITLE = Phrase("设备状态", "Device status")
NETWORK, WAITING = Phrase("网络", "Network"), Phrase("待传", "Unsent")
OLDEST, LAST_CONTACT = Phrase("最早一条", "Oldest"), Phrase("上次联网", "Last contact")
STORAGE, PROBLEM, VERSION = Phrase("存储", "Storage"), Phrase("问题", "Problem"), Phrase("版本", "Version")
WORKER, NOBODY = Phrase("当前人员", "Signed in"), Phrase("没有人登录", "nobody")
OFFLINE_IS_FINE = Phrase("离线 · 照常扫码，联网后自动上传", "offline, scans are sent later")
KEPT = Phrase("已固定，不会被清理", "persistent")
NOT_KEPT = Phrase("未固定：请把应用安装到桌面", "not persistent: install the app")
NEVER, NONE = Phrase("还没有", "never"), Phrase("没有", "none")
EXPORT, EXPORT_UNDER = Phrase("导出未上传的记录", "Export unsent"), Phrase("交给办公室导入", "for the office")
EXPORTED = Phrase("已导出，交给办公室导入", "Exported; give it to the office")
CHANGE_STATION = Phrase("换工位", "Change station")
LANGUAGE_ON = Phrase("显示英文 Show English", "")
LANGUAGE_OFF = Phrase("只显示中文 Chinese only", "")
TAKE_OVER, RETRY = Phrase("在这里用", "Use here"), Phrase("再试一次", "Try again")


def duration(minutes: int) -> Phrase:
    """How long, in the largest unit that fits."""
    if minutes < 60:
        return Phrase(f"{max(minutes, 1)}分钟", f"{max(minutes, 1)} min")
    if minutes < 48 * 60:
        return Phrase(f"{minutes // 60}小时", f"{minutes // 60} h")
    return Phrase(f"{minutes // 1440}天", f"{minutes // 1440} d")


def _listed(names: object) -> str:
    return "、".join(str(name) for name in cast("list[object]", names)) if isinstance(names, list) else "前面的工序"
