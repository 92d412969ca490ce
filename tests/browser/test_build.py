"""What the builder makes: everything a start needs, nothing of another host, and updates between two starts."""

import json
import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from fontTools.ttLib import TTFont
from playwright.sync_api import Page

from benchmarks.browsing.app import open_app, wait_until_kept
from benchmarks.browsing.chromium import Chromium
from benchmarks.browsing.serving import free_port, served
from mobile.web.builder.build import build_app
from mobile.web.builder.faults import BuildFault
from mobile.web.builder.memory import MEMORY
from mobile.web.builder.packages import compile_sources
from mobile.web.builder.service_worker import write_service_worker
from mobile.web.builder.sources import NOT_IN_BROWSER, ROOT
from tests.browser.tablet import RIVE

pytestmark = pytest.mark.browser

RARE = (
    "䶮喆堃犇羴鱻赟翀旸烜婧祎昀晢曦煊燊焜熠璟琮瑄璇珺玥琰琬瑾瑜璐玘珩珑玺璩瓒甯畯皓皞盺眀睿瞾砚碁祺禛禧秾"
    "穆竑竣笙筠箬篪簃粲纾纨绮缃缇罡翎翛翾聿肜胤臻舢艏芃芷苒苡苪茉荃荇荻莀莘菡菁萱葳蒽蓁蓓蔺蕙薇藜蘅虢蜓螢"
    "衎裎裴襄觅訢詠諠謇谖豫赑跞踽輔辂迦逯邈郅郗郜鄢酆醴鈊鈺鉴銘鋆鍏鎏鏡钊钏钰铄铉铧锃锟锷镕镠闫闳阊陟隗雎"
    "雩霁霈霖霏靓靖韪韫韬頔顗颉颢颛飏飗馗馥骁骅骉骐骥髙鬯魋鲲鲷鸢鸾鹂鹔麃麒黉黻鼐龑龢彧晗昉曌栩梓琪瑗筱翊"
    "苋虓豳轸邰郇钧铖镡闿隽霂颋飑骎鬶鲔鳐鸮麂黟鼋齮"
)


def files_of(app: Path) -> list[tuple[str, str, str]]:
    listed = re.search(r"const FILES = (\[.*?\]);", (app / "sw.js").read_text(encoding="utf-8"))
    assert listed
    return [(path, digest, engine) for path, digest, engine in json.loads(listed[1])]


def characters(font: Path) -> set[int]:
    with TTFont(font) as opened:
        return set(cast("Any", opened)["cmap"].getBestCmap())


def until(page: Page, script: str) -> None:
    """Asks again and again, until this is so."""
    for _ in range(120):
        if page.evaluate(script):
            return
        page.wait_for_timeout(500)
    raise AssertionError(script)


@pytest.fixture
def beside(built_app: Path) -> Iterator[Path]:
    """A folder on the disk: the Python that makes bytecode sees nothing below /dev, where tests keep their files."""
    with tempfile.TemporaryDirectory(dir=built_app.parent) as folder:
        yield Path(folder)


def test_sources_that_nobody_can_compile_are_no_app(built_app: Path) -> None:
    assert built_app.exists()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        source = Path(folder) / "one.py"
        source.write_text("ONE = 1\n")
        with pytest.raises(BuildFault, match="not below /dev"):
            compile_sources(Path(folder), print)
        assert source.exists()


def test_a_build_that_lost_something_is_made_anew(built_app: Path, beside: Path) -> None:
    app = beside / "app"
    shutil.copytree(built_app, app)
    said: list[str] = []
    build_app(app, said.append)
    assert said == ["应用无变化 app is up to date"]
    cut = app / "packages.zip"
    cut.write_bytes(cut.read_bytes()[:-1])
    shutil.copytree(built_app.parent / "cache", beside / "cache")
    build_app(app, said.append)
    assert len(said) > 2
    assert cut.stat().st_size == (built_app / "packages.zip").stat().st_size


def test_the_service_worker_keeps_every_file_once(built_app: Path) -> None:
    listed = [path or "index.html" for path, _, _ in files_of(built_app)]
    there = {p.relative_to(built_app).as_posix() for p in built_app.rglob("*") if p.is_file()}
    assert len(listed) == len(set(listed))
    assert there - set(listed) == {"sw.js", "built-from"}


