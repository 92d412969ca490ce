"""How the command line speaks to whoever watches it."""

import sys


def say(line: str) -> None:
    """A line, at once."""
    print(line, flush=True)


def warn(text: str) -> None:
    """Lines that need somebody's eyes, on stderr."""
    print("\n".join(f"  ! {line}" for line in text.splitlines()), file=sys.stderr, flush=True)


def complain(text: str) -> int:
    """Why nothing was done, on stderr; gives the exit code."""
    print(f"mumen: {text}", file=sys.stderr, flush=True)
    return 1
