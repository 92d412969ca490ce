"""`mumen build-app`: the app for tablets and phones, and what the office's pages need from npm."""

import argparse

from mumen.commands.command import Command
from mumen.serving.running import ensure_writable
from mumen.settings import Settings
from mumen.voice import say
from sync_server.errors import StartFault


def run(settings: Settings, _chosen: argparse.Namespace) -> int:
    """Builds what has changed. Raises a `StartFault`."""
    # Loaded only here: a running server needs neither the builder nor its libraries.
    from mobile.web.builder.build import build_app  # noqa: PLC0415
    from mobile.web.builder.faults import BuildFault  # noqa: PLC0415
    from mumen.office_files import build_office, missing_sources  # noqa: PLC0415

    ensure_writable(settings.build_dir, "build_dir")
    if (missing := missing_sources()) is not None:
        raise StartFault("缺少 npm 包，请先运行 make run。", f"{missing} is missing; run `make run`.")
    try:
        say(str(build_app(settings.build_dir / "app", say)))
        build_office(settings.build_dir, say)
    except BuildFault as fault:
        raise StartFault(fault.message, fault.message_en) from fault
    return 0


COMMAND = Command("build-app", "build the app for tablets and phones into build/app / 构建应用", run)
