"""What the build lays down for the office: fonts that have every character of its pages, and npm's scripts."""

import re
from pathlib import Path
from typing import Any, cast

import pytest
from fontTools.ttLib import TTFont

from mumen import office_files
from mumen.office_files import ROOT, build_office, missing_sources
from sync_server.office.shell.assets import FILES, Assets

SHOWN = ("sync_server/office", "mumen/lan", "labels")


@pytest.fixture(scope="module")
def build_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("build")
    build_office(built, lambda _: None)
    return built


def characters(path: Path) -> set[int]:
    with TTFont(path) as font:
        return set(cast("Any", font)["cmap"].getBestCmap())


def test_every_file_that_the_office_serves_is_there(build_dir: Path) -> None:
    assert [name for name in FILES if Assets(build_dir).file(name) is None] == []


@pytest.mark.parametrize("name", ["common.woff", "common-semibold.woff"])
def test_the_fonts_have_every_character_that_a_page_may_show(build_dir: Path, name: str) -> None:
    path = Assets(build_dir).file(name)
    assert path
    assert path.read_bytes()[:4] == b"wOFF"
    known = characters(path)
    files = [p for folder in SHOWN for p in (ROOT / folder).rglob("*") if p.suffix in {".py", ".html"}]
    texts = "".join(file.read_text(encoding="utf-8") for file in files)
    assert len(texts) > 50_000
    assert {c for c in texts if c.isprintable() and ord(c) not in known} == set()


def test_the_second_build_makes_the_same_files(build_dir: Path) -> None:
    before = {name: Assets(build_dir).url(name) for name in FILES}
    build_office(build_dir, lambda _: None)
    assert {name: Assets(build_dir).url(name) for name in FILES} == before
    assert all(re.fullmatch(r"/static/[\w.-]+\?v=[0-9a-f]{12}", url) for url in before.values())


def test_what_npm_has_not_brought_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert missing_sources() is None
    monkeypatch.setattr(office_files, "ROOT", tmp_path)
    assert missing_sources() == Path("node_modules/htmx.org/dist/htmx.min.js")
