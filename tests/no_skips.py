"""Fails when a test run skipped anything: `python -m tests.no_skips build/tests.xml ...`."""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path


def main(paths: list[str]) -> int:
    """0 when every collected test ran, else 1, naming what was skipped."""
    reports = [ET.parse(Path(path)).getroot() for path in paths]  # noqa: S314 - what pytest has just written
    cases = [case for report in reports for case in report.iter("testcase")]
    skipped = [f"{case.get('classname')}::{case.get('name')}" for case in cases if case.find("skipped") is not None]
    for name in skipped:
        sys.stderr.write(f"skipped: {name}\n")
    sys.stdout.write(f"{len(cases) - len(skipped)} tests ran, {len(skipped)} skipped\n")
    return 1 if skipped or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
