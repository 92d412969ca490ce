"""Every screen of the app as a worker sees it, by role and Chinese name, with a picture of each."""

from statistics import median

import pytest
from playwright.sync_api import expect

from benchmarks.browsing.chromium import PHONE, TABLET
from mobile.theme import TARGET_MIN
from shared.label_code import SELF_TEST_CODE, pretty
from tests.browser.boxes import box_of
from tests.browser.screens.conftest import NARROWEST, WITH_BARS, Screens
from tests.browser.screens.fake_engine import ENROLMENTS
from tests.browser.screens.floor import CODES, PIN

pytestmark = pytest.mark.browser

SCAN_MS_MAX = 150
"""With the rules and the store, on a machine that does other things too; `benchmarks.app` measures it properly."""

SAYS = {
    "completed": ("ok", "完成", "本机已记录 · 待传", "第 2/6 樘", "下一站：面漆 PAINT-1"),
    "already": ("repeat", "已完成过", "李强 已在 底漆打磨 完成 · 11-22 23:41", "下一站：面漆 PAINT-1"),
    "late": ("wait", "完成，有漏扫", "没扫的：开料、压贴，已按做过记录", "下一站：面漆 PAINT-1"),
    "held": ("wait", "上站未扫", "还缺：压贴、封边", "该去：压贴 PRESS-1", "继续干活 / 找组长"),
    "uninspected": ("wait", "还没检验", "还缺：白坯检验", "该去：白坯检验 WQC-1", "先检验 / 找组长"),
    "on_hold": ("stop", "这件已暂停", "原因：客户改尺寸", "先放一边 / 找组长"),
    "cancelled": ("stop", "这件已取消", "这件不要再做", "先放一边 / 找组长"),
    "elsewhere": ("stop", "不在本工位做", "该去：压贴 PRESS-1", "送到该去的工位"),
    "replaced": ("stop", "标签已换新", f"新标签：{pretty(CODES['completed'])}", "扫新标签 / 找组长"),
    "unknown": ("wait", "本机还不认识", "联网后由服务器核对", "继续干活"),
    "foreign": ("stop", "不是本厂标签", "未记录", "读到：https://example.com/p/6901234567892", "再扫一次 / 找组长"),
    "damaged": ("stop", "标签读不全", "没有读全：再扫，或输入下面印的条码", "再扫一次 / 找组长"),
    "wrong_check": ("stop", "校验不符", "有字符不对：对照标签再扫，或再输一次", "再扫一次 / 找组长"),
    "newer_label": ("stop", "标签比应用新", "联网更新应用后再扫", "重新打开应用 / 找组长"),
    "full": ("stop", "没存下", "存储已满，这一扫没有记下", "未记录", "找组长"),
}
"""What comes of a scan at the sanding station: the tone, then what is to be read."""

ENGLISH = {
    "completed": ("Done", "Kept on this device, not sent yet", "Leaf 1/4 · door 2 of 6", "Next: Top coat PAINT-1"),
    "held": (
        "Earlier station not scanned",
        "Still missing: Pressing, Edge banding.",
        "This scan is kept and counts once they are scanned.",
        "Belongs at: Pressing PRESS-1",
        "Carry on / Call the leader",
    ),
    "cancelled": ("Piece cancelled", "Nobody needs it any more: do not work on it.", "Put it aside / Call the leader"),
    "foreign": (
        "Not one of our labels",
        "Only labels of this factory can be scanned here.",
        "Scan again / Call the leader",
    ),
    "damaged": ("The code is not whole", "Scan it again, or type the code printed under the QR."),
    "wrong_check": (
        "The code does not check out",
        "A character is wrong: compare it with the label, then scan or type it again.",
        "Scan again / Call the leader",
    ),
    "full": ("Not kept", "Storage is full: this scan was not recorded.", "Call the leader"),
}


LOCKED = "试错太多，锁到 00:36；其他人照常使用。到时再试"

