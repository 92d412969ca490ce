"""Every screen of the app as a worker sees it, by role and Chinese name, with a picture of each."""

from statistics import median

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import PHONE
from tests.browser.screens.conftest import Screens
from tests.browser.screens.fake_engine import OUTCOMES, PIN

pytestmark = pytest.mark.browser

SCAN_MS_MAX = 30
SAYS = {
    "completed": ("完成", "本机已记录 · 待传", "下一站：面漆 PAINT-1"),
    "already": ("已完成过", "已入账", "李强 已在 底漆打磨 完成 · 11-22 23:41"),
    "late": ("完成，有漏扫", "没扫的：开料、压贴，已按做过记录"),
    "held": ("上站未扫", "还缺：压贴、封边", "送到该去的工位 / 找组长"),
    "failed": ("检验不合格", "原因：划伤", "先放一边 / 找组长"),
    "on_hold": ("这件已暂停", "原因：客户改尺寸"),
    "cancelled": ("这件已取消", "先放一边 / 找组长"),
    "elsewhere": ("不在本工位做", "该去：压贴 PRESS-1"),
    "unknown": ("本机还不认识", "联网后由服务器核对", "继续干活"),
    "foreign": ("不是本厂标签", "未记录", "再扫一次"),
    "wrong_check": ("校验不符", "再扫一次 / 找组长"),
    "storage_full": ("没存下", "存储已满，这一扫没有记下"),
    "inspection": ("请填检验结果", "合格"),
}


def says(screens: Screens, *texts: str) -> None:
    for text in texts:
        expect(screens.page.get_by_text(text).first).to_be_visible()


class TestStation:
    def test_every_verdict_is_large_and_says_what_to_do(self, screens: Screens) -> None:
        assert set(SAYS) == set(OUTCOMES)
        screens.open("offline")
        says(screens, "请扫标签", "离线 2小时", "待传 7", "重复 2", "工位 SAND-1 · 张伟 · 夜班")
        screens.picture("station-ready")
        took_ms: list[float] = []
        for name, texts in SAYS.items():
            took_ms.append(screens.scan(name))
            says(screens, *texts)
            screens.picture(f"verdict-{name}")
        assert median(took_ms) < SCAN_MS_MAX

    def test_is_legible_in_the_dark_and_on_the_narrowest_phone(self, screens: Screens) -> None:
        screens.open("offline", is_dark=True)
        for name in ("completed", "held", "failed", "already"):
            screens.scan(name)
            says(screens, *SAYS[name])
            screens.picture(f"dark-{name}")
        screens.open("offline")
        screens.scan("already")
        says(screens, *SAYS["already"])
        screens.resize({"width": 360, "height": 640})
        screens.still("app-verdict-already-360")
        screens.resize({"width": 1024, "height": 600})
        screens.still("app-verdict-already-1024")

    def test_an_inspector_says_pass_or_fail_and_why(self, screens: Screens) -> None:
        screens.open("offline")
        screens.scan("inspection")
        screens.tap("不合格")
        says(screens, "哪里不合格？")
        screens.still("app-inspection-reasons-tablet")
        screens.resize(PHONE)  # a turned device asks again
        screens.tap("不合格")
        says(screens, "哪里不合格？")
        screens.still("app-inspection-reasons-phone")
        screens.tap("划伤")
        says(screens, "检验不合格", "原因：划伤")
        screens.scan("inspection")
        screens.tap("合格", exact=True)
        says(screens, "检验合格", "下一站：包装 PACK-1")

    def test_news_of_the_server_stay_until_somebody_has_read_them(self, screens: Screens) -> None:
        screens.open("news")
        says(screens, "服务器的结果和刚才不同，请处理", "这件已暂停 → 先放一边 / 找组长")
        screens.scan("completed")
        says(screens, "服务器的结果和刚才不同，请处理", *SAYS["completed"])
        screens.picture("news")
        screens.tap("知道了")
        expect(screens.page.get_by_text("服务器的结果和刚才不同")).to_have_count(0)

    def test_a_code_can_be_typed_on_keys_of_our_own(self, screens: Screens) -> None:
        screens.open("offline")
        screens.tap("没有标签")
        says(screens, "没有标签？", "不要拿别的标签代替")
        screens.picture("help")
        screens.tap("输入条码")
        screens.tap("D", exact=True)
        screens.tap("1", exact=True)
        screens.still("app-type-code-tablet")
        screens.tap("确定 OK")
        says(screens, "校验不符", "读到：D1")
        screens.tap("输入条码")
        screens.type_into("标签上的条码", "COMPLETED")
        screens.tap("确定 OK")
        says(screens, *SAYS["completed"])
        screens.tap("输入条码")
        screens.resize(PHONE)
        screens.still("app-type-code-phone")


class TestSignIn:
    def test_finds_a_name_and_counts_wrong_pins(self, screens: Screens) -> None:
        screens.open("people")
        says(screens, "谁在干活？")
        screens.picture("people")
        screens.scan("completed")
        says(screens, "请先登录，再扫码")
        screens.type_into("找人：名字或工号", "1006")
        expect(screens.page.get_by_role("button", name="张伟")).to_have_count(0)
        screens.picture("people-search")
        screens.tap("欧阳婷婷")
        says(screens, "输入密码")
        screens.tap("1", exact=True)
        screens.tap("确定", exact=True)
        says(screens, "密码不对，还能试 4 次")
        screens.picture("pin-wrong")
        for left in (3, 2, 1):
            screens.tap("确定", exact=True)
            says(screens, f"还能试 {left} 次")
        screens.tap("确定", exact=True)
        says(screens, "试错太多，锁到 00:36")
        screens.picture("pin-locked")

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


class TestDevice:
    def test_says_what_to_do_about_an_expired_code(self, screens: Screens) -> None:
        screens.open("enrol")
        says(screens, "登记这台设备")
        screens.picture("enrol")
        screens.type_into("登记码", "E1-OLD")
        screens.tap("登记", exact=True)
        says(screens, "登记码已过期 → 向办公室要新码")
        screens.picture("enrol-expired")

    def test_is_enrolled_by_the_address_of_the_qr(self, screens: Screens) -> None:
        screens.open("enrol", "&code=E1OK")
        says(screens, "选择工位", "杭州厂 · 底漆平板 1")
        screens.picture("stations")
        screens.tap("压贴 1 号位")
        says(screens, "谁在干活？")

    def test_tells_how_it_is_doing_in_one_language_or_two(self, screens: Screens) -> None:
        screens.open("offline")
        screens.tap("状态")
        says(screens, "设备状态", "离线 · 照常扫码，联网后自动上传", "未固定：请把应用安装到桌面")
        screens.picture("status")
        screens.tap("导出未上传的记录")
        says(screens, "已导出，交给办公室导入")
        screens.tap("Show English")
        says(screens, "设备状态 Device status")
        screens.picture("status-english")
        screens.tap("返回")
        screens.scan("held")
        says(screens, "Earlier station not scanned")
        screens.picture("verdict-english")

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
