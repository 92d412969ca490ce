"""A photograph in a real browser: taken without a server, through `kill -9` of both sides, until the file may go."""

import io
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from benchmarks.browsing.chromium import Chromium
from benchmarks.browsing.serving import wait_for
from shared.canonical import sha256_hex
from shared.schemas.identifiers import PHOTO_CHUNK_BYTES
from tests.browser import office
from tests.browser.conftest import ROOT, Factory
from tests.browser.tablet import open_app, picture, pull_trigger, says, sign_in, tap, wait_until_kept

pytestmark = pytest.mark.browser

KEPT_FILES = """async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle("photos", { create: true });
    const found = {};
    for await (const [name, file] of folder.entries()) found[name] = (await file.getFile()).size;
    return found;
}"""
SERVE_LATER = """
import sys, time
real, later_ns = time.time_ns, int(sys.argv[1]) * 86_400 * 10**9
time.time_ns = lambda: real() + later_ns
from mumen.cli import main
main(["serve", "--demo"])
"""


def noise(width: int, height: int) -> bytes:
    """A picture that no JPEG can make small."""
    pixels = random.Random(5).randbytes(width * height * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (width, height), pixels).save(out, "PNG", compress_level=1)
    return out.getvalue()


@contextmanager
def server(factory: Factory, days_later: int = 0) -> Generator[subprocess.Popen[bytes], None, None]:
    """A server process, whose clock is some days ahead; it may be killed within the block."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE_LATER, str(days_later)],
        cwd=ROOT,
        env=factory.environment | {"PATH": "/usr/bin:/bin"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"{factory.url}/healthz")
        yield process
    finally:
        process.kill()
        process.wait(20)


def take_photo(page: Page, content: bytes) -> None:
    """Taps the button and hands over what the camera app would."""
    with page.expect_file_chooser() as choosing:
        tap(page, "拍照", exact=True)
    chosen = choosing.value
    assert not chosen.is_multiple()
    chosen.set_files(FilePayload(name="IMG_0001.png", mimeType="image/png", buffer=content))


def until_in_the_middle(parts: Path, byte_count: int) -> str:
    """Waits until some chunks of an upload have come and some have not; gives the upload's id."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for part in parts.iterdir() if parts.is_dir() else ():
            if PHOTO_CHUNK_BYTES <= part.stat().st_size < byte_count:
                return part.name
    raise AssertionError("no upload was under way")


def test_from_the_camera_to_the_office_through_kill_9_of_browser_and_server(  # noqa: PLR0915 - a story in one go
    factory: Factory, browser: Chromium, office_browser: Chromium
) -> None:
    browser.open()
    office_browser.open()
    page, desk = browser.page(), office_browser.page()
    with server(factory):
        office.sign_in(desk, factory.url)
        desk.goto(f"{factory.url}/orders?state=released")
        desk.locator('a[href^="/orders/0"]').first.click()
        code = office.codes_of_order(desk)[0]
        open_app(page, office.invitation(desk, factory.url))
        tap(page, "开料 1 号位")
        sign_in(page, "张伟")
        says(page, "请扫标签")
        wait_until_kept(page)

    pull_trigger(page, code)
    says(page, "本机已记录")
    take_photo(page, noise(3_200, 2_400))
    says(page, "已拍照")
    says(page, "照片 1")
    picture(page, "app-photo-kept")
    kept: dict[str, int] = page.evaluate(KEPT_FILES)
    ((sha256, byte_count),) = kept.items()
    assert byte_count > 3 * PHOTO_CHUNK_BYTES
    browser.kill()

    browser.open()
    page = browser.page()
    open_app(page, f"{factory.url}/app/")
    says(page, "照片 1")
    assert page.evaluate(KEPT_FILES) == kept
    photos = factory.folder / "data" / "photos"
    with server(factory) as process:
        upload_id = until_in_the_middle(photos / "parts", byte_count)
        process.send_signal(signal.SIGKILL)
        process.wait(20)
    part = photos / "parts" / upload_id
    assert PHOTO_CHUNK_BYTES <= part.stat().st_size < byte_count
    browser.kill()  # in the middle of its upload

    browser.open()
    page = browser.page()
    open_app(page, f"{factory.url}/app/")
    says(page, "照片 1")
    assert page.evaluate(KEPT_FILES) == kept
    with server(factory):
        expect(page.get_by_text("照片 1")).to_have_count(0)
        (whole,) = [path for path in photos.rglob("*") if path.is_file()]
        content = whole.read_bytes()
        assert (whole.name, len(content), sha256_hex(content)) == (sha256, byte_count, sha256)
        assert uploads(factory) == [(upload_id, byte_count)]  # it went on where it was, and did not begin anew
        with Image.open(io.BytesIO(content)) as image:
            assert (image.format, image.size) == ("JPEG", (1_600, 1_200))
        assert page.evaluate(KEPT_FILES) == kept  # a week is not over
        desk.goto(f"{factory.url}/search?q={code}")
        shown = desk.get_by_role("img", name="照片")
        expect(shown).to_be_visible()
        expect(shown).to_have_js_property("naturalWidth", 1_600)
        picture(desk, "office-piece-photo")

    with server(factory, days_later=8):
        page.wait_for_function(f"async () => Object.keys(await ({KEPT_FILES})()).length === 0")
    assert photos.joinpath(sha256[:2], sha256).is_file()


def test_a_cancelled_camera_and_a_file_that_is_no_picture_do_no_harm(
    factory: Factory, browser: Chromium, office_browser: Chromium
) -> None:
    browser.open()
    office_browser.open()
    page, desk = browser.page(), office_browser.page()
    with server(factory):
        office.sign_in(desk, factory.url)
        desk.goto(f"{factory.url}/orders?state=released")
        desk.locator('a[href^="/orders/0"]').first.click()
        code = office.codes_of_order(desk)[0]
        open_app(page, office.invitation(desk, factory.url))
        tap(page, "开料 1 号位")
        sign_in(page, "张伟")
        pull_trigger(page, code)
        says(page, "完成")
        with page.expect_file_chooser():
            tap(page, "拍照", exact=True)
        page.evaluate("document.querySelector('#camera input').dispatchEvent(new Event('cancel'))")
        expect(page.locator("#camera")).to_have_count(0)
        take_photo(page, b"not a picture at all")
        says(page, "照片打不开")
        says(page, "未记录")
        assert page.evaluate(KEPT_FILES) == {}


def uploads(factory: Factory) -> list[tuple[str, int]]:
    """Id and offset of every upload that the server knows."""
    connection = sqlite3.connect(factory.folder / "data" / "mumen.db")
    try:
        return connection.execute('SELECT id, "offset" FROM upload').fetchall()
    finally:
        connection.close()
