"""What a subcommand is."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from mumen.settings import Settings


@dataclass(frozen=True)
class Command:
    """`run` does it and gives the exit code, or raises a `StartFault`; the settings' flags come by themselves.

    One with `parts` does nothing itself: `mumen labels make`.
    """

    name: str
    help: str
    run: Callable[[Settings, argparse.Namespace], int] = lambda _settings, _chosen: 0
    add_arguments: Callable[[argparse.ArgumentParser], None] = lambda _: None
    parts: "tuple[Command, ...]" = ()
