"""Other sync systems under the same load, in the same run; Node's scripts stand in `benchmarks/peers`."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from benchmarks.report import say

SCRIPTS = Path(__file__).parents[1] / "peers"
BUILD = Path("build/peers")
STAMP = BUILD / "node_modules" / ".installed"
INSTALL_S = 1_800
RUN_S = 400
SWITCH = "MUMEN_BENCH_PEERS"
NAMES = ("actual", "pouchdb", "rxdb")

Figures = dict[str, dict[str, float]]
"""By the peer's name: `push_per_s`, `pull_per_s`, `fleet_per_s`."""


def measure_peers() -> Figures:
    """What each of them reaches; a peer that cannot be run is said to be left out, and is."""
    if os.environ.get(SWITCH, "").lower() == "off":
        say(f"the peers are left out: {SWITCH}=off")
        return {}
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        say("the peers are left out: they need node and npm, which this machine has not")
        return {}
    if not _installed(npm):
        return {}
    found = {name: _run(node, name) for name in NAMES}
    return {name: figures for name, figures in found.items() if figures is not None}


def _installed(npm: str) -> bool:
    """Whether the peers' packages are in `build/peers`, put there now if need be."""
    BUILD.mkdir(parents=True, exist_ok=True)
    for file in SCRIPTS.glob("*.mjs"):
        shutil.copy(file, BUILD)
    wanted = (SCRIPTS / "package.json").read_text()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return True
    (BUILD / "package.json").write_text(wanted)
    say("installing the peers into build/peers; some of them compile for minutes")
    # Their server modules are native: without its install scripts, which newer versions of npm hold back, none starts.
    command = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--foreground-scripts"]
    try:
        done = subprocess.run(command, cwd=BUILD, capture_output=True, text=True, timeout=INSTALL_S, check=False)
    except subprocess.TimeoutExpired:
        say(f"the peers are left out: npm took more than {INSTALL_S} s")
        return False
    if done.returncode:
        say(f"the peers are left out: npm failed\n{done.stderr[-2_000:]}")
        return False
    STAMP.write_text(wanted)
    return True


def _run(node: str, name: str) -> dict[str, float] | None:
    say(f"peer {name}")
    try:
        done = subprocess.run(
            [node, f"{name}.mjs"], cwd=BUILD, stdout=subprocess.PIPE, text=True, timeout=RUN_S, check=True
        )
    except subprocess.SubprocessError as error:
        say(f"{name} is left out: {error}")
        return None
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures
