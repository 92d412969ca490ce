"""Every word that the app shows: Chinese first, English beside it for who wants it.

What is put together from an outcome's facts stands in `sentences.py`; what the office says too, in `shared/words.py`.
"""

from shared.words import DEFECTS, OPENINGS, PIECE_KINDS, REFUSALS, SEEN_TO, Phrase

__all__ = ["DEFECTS", "OPENINGS", "PIECE_KINDS", "REFUSALS", "Phrase"]

UNKNOWN = Phrase("无法处理 · 找组长", "Cannot be handled · call the leader")

OUTCOMES: dict[str, Phrase] = {
    "completed": Phrase("完成", "Done"),
    "started": Phrase("已开工", "Started"),
    "passed": Phrase("检验合格", "Passed inspection"),
    "failed": Phrase("检验不合格", "Failed inspection"),
    "already": Phrase("已完成过", "Done before"),
    "late": Phrase("完成，有漏扫", "Done, but earlier scans are missing"),
    "not_known_here": Phrase("本机还不认识", "Not known here yet"),
    "parked": Phrase("已收到，待处理", "Received, the office looks at it"),
    "foreign": Phrase("不是本厂标签", "Not one of our labels"),
    "wrong_check": Phrase("校验不符", "The code does not check out"),
    "damaged": Phrase("标签读不全", "The code is not whole"),
    "newer_label": Phrase("标签比应用新", "The label is newer than this app"),
    "read_with_gaps": Phrase("读漏了", "Read with gaps"),
    "nobody_signed_in": Phrase("请先登录", "Sign in first"),
    "inspection_due": Phrase("请填检验结果", "Enter the result"),
    "decided": Phrase("已决定", "Decided"),
    "call_closed": SEEN_TO,
    "bound": Phrase("已放上架", "Put on the rack"),
    "bound_already": Phrase("已在架上", "On this rack already"),
    "taken_off": Phrase("已取下", "Taken off the rack"),
    "off_already": Phrase("不在架上了", "On no rack any more"),
    "storage_full": Phrase("没存下", "Not kept"),
    "label_copied": Phrase("标签副本已做", "Label copied"),
    "photo_kept": Phrase("已拍照", "Photo kept"),
    "photo_not_kept": Phrase("照片没存下", "Photo not kept"),
    "photo_unreadable": Phrase("照片打不开", "Picture cannot be read"),
    "photo_too_large": Phrase("照片太大", "Picture too large"),
}

NEXT_STEPS: dict[str, Phrase] = {
    "go_to_station": Phrase("送到该去的工位", "Take it to its station"),
    "call_leader": Phrase("找组长", "Call the leader"),
    "scan_again": Phrase("再扫一次", "Scan again"),
    "put_aside": Phrase("先放一边", "Put it aside"),
    "use_new_label": Phrase("扫新标签", "Scan the new label"),
    "inspect": Phrase("先检验", "Have it inspected"),
    "sign_in_again": Phrase("重新登录", "Sign in again"),
    "pick_station": Phrase("重选工位", "Pick the station again"),
    "complete_order": Phrase("补全订单", "Complete the order"),
    "reload": Phrase("重新打开应用", "Open the app again"),
    "new_code_from_office": Phrase("向办公室要新码", "Ask the office for a new code"),
    "carry_on": Phrase("继续干活", "Carry on"),
}


def verdict(code: str) -> Phrase:
    """The word of an outcome's or a refusal's code; a newer server's code still says what to do."""
    return OUTCOMES.get(code) or REFUSALS.get(code) or UNKNOWN


def next_step(code: str) -> Phrase:
    """What to do; a step that this app does not know yet sends people to their leader."""
    return NEXT_STEPS.get(code) or NEXT_STEPS["call_leader"]


# ---- what screens ask and buttons do ----

BACK = Phrase("返回", "Back")
LANGUAGE = Phrase("中/EN", "中/EN")
ENROL_TITLE = Phrase("登记这台设备", "Enrol this device")
ENROL_GUIDE = Phrase(
    "在办公室“设备”页生成二维码，用平板的相机扫一下；或者在这里输入登记码。",
    "Make a QR on the office's devices page and scan it with this tablet's camera, or type its code here.",
)
ENROL_AGAIN = Phrase("重新登记", "Enrol again")
ENROLLED_AS = Phrase(
    "本机现在是“{name}”。重新登记要用新的登记码；还没上传的记录不会丢。",
    "This device is '{name}' now. Enrolling again takes a new code; what it has not sent yet is kept.",
)
ENROL_FIELD = Phrase("登记码", "Code")
ENROL = Phrase("登记", "Enrol")
ENROLLING = Phrase("正在登记，下载本厂资料……", "Enrolling and fetching the factory's data.")
STATION_TITLE = Phrase("选择工位", "Pick the station")
NO_STATIONS = Phrase("还没有工位资料，连上网络后会自动出现。", "No stations yet; they arrive with the network.")
WHO = Phrase("谁在干活？", "Who is working?")
NO_PEOPLE = Phrase("还没有人员资料，连上网络后会自动出现。", "Nobody yet; people arrive with the network.")
NOBODY_FOUND = Phrase("没有找到，换个名字或工号试试。", "Nobody found; try another name or number.")
SEARCH = Phrase("找人：名字或工号", "Name or number")
NUMBER = Phrase("工号", "No.")
SIGN_IN_FIRST = Phrase("请先登录，再扫码", "Sign in first, then scan.")
PIN_NO_SCAN = Phrase(
    "枪读漏了，不算试密码：先输密码，登录后再扫一次",
    "A gun read with gaps; that was no try of the PIN. Type the PIN, then scan again.",
)
LEADER_NO_SCAN = Phrase(
    "枪读漏了，不算试密码：请组长输密码，或再扫一次工牌",
    "A gun read with gaps; that was no try of the PIN. The leader types the PIN, or scans the badge again.",
)
PIN_HINT = Phrase("输入密码", "PIN")
PIN_BACK, PIN_DONE = Phrase("删除", "Delete"), Phrase("确定", "OK")
STATION = Phrase("工位", "Station")
OUTSIDE_SHIFTS = Phrase("非班次时间", "outside shifts")
SCAN = Phrase("请扫标签", "Scan a label")
RECENT = Phrase("最近", "Recent")
NOTHING_YET = Phrase("还没有扫码", "Nothing scanned yet")
UNSENT = Phrase("待传", "unsent")
REPEATED = Phrase("重复", "repeated")
ONLINE, OFFLINE = Phrase("在线", "online"), Phrase("离线", "offline")
OFFLINE_SINCE = Phrase("{offline} {since}", "{offline} {since}")
CONNECTING = Phrase("正在连接", "connecting")
SYNC_PROBLEM = Phrase("同步有问题", "sync problem")
LABEL = Phrase("标签", "label")
DOOR = Phrase("第 {number}/{count} 樘", "door {number} of {count}")
NEXT_STATION = Phrase("下一站", "Next")
ITS_STATION = Phrase("该去", "Belongs at")
TYPE, NO_LABEL = Phrase("输入条码", "Type a code"), Phrase("没有标签", "No label")
CHANGE_WORKER, STATUS = Phrase("换人", "Change"), Phrase("状态", "Status")
PASS, FAIL = Phrase("合格", "Pass"), Phrase("不合格", "Fail")
WHICH_FAULT = Phrase("哪里不合格？", "What is wrong?")
TAKE_PHOTO = Phrase("拍照", "Take a photo")
PHOTOS, UNSENT_PHOTOS = Phrase("照片", "Photos"), Phrase("照片", "photos")
PHOTOS_WAITING = Phrase("{n} 张待传", "{n} to be sent")
PHOTOS_GONE = Phrase("{n} 张丢失：请重新拍照", "{n} lost: take them again")
TO_DECIDE = Phrase("待处理", "To decide")
NOTHING_TO_DECIDE = Phrase("现在没有要决定的", "There is nothing to decide.")
DONE_UNSENT = Phrase("{word}，待传", "{word}, not sent yet")
DONE_BOOKED = Phrase("{word}，已入账", "{word}, booked")
WAITS_UNTIL = Phrase("自动等到 {when}", "waits by itself until {when}")
CHOSEN = Phrase("选了“{said}”", "The choice was “{said}”.")
ALL_UNDERSTOOD = Phrase("全部知道了", "All understood")
NEWS = Phrase("服务器的结果和刚才不同，请处理", "The server decided otherwise; see to these.")
LEADER_CALLED = Phrase("已叫组长", "The leader is called.")
LEADER_CALLED_LATER = Phrase("已记下，联网后通知组长", "Kept: the leader hears of it when the network is back.")
REDO_NOW = Phrase("做好后再扫一次这件", "Scan the piece again when it is done.")
CAMERA = Phrase("相机扫码", "Camera")
TYPE_TITLE = Phrase("输入条码", "Type the code")
TYPE_UNDER = Phrase("印在二维码下面", "It is printed under the QR")
TYPE_FIELD = Phrase("标签上的条码", "Code on the label")
TYPE_HINT_SHORT = Phrase("输最后 4 个字也行；O 当 0，I、L 当 1", "The last 4 will do; O counts as 0, I and L as 1")
OK = Phrase("确定 OK", "")
TYPE_LIKELY = Phrase("多半是这几件，点一下就算扫了", "A tap scans it")
TYPE_FITTING = Phrase("符合的几件", "These fit")
TYPE_NOTHING_FITS = Phrase("本机没有这样的件，输完整的条码也能扫", "No piece here has it; the whole code still works")
TYPE_MISSING = Phrase("还差 {count} 个字", "{count} characters to go")
TYPE_WHOLE = Phrase("条码对，点“确定”", "The code is right: press OK")
TYPE_WRONG = Phrase("有字不对，对照标签改", "A character is wrong: compare it with the label")
TYPE_NOT_OURS = Phrase("不是本厂的条码", "Not one of our codes")
DID_YOU_MEAN = Phrase("是不是这件？", "Did you mean this one?")
HELD_HERE = Phrase("在等这一站", "waits here")
CODE_ENDS = Phrase("尾号 {tail}", "ends {tail}")
GUN_TITLE = Phrase("扫码枪自检", "Scanner self-test")
GUN_UNDER = Phrase("看看枪发的是什么", "What the gun sends")
GUN_HOW = Phrase(
    "扫“扫码枪设置”页左上角的码（办公室“打印”页里打印），或者随便一张标签。",
    "Scan the code on the sheet 'Setting up a scanner gun' (the office's printing page has it), or any label.",
)
GUN_AGAIN = Phrase("改了设置，就再扫一次。", "Changed a setting? Scan again.")
GUN_READ = Phrase("码读对了", "The code was read right")
GUN_OTHER_CODE = Phrase("读到的是另一张码 {code}", "Another code was read: {code}")
GUN_WORKS_SO_FAR = Phrase(
    "枪没问题；要看全，请扫设置页上的码。", "The gun works; for the whole test scan the sheet's code."
)
GUN_SCAN_SHEET = Phrase("要看全，请扫设置页上的码。", "For the whole test scan the sheet's code.")
GUN_WRONG = Phrase("读错了，收到的是“{text}”", "Read wrong; what came is '{text}'")
GUN_RESET = Phrase(
    "把枪恢复出厂设置：USB 键盘、美国英语布局、没有前缀；再扫一次。",
    "Reset the gun: USB keyboard, US layout, no prefix; scan again.",
)
GUN_ALT_CODES = Phrase("枪用 Alt+数字发字，网页看不到是什么字", "The gun sends Alt+numbers, which a page is not told")
GUN_LAYOUT_US = Phrase("键盘布局：美国英语", "Keyboard layout: US English")
GUN_LAYOUT_OTHER = Phrase(
    "键盘布局：不是美国英语，和这台设备一样，能用", "Keyboard layout: not US English, but this device's own; it works"
)
GUN_SET_US = Phrase(
    "换一台设备就可能读错：请把枪的键盘布局设成“美国英语”（US）。",
    "On another device it may read wrong: set the gun's keyboard layout to US English.",
)
GUN_END = Phrase("结尾：{key}", "Suffix: {key}")
GUN_NO_END = Phrase("结尾：没有，靠停顿认出，每次慢 0.15 秒", "Suffix: none; the pause is waited for, 0.15 s each time")
GUN_SET_ENTER = Phrase("把枪的后缀设成“回车”（Enter/CR）。", "Set the gun's suffix to Enter (CR).")
GUN_SPEED = Phrase("速度：一张码 {total} 毫秒，最长间隔 {gap} 毫秒", "Speed: {total} ms a code, widest gap {gap} ms")
GUN_SLOW = Phrase("慢：一张码 {total} 毫秒，最长间隔 {gap} 毫秒", "Slow: {total} ms a code, widest gap {gap} ms")
GUN_COME_CLOSER = Phrase(
    "超过 100 毫秒就会断成两半：离平板近一点、给枪充电，或改用 USB。",
    "Above 100 ms a code breaks in two: go nearer to the tablet, charge the gun, or use USB.",
)
GUN_STALLED = Phrase(
    "枪断过：一张码断成 {count} 段，最长停了 {gap} 毫秒",
    "The gun stalled: a code in {count} pieces, up to {gap} ms apart",
)
GUN_BROKEN = Phrase("枪断过，没收全：收到“{text}”", "The gun stalled, and not all came; what came is '{text}'")
GUN_STEADY = Phrase(
    "蓝牙枪：充电、离近一点、关掉枪的省电休眠；还断就改用 USB 线。USB 枪：换个 USB 口，别用集线器。",
    "Bluetooth: charge the gun, go nearer, switch its power saving off, use a cable. USB: another port, no hub.",
)
GUN_INPUT_METHOD = Phrase("中文输入法开着：没关系", "An input method is on: no harm")
GUN_CAPS_LOCK = Phrase("大写锁定开着：没关系", "Caps lock is on: no harm")
GUN_NUMPAD = Phrase("数字用小键盘发：没关系", "Digits come from the number pad: no harm")
WHICH_OF = {
    "kind": Phrase("是哪一种？", "Which kind is it?"),
    "size": Phrase("量一量：高 × 宽（毫米）", "Measure it: height × width in mm"),
    "colour": Phrase("什么颜色？", "Which colour?"),
    "room": Phrase("哪个房间？", "Which room?"),
}
WHICH_PIECE = Phrase("是哪一件？点一下", "Which one is it? Tap it")
FITTING_COUNT = Phrase("本工位要做的，符合 {count} 件", "{count} fit, of those expected here")
PIECES = Phrase("{count} 件", "{count} pieces")
NONE_OF_THESE = Phrase("都不是", "None of these")
HOW_TO_FIND = Phrase("怎么找标签", "How to find a label")
NOTHING_EXPECTED = Phrase("本工位现在没有要做的件", "This station expects nothing now")
IS_IT_THIS = Phrase("是这件吗？", "Is it this one?")
LEADER_CONFIRMS = Phrase(
    "请组长确认：点名字输密码，或扫工牌", "A leader confirms: tap the name for the PIN, or scan the badge"
)
PUT_ASIDE_AND_CALL = Phrase("先放一边，叫组长", "Put it aside, call a leader")
NONE_FITS = Phrase(
    "本工位等的都不是这件：先放一边，叫组长来认", "None that this station expects: put it aside and call the leader"
)
HELP_TITLE = Phrase("没有标签？", "No label?")
HELP_STEPS = (
    Phrase("看门扇的侧边和背面：每件有两张同样的标签", "Look at edge and back: each piece has two of the same label."),
    Phrase("二维码破了：输入下面印的条码", "The QR is torn: type the code printed under it."),
    Phrase("都没有：先放一边，找组长补打标签", "None at all: put it aside; the leader prints a new one."),
    Phrase("不要拿别的标签代替", "Never use another piece's label."),
)
LABEL_TITLE = Phrase("部件标签", "Piece label")
LABEL_DRAWING = Phrase("正在画标签……", "Drawing the label.")
LABEL_NOT_ARRIVED = Phrase(
    "本机还没有这张标签的资料，联网后再看。", "What is on this label is not here yet: connect, then look again."
)
LABEL_NOT_DRAWN = Phrase(
    "画标签要的文件还没下载好：联网，重新打开应用再试。",
    "What draws labels is not on this device yet: connect, open the app again, then try again.",
)
LABEL_ASK_LEADER = Phrase("要补打标签，请找组长。", "For another copy call the leader.")
LABEL_WHY = Phrase("为什么补打？", "Why once more?")
LABEL_SHARE = Phrase("分享或保存 PDF", "Share or save as PDF")
LABEL_MAKING = Phrase("正在做 PDF……", "Making the PDF.")
LABEL_COPIED = Phrase(
    "副本 {number} 已做好，已记下。按 100% 打印，不要缩放。", "Copy {number} is made and counted. Print it at 100 %."
)
LABEL_SHARE_AGAIN = Phrase("再分享或保存一次", "Share or save it again")
RACK = Phrase("架", "Rack")
RACK_EMPTY = Phrase("架上没有件。", "Nothing is on this rack.")
RACK_OUT_OF_USE = Phrase("这个架已停用：请把件取下", "This rack is not used any more: take the pieces off")
ALL_DONE_HERE = Phrase("{count} 件全部完成", "Done for all {count}")
ALL_START_HERE = Phrase("{count} 件全部开工", "Start all {count}")
NOTHING_DUE_HERE = Phrase("架上没有要在本工位报工的件", "Nothing on it is to be reported here")
PUT_ON, TAKE_OFF = Phrase("放上", "Put on"), Phrase("取下", "Take off")
EMPTY_RACK = Phrase("清空", "Empty")
EMPTY_ALL = Phrase("{count} 件都取下了", "All {count} are off it")
END = Phrase("结束", "End")
PUTTING_ON = Phrase("扫件，放上架 {code}；再扫架就结束", "Scan pieces to put them on {code}, the rack itself to end")
TAKING_OFF = Phrase(
    "扫件，从架 {code} 取下；再扫架就结束", "Scan pieces to take them off {code}, the rack itself to end"
)
SO_FAR = Phrase("这次 {count} 件", "{count} so far")
RACK_AGAIN = Phrase("刚扫过这个架", "This rack again")
RACK_COUNTS = {
    "due": Phrase("要做 {count}", "to do {count}"),
    "done": Phrase("已完成 {count}", "done {count}"),
    "waits": Phrase("已留待 {count}", "kept {count}"),
    "single": Phrase("逐件检验 {count}", "to inspect {count}"),
    "other": Phrase("不能做 {count}", "not here {count}"),
}
"""How many pieces of a rack need what at this station."""

