"""`mumen run`: what `make run` does once everything is installed."""

import argparse

from mumen.commands import build_app, demo, serve
from mumen.commands.command import Command
from mumen.settings import Settings
from mumen.voice import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How the network reaches the server; that it is a demo is settled."""
    serve.add_network(parser)
    parser.set_defaults(demo=True)


def run(settings: Settings, chosen: argparse.Namespace) -> int:
    """One after the other; the server runs until it is told to stop. Raises a `StartFault`."""
    say("== 3/4 应用 app")
    build_app.run(settings, chosen)
    say("== 4/4 演示工厂、服务器 demo factory, server")
    demo.run(settings, chosen)
    return serve.run(settings, chosen)


COMMAND = Command("run", "build the app, make a demo factory, start the server / 构建、演示、启动", run, add_arguments)