NUMPAD = """(key) => ["keydown", "keyup"].forEach((kind) => document.body.dispatchEvent(new KeyboardEvent(
    kind, { key, code: `Numpad${key}`, location: 3, bubbles: true, cancelable: true })))"""
"""A key of the block on the right, as it is with NumLock on, which Playwright does not know."""


def says(screens: Screens, *texts: str) -> None:
    for text in texts:
        expect(screens.page.get_by_text(text).first).to_be_visible()


class TestStation:
    def test_every_verdict_is_large_says_what_to_do_and_is_heard(self, screens: Screens) -> None:
        screens.open("offline")
        says(screens, "请扫标签", "离线 2小时", "待传 7", "重复 1", "工位 SAND-1 · 张伟 · 夜班")
        screens.picture("station-ready")
        took_ms: list[float] = []
        for name, (tone, *texts) in SAYS.items():
            ms, played = screens.scan(name)
            took_ms.append(ms)
            assert (name, played) == (name, tone)
            says(screens, *texts)
            screens.picture(f"verdict-{name}")
        assert screens.played() == [tone for tone, *_ in SAYS.values()]
        assert median(took_ms) < SCAN_MS_MAX

    def test_a_verdict_is_booked_on_the_screen_that_shows_it(self, screens: Screens) -> None:
        screens.open("offline")
        screens.scan("completed")
        says(screens, "本机已记录 · 待传", "待传 8")
        screens.connect()
        screens.scan("completed")  # a scan asks for a round at once
        says(screens, "已完成过", "已入账", "在线")
        expect(screens.page.get_by_text("待传")).to_have_count(0)
        screens.picture("booked")

    def test_is_legible_in_the_dark_and_on_the_narrowest_phone(self, screens: Screens) -> None:
        screens.open("offline", is_dark=True)
        for name in ("completed", "held", "on_hold", "already"):
            screens.scan(name)
            says(screens, *SAYS[name][1:])
            screens.picture(f"dark-{name}")
        screens.open("offline")
        for name in ("already", "held", "cancelled"):
            screens.scan(name)
            says(screens, *SAYS[name][1:])
            screens.resize(NARROWEST)
            screens.still(f"verdict-{name}-360")
        for name, size in (("1024", {"width": 1024, "height": 600}), ("1366", {"width": 1366, "height": 650})):
            screens.scan("held")
            screens.resize(size)
            screens.still(f"verdict-held-{name}")

    @pytest.mark.parametrize("has_english", [False, True])
    def test_a_long_room_leaves_room_for_who_and_where_and_when(self, screens: Screens, *, has_english: bool) -> None:
        screens.open("offline")
        if has_english:
            screens.tap("状态")
            screens.tap("Show English")
            screens.tap("返回")
        said, place = screens.page.get_by_text(SAYS["already"][2]).first, screens.page.get_by_text("下一站").first
        for name, size in (("tablet", TABLET), ("with-bars", WITH_BARS), ("phone", PHONE)):
            screens.resize(size)
            screens.scan("long room")
            says(screens, "三号楼二单元", "…", "门扇 1/4")
            screens.still(f"long-room-{name}{'-english' if has_english else ''}")
            below, above = box_of(said), box_of(place)
            assert below["y"] + below["height"] <= above["y"] <= size["height"] - 100

    def test_an_inspector_says_pass_or_fail_and_why(self, screens: Screens) -> None:
        screens.open("inspector")
        assert screens.scan("inspection")[1] == "info"
        says(screens, "请填检验结果", "等你填结果")
        screens.picture("inspection")
        screens.resize(PHONE)
        screens.tap("不合格")
        says(screens, "哪里不合格？")
        screens.still("inspection-reasons-phone")
        screens.resize(TABLET)  # a turned device asks again
        screens.tap("不合格")
        says(screens, "哪里不合格？")
        screens.still("inspection-reasons-tablet")
        screens.tap("划伤")
        says(screens, "检验不合格", "原因：划伤", "先放一边 / 找组长")
        screens.picture("verdict-failed")
        screens.scan("second inspection")
        screens.tap("合格", exact=True)
        says(screens, "检验合格", "下一站：包装 PACK-1")
        screens.picture("verdict-passed")
        assert screens.played() == ["info", "stop", "info", "ok"]

    def test_a_picture_can_be_taken_of_the_piece_that_was_scanned(self, screens: Screens) -> None:
        screens.open("offline")
        camera = screens.page.get_by_role("button", name="拍照", exact=True)
        expect(camera).to_be_disabled()
        screens.scan("on_hold")
        says(screens, *SAYS["on_hold"][1:])
        screens.picture("photo-on-hold")
        screens.tap("拍照", exact=True)
        says(screens, "已拍照", "本机已记录 · 待传", "MD-20261123-0009", "照片 1")
        screens.picture("photo-kept")
        screens.put_before_camera("")
        screens.tap("拍照", exact=True)
        says(screens, "照片打不开", "未记录", "这张照片没有记下，请再拍一张", "MD-20261123-0009")
        screens.picture("photo-unreadable")
        screens.put_before_camera("another picture")
        screens.fill_disk(is_full=True)
        screens.tap("拍照", exact=True)
        says(screens, "照片没存下", "存储已满，这张照片没有记下", "找组长")
        screens.fill_disk(is_full=False)
        screens.tap("拍照", exact=True)
        says(screens, "已拍照", "照片 2")
        screens.resize(TABLET)
        screens.tap("状态")
        says(screens, "2 张待传")
        screens.picture("photo-status")
        screens.tap("返回")
        screens.scan("unknown")
        says(screens, "本机还不认识")
        expect(camera).to_be_disabled()
        screens.resize(PHONE)
        says(screens, "本机还不认识")
        expect(camera).to_have_count(0)
        assert screens.played()[-5:] == ["ok", "stop", "stop", "ok", "wait"]

    def test_news_of_the_server_stay_until_somebody_has_read_them(self, screens: Screens) -> None:
        screens.open("news")
        says(screens, "服务器的结果和刚才不同，请处理", "这件已暂停 → 先放一边 / 找组长")
        screens.scan("completed")
        says(screens, "服务器的结果和刚才不同，请处理", *SAYS["completed"][1:])
        screens.picture("news")
        screens.fill_disk(is_full=True)
        screens.tap("知道了", exact=True)
        says(screens, "存储已满，没有存下", "服务器的结果和刚才不同，请处理")
        screens.picture("news-full")
        screens.fill_disk(is_full=False)
        screens.tap("全部知道了 (2)")
        expect(screens.page.get_by_text("服务器的结果和刚才不同")).to_have_count(0)

    def test_each_of_the_servers_news_gets_an_answer_of_its_own(self, screens: Screens) -> None:
        screens.open("news")
        for name in ("知道了", "重新做", "叫组长"):
            buttons = screens.page.get_by_role("button", name=name, exact=True)
            expect(buttons).to_have_count(2)
            for button in buttons.all():
                assert box_of(button)["height"] >= TARGET_MIN
        screens.tap("叫组长", exact=True)
        says(screens, "已记下，联网后通知组长", "这件已取消 → 先放一边 / 找组长")
        expect(screens.page.get_by_text("这件已暂停 → 先放一边 / 找组长")).to_have_count(0)
        expect(screens.page.get_by_role("button", name="全部知道了")).to_have_count(0)
        screens.picture("news-called")
        screens.tap("重新做", exact=True)
        says(screens, "做好后再扫一次这件")
        expect(screens.page.get_by_text("服务器的结果和刚才不同")).to_have_count(0)
        screens.picture("news-redo")
        screens.scan("completed")
        expect(screens.page.get_by_text("做好后再扫一次这件")).to_have_count(0)

    def test_the_answers_stand_there_in_english_too(self, screens: Screens) -> None:
        screens.open("news")
        screens.tap("状态")
        screens.tap("Show English")
        screens.tap("返回")
        says(screens, "Piece on hold → Put it aside / Call the leader", "Understood", "Do it again", "Call leader")
        screens.picture("english-news")
        screens.tap("叫组长 Call leader")
        says(screens, "Kept: the leader hears of it when the network is back.")

    def test_a_code_can_be_typed_on_keys_of_our_own(self, screens: Screens) -> None:
        screens.open("offline")
        screens.tap("没有标签")
        screens.tap("怎么找标签")
        says(screens, "没有标签？", "不要拿别的标签代替")
        screens.picture("help")
        screens.tap("输入条码")
        screens.type_into("标签上的条码", pretty(CODES["completed"]).replace("0", "O"))
        screens.tap("确定 OK")
        says(screens, *SAYS["completed"][1:])