RACK_NEEDS = {
    "due": Phrase("要做", "To do"),
    "done": Phrase("已完成", "Done"),
    "waits": Phrase("已留待", "Kept"),
    "single": Phrase("逐件检验", "Inspect"),
}
REPORTED = Phrase("{done}/{of} 件完成", "{done} of {of} done")
BEGUN = Phrase("{done}/{of} 件开工", "{done} of {of} started")
ARE_OFF = Phrase("{done}/{of} 件取下", "{done} of {of} taken off")
NOT_SCANNED = Phrase("前面没扫：{names}", "Not scanned before: {names}.")
NOT_REPORTED = Phrase("{word} {count}", "{word}: {count}")
STATUS_TITLE = Phrase("设备状态", "Device status")
NETWORK, WAITING = Phrase("网络", "Network"), Phrase("待传", "Unsent")
OLDEST, LAST_CONTACT = Phrase("最早一条", "Oldest"), Phrase("上次联网", "Last contact")
CAMERA_READS = Phrase("相机读码", "Camera reads with")
STORAGE, VERSION = Phrase("存储", "Storage"), Phrase("版本", "Version")
WORKER, NOBODY = Phrase("当前人员", "Signed in"), Phrase("没有人登录", "nobody")
OFFLINE_IS_FINE = Phrase("离线 · 照常扫码，联网后自动上传", "offline, scans are sent later")
KEPT = Phrase("已固定，不会被清理", "safe from being cleared")
NOT_KEPT = Phrase("未固定：请把应用安装到桌面", "not safe: install the app")
NEVER, NONE = Phrase("还没有", "never"), Phrase("没有", "none")
EXPORT, EXPORT_UNDER = Phrase("导出未上传的记录", "Export unsent"), Phrase("交给办公室导入", "for the office")
EXPORTED = Phrase("已导出 {count} 条，交给办公室导入", "{count} records exported; give them to the office.")
NOTHING_TO_EXPORT = Phrase("没有未上传的记录，文件是空的", "Nothing is unsent: the file is empty.")
CHANGE_STATION = Phrase("换工位", "Change station")
LANGUAGE_ON = Phrase("显示英文 Show English", "")
LANGUAGE_OFF = Phrase("只显示中文 Chinese only", "")
TAKE_OVER, RETRY = Phrase("在这里用", "Use here"), Phrase("再试一次", "Try again")
NOT_SAVED = Phrase(
    "存储已满，没有存下：请组长清理存储，再点一次",
    "Storage is full and this was not kept: ask the leader to free space, then press again.",
)
