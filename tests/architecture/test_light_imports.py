"""What runs in the browser imports without the server's libraries."""

import pkgutil
import subprocess
import sys
from importlib import import_module

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
NATIVE_ONLY = frozenset({"labels.picture"})
"""Only the server draws labels as dots."""

NOT_IN_BROWSER = ("mobile.web.builder", "mobile.native", "labels.reading")
"""What builds the app, what serves it on a station PC, and what reads labels in pictures there and on the server."""

IN_PYODIDE_ONLY = frozenset({"mobile.web.main", "mobile.web.ahead"})
"""These two start the app where they are imported. What they import is among the others."""


FIRST_FRAME = """
import sys
import mobile.app
print(sorted({"sqlalchemy", "sqlmodel", "pydantic"} & set(sys.modules)))
"""


def modules(package: str) -> list[str]:
    path = import_module(package).__path__
    found = {package, *(module.name for module in pkgutil.walk_packages(path, f"{package}."))}
    elsewhere = {name for name in found for other in NOT_IN_BROWSER if name == other or name.startswith(f"{other}.")}
    return sorted(found - NATIVE_ONLY - IN_PYODIDE_ONLY - elsewhere)


def run_probe(module: str) -> subprocess.CompletedProcess[str]:
    code = PROBE.format(heavy=HEAVY, module=module)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


class TestLightImports:
    @pytest.mark.parametrize("package", ["shared", "labels", "mobile"])
    def test_every_module(self, package: str) -> None:
        names = modules(package)
        assert len(names) > 5
        together = "\n".join(PROBE.format(heavy=HEAVY, module=module) for module in names)
        done = subprocess.run([sys.executable, "-c", together], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def test_the_first_frame_waits_for_no_database(self) -> None:
        done = subprocess.run([sys.executable, "-c", FIRST_FRAME], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"

    @pytest.mark.parametrize("module", ["sync_server.app", "fastapi", "mobile.web.builder.icon"])
    def test_the_probe_can_fail(self, module: str) -> None:
        assert "ModuleNotFoundError" in run_probe(module).stderr
