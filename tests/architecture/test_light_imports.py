"""What runs in the browser imports without the server's libraries."""

import pkgutil
import subprocess
import sys

import pytest

HEAVY = ("fastapi", "starlette", "PIL", "pyzbar", "zxingcpp", "httpx", "httpx2", "psycopg", "alembic")

PROBE = """
import importlib, sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {heavy!r}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
importlib.import_module({module!r})
"""
"""Only the station PC and the server verify and rasterise labels; only a station PC is native."""

NATIVE_ONLY = frozenset({"labels.verify", "labels.raster"})


def modules() -> list[str]:
    found: list[str] = []
    for package in ("shared", "labels"):
        path = __import__(package).__path__
        found += [package, *(module.name for module in pkgutil.walk_packages(path, f"{package}."))]
    return sorted(set(found) - NATIVE_ONLY)


def run_probe(module: str) -> subprocess.CompletedProcess[str]:
    code = PROBE.format(heavy=HEAVY, module=module)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


class TestLightImports:
    def test_everything_shared_and_every_label_module(self) -> None:
        together = "\n".join(PROBE.format(heavy=HEAVY, module=module) for module in modules())
        done = subprocess.run([sys.executable, "-c", together], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    @pytest.mark.parametrize("module", ["sync_server.app", "fastapi"])
    def test_the_probe_can_fail(self, module: str) -> None:
        assert "ModuleNotFoundError" in run_probe(module).stderr