class TestSignIn:
    def test_finds_a_name_and_counts_wrong_pins(self, screens: Screens) -> None:
        screens.open("people")
        says(screens, "谁在干活？")
        screens.picture("people")
        screens.scan("completed")
        says(screens, "请先登录，再扫码")
        screens.type_into("找人：名字或工号", "1006")
        expect(screens.page.get_by_role("button", name="张伟")).to_have_count(0)
        screens.still("people-search-tablet")
        screens.tap("欧阳婷婷")
        says(screens, "输入密码")
        screens.tap("1", exact=True)
        says(screens, "●")
        screens.tap("确定", exact=True)
        says(screens, "密码不对，还能试 4 次：看清再输，忘了找办公室")
        screens.picture("pin-wrong")
        for left in (3, 2, 1):
            screens.tap("确定", exact=True)  # nothing is no try
            screens.tap("1", exact=True)
            screens.tap("确定", exact=True)
            says(screens, f"还能试 {left} 次")
        screens.tap("1", exact=True)
        screens.tap("确定", exact=True)
        says(screens, LOCKED)
        screens.picture("pin-locked")
        screens.tap("返回")
        screens.tap("欧阳婷婷")  # who comes to it later is told before typing
        says(screens, "输入密码", LOCKED)
        screens.tap("1", exact=True)
        says(screens, "●", LOCKED)

    def test_opens_the_station_with_the_right_pin(self, screens: Screens) -> None:
        screens.open("people")
        screens.tap("张伟")
        for count, key in enumerate(PIN, start=1):
            screens.tap(key, exact=True)
            says(screens, "●" * count)
        screens.picture("pin")
        screens.tap("确定", exact=True)
        says(screens, "请扫标签", "还没有扫码", "在线")
        screens.tap("换人")
        says(screens, "谁在干活？")

    def test_takes_the_pin_from_a_keyboard_too(self, screens: Screens) -> None:
        screens.open("people")
        screens.tap("张伟")
        says(screens, "输入密码")
        screens.page.keyboard.press("9")
        says(screens, "●")
        screens.page.keyboard.press("Backspace")
        expect(screens.page.get_by_text("●")).to_have_count(0)
        for count, key in enumerate(PIN, start=1):
            if count % 2:
                screens.page.keyboard.press(key)
            else:
                screens.page.evaluate(NUMPAD, key)
            says(screens, "●" * count)
        screens.page.keyboard.press("Enter")
        says(screens, "请扫标签")


