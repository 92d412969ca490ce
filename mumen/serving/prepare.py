"""The server put together: its database migrated, its origin fixed, its addresses said; then it serves."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from mumen.demo.people import DEMO_PASSWORD, DEMO_PIN
from mumen.serving.control import announced, new_control
from mumen.serving.origin import OneOrigin, keep_origin
from mumen.serving.process import Opened, serve_here
from mumen.serving.running import calm_garbage_collector, jobs_running, open_services, spool_running
from mumen.serving.sockets import Listening
from mumen.serving.workers import serve_with_workers
from mumen.settings import Settings
from mumen.voice import say, warn
from sync_server.api.control import control_router
from sync_server.app import create_app
from sync_server.tables import DeviceRow, PersonRow

NOBODY = (
    "这个数据库里还没有人，谁也登录不了：先运行 mumen demo 建一个演示工厂，或用 mumen restore 装入备份。\n"
    "Nobody is in this database yet, so nobody can sign in: make a demo factory with `mumen demo` first, or fill "
    "it with `mumen restore`."
)


def prepare_server(settings: Settings, origin: str, *, is_demo: bool) -> None:
    """Migrates the database before anybody serves from it, fixes the origin, and says what to open in a browser.

    Raises a `StartFault`.
    """
    with open_services(settings) as services:
        keep_origin(settings.data_dir, origin, lambda: services.database.read(_count_devices))
        is_empty = services.database.read(_has_nobody)
    say("\n".join(_addresses(settings, origin, is_demo=is_demo)))
    if is_empty:
        warn(NOBODY)


@contextmanager
def open_server(settings: Settings, origin: str, control_token: str, *, is_demo: bool) -> Generator[Opened, None, None]:
    """The application that devices know as `origin`, over a database of its own; in every worker one.

    Whoever shows the token on this machine may give it orders. Raises a `StartFault`.
    """
    with (
        open_services(replace(settings, public_url=origin), is_demo=is_demo) as services,
        jobs_running(services),
        spool_running(services, settings),
    ):
        app = create_app(services, settings.build_dir)
        app.include_router(control_router(control_token, settings.data_dir))
        calm_garbage_collector()
        yield Opened(OneOrigin(app, origin), services.watcher.release)


def run_server(settings: Settings, origin: str, listening: Listening, workers: int, *, is_demo: bool) -> None:
    """Serves until it is told to stop. Raises a `StartFault`."""
    control = new_control(listening)
    open_app = partial(open_server, settings, origin, control.token, is_demo=is_demo)
    with announced(settings.data_dir, control):
        if workers > 1:
            serve_with_workers(open_app, listening, workers)
        else:
            serve_here(open_app, listening)


def _has_nobody(session: Session) -> bool:
    return session.execute(select(col(PersonRow.id)).limit(1)).first() is None


def _count_devices(session: Session) -> int:
    return session.execute(select(func.count()).select_from(DeviceRow)).scalar_one()


def _addresses(settings: Settings, origin: str, *, is_demo: bool) -> list[str]:
    """What to open in a browser, one line each."""
    is_built = (settings.build_dir / "app").is_dir()
    app = f"{origin}/app/" if is_built else "尚未构建 not built yet: mumen build-app"
    lines = [
        "Mumen 木门",
        f"  办公室 Office  {origin}/",
        f"  车间 App       {app}",
        f"  接口 API       {origin}/docs",
    ]
    if is_demo:
        lines += [
            f"  演示标签 Labels {origin}/demo-labels.pdf",
            f"  演示 Demo      工号 9001, PIN {DEMO_PIN}, 密码 password {DEMO_PASSWORD}",
        ]
    return lines
