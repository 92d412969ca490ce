"""What a subcommand is."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from mumen.settings import Settings


@dataclass(frozen=True)
class Command:
    """`run` does it and gives the exit code, or raises a `StartFault`; the settings' flags come by themselves."""

    name: str
    help: str
    run: Callable[[Settings, argparse.Namespace], int]
    add_arguments: Callable[[argparse.ArgumentParser], None] = lambda _: None