class TestDevice:
    @pytest.mark.parametrize(
        ("code", "zh"),
        [
            ("expired", "登记码已过期 → 向办公室要新码"),
            ("used", "登记码已用过 → 向办公室要新码"),
            ("unknown", "登记码不对 → 向办公室要新码"),
            ("mistyped", "登记码输错了：对照办公室的屏幕再输一次"),
        ],
    )
    def test_says_what_to_do_about_a_code_that_does_not_enrol(self, screens: Screens, code: str, zh: str) -> None:
        screens.open("enrol")
        says(screens, "登记这台设备")
        if code == "expired":
            screens.picture("enrol")
        screens.type_into("登记码", pretty(ENROLMENTS.get(code, "E1OLD")))
        screens.tap("登记", exact=True)
        says(screens, zh)
        screens.picture(f"enrol-{code}")

    def test_is_enrolled_by_the_address_of_the_qr(self, screens: Screens) -> None:
        screens.open("enrol", f"&code={ENROLMENTS['good']}")
        says(screens, "选择工位", "杭州厂 · 底漆平板 1")
        screens.picture("stations")
        screens.fill_disk(is_full=True)
        screens.tap("压贴 1 号位")
        says(screens, "存储已满，没有存下")
        screens.picture("stations-full")
        screens.fill_disk(is_full=False)
        screens.tap("压贴 1 号位")
        says(screens, "谁在干活？")

    def test_tells_how_it_is_doing(self, screens: Screens) -> None:
        screens.open("offline")
        screens.tap("状态")
        says(screens, "设备状态", "离线 · 照常扫码，联网后自动上传", "未固定：请把应用安装到桌面")
        screens.picture("status")
        screens.tap("导出未上传的记录")
        says(screens, "已导出 8 条，交给办公室导入")
        screens.picture("status-exported")

    @pytest.mark.parametrize("size", [TABLET, PHONE, NARROWEST, {"width": 1024, "height": 600}], ids=str)
    def test_shows_what_can_be_done_about_it_without_scrolling(self, screens: Screens, size: dict[str, int]) -> None:
        screens.open("offline")
        screens.resize(size)
        screens.tap("状态")
        says(screens, "设备状态")
        screens.still(f"status-{size['width']}")
        back = box_of(screens.page.get_by_role("button", name="返回"))
        for name in ("导出未上传的记录", "换工位", "重新登记", "Show English"):
            button = box_of(screens.page.get_by_role("button", name=name))
            assert button["y"] + button["height"] <= back["y"], name

    def test_tells_what_a_gun_sends_and_goes_back_to_work(self, screens: Screens) -> None:
        screens.open("offline")
        screens.tap("状态")
        screens.tap("扫码枪自检")
        says(screens, "扫“扫码枪设置”页左上角的码")
        screens.picture("gun")
        assert screens.scan(SELF_TEST_CODE, widest_ms=88, total_ms=900, end="", hasIme=True)[1] == "wait"
        says(screens, "码读对了", "键盘布局：美国英语", "把枪的后缀设成“回车”", "给枪充电", "中文输入法开着：没关系")
        screens.picture("gun-told")
        assert screens.scan("XYZ123456")[1] == "stop"
        says(screens, "读错了，收到的是“XYZ123456”")
        assert screens.scan(SELF_TEST_CODE)[1] == "ok"
        expect(screens.page.get_by_text("读错了")).to_have_count(0)
        screens.tap("返回")
        assert screens.scan("completed")[1] == "ok"
        says(screens, *SAYS["completed"][1:])

    def test_the_setup_sheets_code_leads_there_by_itself(self, screens: Screens) -> None:
        screens.open("offline")
        assert screens.scan(SELF_TEST_CODE)[1] == "ok"
        says(screens, "扫码枪自检", "码读对了")

    def test_is_enrolled_anew_without_losing_its_way_back(self, screens: Screens) -> None:
        screens.open("offline")
        screens.tap("状态")
        screens.tap("重新登记")
        says(screens, "本机现在是“底漆平板 1”", "还没上传的记录不会丢")
        screens.picture("enrol-again")
        screens.tap("返回")
        says(screens, "请扫标签")
        screens.tap("状态")
        screens.tap("重新登记")
        screens.type_into("登记码", pretty(ENROLMENTS["good"]))
        screens.tap("登记", exact=True)
        says(screens, "请扫标签")

    def test_shows_another_invitation_to_a_device_that_is_enrolled_and_does_nothing_unasked(
        self, screens: Screens
    ) -> None:
        screens.open("people", f"&code={ENROLMENTS['good']}")
        says(screens, "重新登记", "本机现在是“底漆平板 1”")
        screens.tap("返回")
        says(screens, "谁在干活？")

    @pytest.mark.parametrize("text", ["{code}", "HTTPS://MUMEN.TEST:8080/APP/?CODE={code}"])
    def test_is_enrolled_by_a_gun(self, screens: Screens, text: str) -> None:
        screens.open("enrol")
        screens.scan(text.format(code=ENROLMENTS["good"]))
        says(screens, "选择工位", "杭州厂 · 底漆平板 1")

    def test_is_enrolled_by_a_pasted_address(self, screens: Screens) -> None:
        screens.open("enrol")
        screens.type_into("登记码", f"HTTPS://MUMEN.TEST/APP/?CODE={ENROLMENTS['good']}")
        screens.tap("登记", exact=True)
        says(screens, "选择工位")

    @pytest.mark.parametrize(
        ("code", "text"),
        [
            ("no_opfs", "这个浏览器不能存数据"),
            ("other_tab", "另一个窗口正在使用"),
            ("quota", "存储空间已满"),
            ("newer_store", "这里的数据来自更新的版本"),
        ],
    )
    def test_says_why_it_cannot_open(self, screens: Screens, code: str, text: str) -> None:
        screens.open(f"blocked-{code}")
        says(screens, text)
        screens.picture(f"blocked-{code}")
        screens.tap("在这里用" if code == "other_tab" else "再试一次")
        says(screens, "谁在干活？")