def test_packages_are_bytecode_and_ours_is_among_them(built_app: Path) -> None:
    with zipfile.ZipFile(built_app / "packages.zip") as archive:
        names = archive.namelist()
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in archive.infolist())
    assert [name for name in names if name.endswith(".py")] == ["main.py"]
    for needed in ("mobile/app.pyc", "shared/rules/decide.pyc", "sqlmodel/__init__.pyc", "flet/__init__.pyc"):
        assert f"__pypackages__/{needed}" in names
    for left_out in NOT_IN_BROWSER:
        assert (ROOT / left_out).exists(), f"{left_out} was moved and would now be shipped"
        assert not [name for name in names if f"__pypackages__/{left_out.with_suffix('')}" in name]


def test_what_draws_labels_is_kept_beside_what_a_start_waits_for(built_app: Path) -> None:
    with zipfile.ZipFile(built_app / "packages.zip") as start, zipfile.ZipFile(built_app / "drawing.zip") as drawing:
        begun, drawn = start.namelist(), drawing.namelist()
    assert {"__pypackages__/labels/pdf.pyc", "__pypackages__/labels/svg.pyc"} <= set(begun)
    assert {"fpdf/fpdf.pyc", "fontTools/subset/__init__.pyc", "qrcode/main.pyc", "defusedxml/common.pyc"} <= set(drawn)
    assert {name.split("/")[0] for name in drawn} == {"defusedxml", "fontTools", "fpdf", "qrcode"}
    assert not [name for name in begun if "/fpdf/" in name or "/fontTools/" in name]
    assert "drawing.zip" in [path for path, _, _ in files_of(built_app)]


def test_the_first_font_has_every_character_of_the_app_and_the_other_one_rare_names(built_app: Path) -> None:
    common = characters(built_app / "assets/fonts/common.ttf")
    sources = [path for folder in ("mobile", "shared") for path in Path(folder).rglob("*.py")]
    used = {ord(c) for path in sources for c in path.read_text(encoding="utf-8") if "\u4e00" <= c <= "\u9fff"}
    assert used <= common
    assert len(set(RARE)) >= 200
    assert {ord(c) for c in RARE} <= characters(built_app / "fonts/all.ttf")


def test_nothing_is_built_again_where_nothing_has_changed(built_app: Path) -> None:
    before = (built_app / "sw.js").stat().st_mtime_ns
    said: list[str] = []
    build_app(built_app, said.append)
    assert (built_app / "sw.js").stat().st_mtime_ns == before
    assert len(said) == 1


def test_a_new_version_takes_over_between_two_starts(built_app: Path, browser: Chromium, tmp_path: Path) -> None:
    app = tmp_path / "site" / "app"
    shutil.copytree(built_app, app)
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "-d", str(app.parent)]
    url = f"http://127.0.0.1:{port}/app/"
    browser.open()
    with served(command, url):
        first = browser.page()
        open_app(first, url)
        wait_until_kept(first)
        first.close()
        assert browser.outside(f"http://127.0.0.1:{port}") <= {RIVE}
        kept = {f"{url}{path}" for path, _, engine in files_of(app) if engine != "other"}
        assert kept <= set(browser.requested)
        assert set(browser.requested_by_service_workers) & kept, "what a service worker asks for must be seen too"
        with (app / "bridge.js").open("a") as script:
            script.write("\nwindow.mumenVersion = 2;\n")
        write_service_worker(app)
        running = browser.page()
        open_app(running, url)
        assert running.evaluate("window.mumenVersion") is None
        until(running, "navigator.serviceWorker.getRegistration().then((known) => Boolean(known.waiting))")
        assert running.evaluate("window.mumenVersion") is None
        running.close()
        updated = browser.page()
        open_app(updated, url)
        until(updated, "window.mumenVersion === 2")


def test_a_start_wakes_from_the_picture_of_memory_and_goes_without_where_it_is_of_no_use(
    built_app: Path, browser: Chromium, tmp_path: Path
) -> None:
    """Pyodide refuses a picture of another build; a phone may lack the room for one."""
    app = tmp_path / "site" / "app"
    shutil.copytree(built_app, app)
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "-d", str(app.parent)]
    url = f"http://127.0.0.1:{port}/app/"
    told: list[str] = []

    def start() -> list[str]:
        told.clear()
        page = browser.page()
        page.on("console", lambda message: told.append(message.text))
        open_app(page, url)
        return [text for text in told if "without its picture" in text]

    with served(command, url):
        browser.open()
        assert start() == []
        browser.kill()
        picture = bytearray((app / MEMORY).read_bytes())
        first_page = 4 * (2 + int.from_bytes(picture[4:8], "little"))
        picture[first_page] ^= 255  # of Pyodide's own mark at the beginning
        (app / MEMORY).write_bytes(picture)
        write_service_worker(app)
        shutil.rmtree(tmp_path / "profile")
        browser.open()
        (warning,) = start()
        assert "magic number" in warning
