"""The app's Python: packages from PyPI and our own modules as bytecode, in one archive."""

import hashlib
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from mobile.web.builder.client import client_folder
from mobile.web.builder.faults import BuildFault
from mobile.web.builder.node import run_with_node
from mobile.web.builder.pip import PipFailed, count_requirements, install
from mobile.web.builder.sources import REQUIREMENTS, ROOT, browser_sources

PYODIDE_PLATFORM = "pyemscripten_2026_0_wasm32"
PYODIDE_PYTHON = "3.14"
TARGET = (
    *("--no-deps", "--no-compile", "--require-hashes", "--only-binary=:all:", "--platform", PYODIDE_PLATFORM),
    *("--python-version", PYODIDE_PYTHON, "--implementation", "cp"),
)
UNUSED = re.compile(
    r"\.pyi$|\.so\.debug$|/tests?/|^sqlalchemy/(testing|dialects/(mssql|mysql|oracle|postgresql))/"
    r"|^pydantic/(v1|deprecated/.*test)|^pydantic/mypy|^sqlalchemy/ext/(asyncio|mypy)/|^flet/testing/|^(bin|share)/"
    r"|\.dist-info/(?!licenses/|LICENSE|COPYING)|^fontTools/(ufoLib|voltLib|mtiLib|cu2qu|qu2cu|merge)/"
)
DRAWING_ARCHIVE = "drawing.zip"
DRAWING = frozenset({"defusedxml", "fontTools", "fpdf", "qrcode"})
"""What only draws labels: in an archive of its own, which no start waits for."""

FILES_SAID_EVERY = 100
SAME_DATE = (2026, 1, 1, 0, 0, 0)
"""The date of every file in the archive, so that the same content makes the same archive."""


def ensure_packages(cache: Path, say: Callable[[str], None]) -> Path:
    """The folder of the packages of requirements/browser.txt as bytecode, made where it is missing.

    Raises `BuildFault`.
    """
    key = hashlib.sha256(REQUIREMENTS.read_bytes() + UNUSED.pattern.encode()).hexdigest()[:16]
    kept = cache / f"packages-{key}"
    if kept.exists():
        return kept
    part = cache / "packages.part"
    shutil.rmtree(part, ignore_errors=True)
    try:
        install([*TARGET, "--target", str(part), "-r", str(REQUIREMENTS)], count_requirements(REQUIREMENTS), say)
    except PipFailed as failed:
        raise BuildFault(
            f"Python 包下载失败，请检查网络后重试。\n{failed}",
            "The packages could not be fetched; check the network and try again.",
        ) from failed
    for path in [path for path in part.rglob("*") if path.is_file()]:
        if UNUSED.search(path.relative_to(part).as_posix()):
            path.unlink()
    compile_sources(part, say)
    part.replace(kept)
    return kept


def write_archive(target: Path, packages: Path, entry: Path, cache: Path, say: Callable[[str], None]) -> None:
    """Entry, packages and our modules in one stored (not deflated) archive: unpacking is what a start waits for.

    What draws labels goes into `drawing.zip` beside it.
    """
    ours = cache / "ours.part"
    shutil.rmtree(ours, ignore_errors=True)
    for source in browser_sources():
        copied = ours / source.relative_to(ROOT)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copied)
    compile_sources(ours, say)
    drawing = target.with_name(DRAWING_ARCHIVE)
    with zipfile.ZipFile(target, "w") as archive, zipfile.ZipFile(drawing, "w", zipfile.ZIP_DEFLATED) as others:
        _store(archive, "main.py", entry)
        for folder in (packages, ours):
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                name = path.relative_to(folder)
                if name.parts[0] in DRAWING:
                    _store(others, name.as_posix(), path)
                else:
                    _store(archive, f"__pypackages__/{name.as_posix()}", path)
    shutil.rmtree(ours)


def _store(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    archive.writestr(zipfile.ZipInfo(name, SAME_DATE), path.read_bytes(), archive.compression)


def compile_sources(folder: Path, say: Callable[[str], None]) -> None:
    """Sources become bytecode, made by the very Python that will run it: Pyodide's own, under node.

    Raises `BuildFault`, also where that Python sees nothing of the folder: it has a `/dev` of its own.
    """
    sources = list(folder.rglob("*.py"))
    say(f"  字节码 bytecode 0/{len(sources)}")
    python = client_folder() / "pyodide" / "python"
    done = 0

    def count(line: str) -> None:
        nonlocal done
        done += 1
        if line.startswith("Compiling") and done % FILES_SAID_EVERY == 0:
            say(f"  字节码 bytecode {min(done, len(sources))}/{len(sources)}")

    run_with_node(
        ["bash", str(python), "-m", "compileall", "-b", "."],
        folder,
        "字节码编译失败。",
        "The bytecode could not be made.",
        count,
    )
    made = [source for source in sources if source.with_suffix(".pyc").exists()]
    if sources and not made:
        raise BuildFault(
            f"没有做出字节码：请换一个不在 /dev 下的文件夹，再建一次应用。\n{folder}",
            "No bytecode was made: build the app in a folder that is not below /dev.",
        )
    for source in made:
        source.unlink()
