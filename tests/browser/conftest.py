"""The built app, a real server over a fresh factory, and real browsers."""

import fcntl
import inspect
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import pytest
from playwright.sync_api import Playwright, expect, sync_playwright

from benchmarks.browsing.chromium import Chromium
from benchmarks.browsing.serving import free_port, served
from tests.browser.brief import BriefChromium

ROOT = Path(__file__).resolve().parents[2]

expect.set_options(timeout=20_000)
"""A machine that does other things too may stand still for seconds."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The screens, many and short, come last: handed out one at a time, they let both workers end together."""
    items.sort(key=lambda item: item.path.parent.name == "screens")


@runtime_checkable
class CanReset(Protocol):
    """A fixture that a test in real time may have left in the middle of something."""

    def reset(self) -> None:
        """As it was at first."""


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """A test in real time is tried again: what it tells apart, a machine that does other things too mixes up."""
    if pyfuncitem.get_closest_marker("real_time") is None:
        return None
    given = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    for is_last in (False, False, True):
        try:
            pyfuncitem.obj(**given)
        except (AssertionError, ValueError):
            if is_last:
                raise
            for one in given.values():
                if isinstance(one, CanReset):
                    one.reset()
        else:
            break
    return True


@dataclass
class Factory:
    """A server that can be started and stopped over one database."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "MUMEN_DATA_DIR": str(self.folder / "data"),
            "MUMEN_BUILD_DIR": str(ROOT / "build"),
            "MUMEN_PORT": str(self.port),
        }

    def running(self) -> AbstractContextManager[None]:
        command = [sys.executable, "-m", "mumen.cli", "serve", "--demo"]
        return served(command, f"{self.url}/healthz", self.environment)


@pytest.fixture(scope="session")
def built_app() -> Path:
    """The app as `make run` builds it; seconds where nothing has changed. One process of tests builds at a time."""
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / "building").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "mumen.cli", "build-app"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return ROOT / "build" / "app"


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a demo factory, told once; it takes seconds."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    command = [sys.executable, "-m", "mumen.cli", "demo", "--data-dir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture
def factory(built_app: Path, demo_data: Path, tmp_path: Path) -> Factory:
    """A demo factory that nobody has worked in yet."""
    assert built_app.is_dir()
    made = Factory(tmp_path, free_port())
    shutil.copytree(demo_data, made.folder / "data")
    return made


@pytest.fixture(scope="module")
def play() -> Iterator[Playwright]:
    """One for each module: while it lives its event loop counts as running, and other tests run loops of their own."""
    with sync_playwright() as play:
        yield play


@pytest.fixture
def browser(play: Playwright, tmp_path: Path) -> Iterator[Chromium]:
    """A browser with a profile of its own, killed at the end."""
    chromium = BriefChromium(play, tmp_path / "profile")
    yield chromium
    chromium.kill()


@pytest.fixture
def office_browser(play: Playwright, tmp_path: Path) -> Iterator[Chromium]:
    """A second browser, for the office."""
    chromium = BriefChromium(play, tmp_path / "office-profile")
    yield chromium
    chromium.kill()