class TestEnglish:
    def test_stands_beside_the_chinese_from_the_first_screen_on(self, screens: Screens) -> None:
        screens.open("enrol")
        screens.type_into("登记码", pretty(ENROLMENTS["expired"]))
        screens.tap("中/EN")
        says(
            screens,
            "登记这台设备 Enrol this device",
            "在办公室“设备”页生成二维码",
            "Make a QR on the office's devices page",
        )
        screens.tap("登记 Enrol", exact=True)  # what was typed is still there
        says(screens, "登记码已过期", "This code has expired: ask the office for a new one.")
        screens.picture("english-enrol")
        screens.type_into("登记码 Code", pretty(ENROLMENTS["good"]))
        screens.tap("登记 Enrol", exact=True)
        says(screens, "选择工位 Pick the station", "CUT-1 · Cutting 1")
        screens.picture("english-stations")
        screens.tap("中/EN")
        expect(screens.page.get_by_text("Pick the station")).to_have_count(0)
        screens.tap("压贴 1 号位")
        says(screens, "谁在干活？")
        screens.tap("中/EN")
        says(screens, "谁在干活？ Who is working?")
        screens.picture("english-people")

    def test_says_a_wrong_pin_and_a_lock(self, screens: Screens) -> None:
        screens.open("people")
        screens.tap("中/EN")
        says(screens, "Who is working?")
        screens.tap("张伟")
        for tries in ("4 tries", "3 tries", "2 tries", "1 try"):
            screens.tap("1", exact=True)
            screens.tap("确定 OK", exact=True)
            says(screens, "密码不对", f"Wrong PIN, {tries} left: type it again, or ask the office if you forgot it.")
        screens.picture("english-pin-wrong")
        screens.tap("1", exact=True)
        screens.tap("确定 OK", exact=True)
        says(screens, "Too many wrong tries: locked until 00:36; others can sign in. Try again then.")
        screens.picture("english-pin-locked")

    def test_says_every_verdict_in_whole_sentences(self, screens: Screens) -> None:
        screens.open("offline")
        screens.tap("状态")
        screens.tap("Show English")
        says(screens, "设备状态 Device status")
        screens.picture("english-status")
        screens.tap("返回")
        for name, texts in ENGLISH.items():
            screens.scan(name)
            says(screens, *texts)
            screens.picture(f"english-{name}")
        screens.scan("completed")
        screens.resize(PHONE)
        screens.tap("拍照 Take a photo")
        says(screens, "Photo kept", "照片 photos 1")
        screens.picture("english-photo-kept")
        screens.resize(PHONE)
        screens.tap("输入条码")
        says(screens, "The last 4 will do")
        screens.picture("english-type-code")
