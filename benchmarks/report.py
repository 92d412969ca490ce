"""The form in which every benchmark reports."""

import json
import os
import platform
import statistics
import sys
from collections.abc import Mapping, Sequence


def say(line: str) -> None:
    """Progress, for people."""
    print(line, file=sys.stderr, flush=True)


def report(name: str, figures: Mapping[str, float]) -> None:
    """The last line on stdout: one JSON object."""
    machine = {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()}
    rounded = {key: round(value, 3) for key, value in figures.items()}
    print(json.dumps({"name": name, "machine": machine, "figures": rounded}, ensure_ascii=False))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share (0 to 1) of them lies."""
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]
