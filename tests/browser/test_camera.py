"""The camera as a scanner, in a real browser: what it sees is a video of labels that our own code has drawn."""

import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, Playwright, expect

from benchmarks.browsing.chromium import PHONE, Chromium
from benchmarks.browsing.video import camera_flags, scene, write_video
from benchmarks.wear import dust, frame_of
from labels.content import CodeCard
from labels.fonts import LabelFonts
from labels.picture import Press, label_picture
from labels.reading.ladder import read_picture
from labels.reading.readers import texts
from labels.templates import LABEL_60X40
from mobile.web.builder.fonts import ensure_fonts
from shared.label_code import CodeKind, make
from tests.browser import office
from tests.browser.brief import BriefChromium
from tests.browser.conftest import ROOT, Factory
from tests.browser.tablet import open_app, picture, says, sign_in, tap, wait_until_kept

pytestmark = pytest.mark.browser
FAR, OTHER = make(CodeKind.PIECE, 11), make(CodeKind.PIECE, 12)
HEARD = """() => {
    window.seen = [];
    addEventListener("mumen-camera", ({ detail }) => seen.push(detail));
    document.body.innerHTML = "";
}"""
NOTES = """() => {
    window.notes = [];
    const note = document.querySelector("#scanner [role=status]");
    new MutationObserver(() => notes.push(note.textContent)).observe(note, { childList: true });
}"""
OPEN = """(isOn) => dispatchEvent(new CustomEvent("mumen-page", { detail: { kind: "camera", isOn } }))"""


@pytest.fixture(scope="module")
def press() -> Press:
    fonts = ensure_fonts(ROOT / "build", lambda _: None)
    return Press(LabelFonts(fonts.regular, fonts.semibold))


def label_of(press: Press, code: str) -> Image.Image:
    return label_picture(press, CodeCard(code, "门扇 1/4"), LABEL_60X40)


@pytest.fixture
def seeing() -> Iterator[list[Chromium]]:
    """Browsers that are killed at the end."""
    opened: list[Chromium] = []
    yield opened
    for one in opened:
        one.kill()


def browser_seeing(play: Playwright, tmp_path: Path, frames: list[Image.Image], seeing: list[Chromium]) -> Chromium:
    video = tmp_path / "camera.y4m"
    write_video(video, frames)
    chromium = BriefChromium(play, tmp_path / "camera-profile", camera_flags(video))
    seeing.append(chromium)
    chromium.open()
    return chromium


def bare(page: Page, url: str) -> None:
    """The camera's scripts and nothing of the app around them."""
    page.goto(f"{url}/app/version.json")
    page.evaluate(HEARD)
    for name in ("bridge", "camera-panel", "camera"):
        page.add_script_tag(url=f"{url}/app/{name}.js")


def test_a_phone_scans_with_its_camera_and_is_answered_while_it_goes_on_looking(
    factory: Factory, office_browser: Chromium, play: Playwright, tmp_path: Path, press: Press, seeing: list[Chromium]
) -> None:
    office_browser.open()
    desk = office_browser.page()
    with factory.running():
        office.sign_in(desk, factory.url)
        desk.goto(f"{factory.url}/orders?state=released")
        desk.locator('a[href^="/orders/0"]').first.click()
        code = office.codes_of_order(desk)[0]
        label = label_of(press, code)
        browser = browser_seeing(play, tmp_path, [scene([(label, (400, 140))])], seeing)
        page = browser.page(PHONE)
        open_app(page, office.invitation(desk, factory.url))
        tap(page, "开料 1 号位")
        sign_in(page, "张伟")
        says(page, "请扫标签")
        wait_until_kept(page)
    tap(page, "相机扫码")  # the server is gone
    expect(page.locator("#scanner video")).to_be_visible()
    says(page, "本机已记录")
    page.wait_for_timeout(3_000)  # in view for seconds, it is one scan
    says(page, "待传 1")
    expect(page.locator("flt-semantics", has_text="重复 1")).to_have_count(0)
    picture(page, "app-camera")
    page.get_by_role("button", name="关闭").click()
    expect(page.locator("#scanner")).to_have_count(0)
    tap(page, "相机扫码")
    says(page, "已由 张伟 完成")  # shown once more, it is a second scan
    tap(page, "没有标签")  # another screen takes the camera away
    expect(page.locator("#scanner")).to_have_count(0)


def test_of_several_labels_the_one_in_the_middle_counts_and_a_photograph_is_read_too(
    factory: Factory, play: Playwright, tmp_path: Path, press: Press, seeing: list[Chromium]
) -> None:
    near, far = label_of(press, OTHER), label_of(press, FAR)
    browser = browser_seeing(play, tmp_path, [scene([(near, (460, 130)), (far, (0, 400))])], seeing)
    with factory.running():
        page = browser.page()
        bare(page, factory.url)
        page.evaluate(OPEN, True)
        page.wait_for_function("() => seen.length > 0")
        page.wait_for_function("() => mumenCamera.frames() > 40")
        assert page.evaluate("() => seen") == [OTHER]
        out = io.BytesIO()
        far.save(out, "PNG")
        for content, said in ((out.getvalue(), ""), (b"no picture", "没读到码")):
            with page.expect_file_chooser() as choosing:
                page.get_by_role("button", name="拍一张").click()
            choosing.value.set_files(FilePayload(name="a.png", mimeType="image/png", buffer=content))
            expect(page.get_by_role("status")).to_contain_text(said)
            page.wait_for_function("() => seen.length > 1")
        assert page.evaluate("() => seen") == [OTHER, FAR]


def choose_photo(page: Page, content: Image.Image) -> None:
    out = io.BytesIO()
    content.convert("RGB").save(out, "JPEG", quality=92)
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="拍一张").click()
    choosing.value.set_files(FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=out.getvalue()))


def test_a_photograph_that_the_page_cannot_read_is_read_by_the_server(
    factory: Factory, office_browser: Chromium, play: Playwright, tmp_path: Path, press: Press, seeing: list[Chromium]
) -> None:
    office_browser.open()
    desk = office_browser.page()
    nothing = scene([])
    browser = browser_seeing(play, tmp_path, [nothing], seeing)
    with factory.running():
        office.sign_in(desk, factory.url)
        desk.goto(f"{factory.url}/orders?state=released")
        desk.locator('a[href^="/orders/0"]').first.click()
        code = office.codes_of_order(desk)[1]
        worn = dust(frame_of(label_of(press, code)), 0.8, random.Random(3))
        assert code in texts(read_picture(worn).found)
        page = browser.page(PHONE)
        open_app(page, office.invitation(desk, factory.url))
        tap(page, "开料 1 号位")
        sign_in(page, "张伟")
        says(page, "请扫标签")
        wait_until_kept(page)
        tap(page, "相机扫码")
        status = page.get_by_role("status")
        page.evaluate(NOTES)
        choose_photo(page, nothing)
        expect(status).to_contain_text("没读到码")
        choose_photo(page, worn)
        says(page, "完成")
        expect(status).to_have_text("")
        assert any("服务器正在找" in note for note in page.evaluate("() => notes"))
        picture(page, "app-camera-server-read")
    choose_photo(page, worn)  # the server is gone
    expect(status).to_contain_text("连不上服务器")
    picture(page, "app-camera-server-gone")


def test_without_a_camera_it_says_why_and_what_to_do(factory: Factory, play: Playwright, tmp_path: Path) -> None:
    chromium = BriefChromium(play, tmp_path / "shy", ("--deny-permission-prompts",))
    chromium.open()
    try:
        with factory.running():
            page = chromium.page()
            bare(page, factory.url)
            for name, said in (("NotAllowedError", "没有相机权限"), ("NotReadableError", "相机被别的程序占用")):
                page.evaluate("name => { navigator.mediaDevices.getUserMedia = async () => "
                              "{ throw new DOMException('no', name); }; }", name)  # fmt: skip
                page.evaluate(OPEN, True)
                expect(page.get_by_role("status")).to_contain_text(said)
                expect(page.get_by_role("button", name="拍一张")).to_be_visible()
                page.evaluate(OPEN, False)
    finally:
        chromium.kill()
