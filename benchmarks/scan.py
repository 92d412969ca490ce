"""How many labels are read, by whom, and how quickly. `python -m benchmarks.scan [FOLDER]`; see README.md.

FOLDER is any tree of images; beside each image that shows a QR lies its text as `.txt`, the others show none.
"""

import argparse
import random
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from benchmarks.browsing.camera import frames_per_second, wasm_reader
from benchmarks.browsing.video import scene, write_video
from benchmarks.report import percentile, report, say
from benchmarks.wear import STRENGTHS, WEAR, frame_of
from labels.fonts import LabelFonts
from labels.picture import Press, label_bitmap, picture_of
from labels.reading.ladder import LARGE, read_frame, read_picture, rung_names
from labels.reading.readers import Found, Reader, readers, texts
from labels.templates import LABEL_60X40
from mobile.native.camera.plan import FramePlan
from mobile.web.builder.fonts import ensure_fonts
from mumen.commands.labels.samples import piece_labels

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"})
APP = Path("build/app")
CAMERA_S = 10.0
NATIVE_FRAMES = 100
"""Of each scene."""

WORN_LABELS = 8
FRAMES = 12
"""Within as many frames (half a second of video) a worn label counts as read by the ladder's frame plan."""


@dataclass(frozen=True)
class Photo:
    """An image, and the text of the QR in it; None where it shows none."""

    path: Path
    truth: str | None

    def open(self) -> Image.Image:
        """Its picture in grey, with a longer side of at most 1280 pixels."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of palettes with transparency, which grey has none of
            picture = Image.open(self.path).convert("L")
        picture.thumbnail((LARGE, LARGE))
        return picture


Decode = Callable[[Image.Image], Sequence[Found]]


def run() -> None:
    """Reads the photographs of the folder, if there is one, and worn labels of our own."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.scan", description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path, help="a folder tree of images with .txt truths beside them")
    folder: Path | None = asked.parse_args().folder
    say(f"readers: {', '.join(readers())}; rungs: {', '.join(rung_names())}")
    figures = read_photos(folder) if folder is not None else {}
    if not (APP / "camera-worker.js").is_file():
        raise SystemExit(f"{APP} is not built: `mumen build-app` first")
    if folder is not None:
        figures |= read_photos_in_a_browser(folder)
    report("scan", figures | look_through_the_camera() | look_natively() | read_worn_labels())


def read_photos(folder: Path) -> dict[str, float]:
    """The figures of photographs. Raises `SystemExit` where the folder holds none with a text."""
    photos = find_photos(folder)
    shown = [photo for photo in photos if photo.truth is not None]
    if not shown:
        raise SystemExit(f"{folder}: no image with a .txt beside it")
    figures: dict[str, float] = {"scan.photos": len(shown), "scan.negatives": len(photos) - len(shown)}
    took, wrong = list[float](), 0
    for photo in shown:
        picture = photo.open()
        began = time.perf_counter()
        found = read_picture(picture).found
        took.append((time.perf_counter() - began) * 1000)
        if found and not _is_right(found, photo):
            wrong += 1
            say(f"wrong: {photo.path.relative_to(folder)}: {texts(found)!r}, not {photo.truth!r}")
    decoders: dict[str, Decode] = {"scan.rate": lambda picture: read_picture(picture).found}
    names = {Reader.PYZBAR: "scan.rate_pyzbar", Reader.ZXING: "scan.rate_zxing"}
    decoders |= {names[reader]: read for reader, read in readers().items()}
    for name, decode in decoders.items():
        figures[name] = sum(_is_right(decode(photo.open()), photo) for photo in shown) / len(shown)
    nothing = [photo for photo in photos if photo.truth is None]
    figures["scan.wrong"] = wrong
    figures["scan.false_on_negatives"] = sum(bool(read_picture(photo.open()).found) for photo in nothing)
    figures["scan.ms_p50"], figures["scan.ms_p95"] = statistics.median(took), percentile(took, 0.95)
    return figures


def read_photos_in_a_browser(folder: Path) -> dict[str, float]:
    """The figures of the app's own reader in Chromium, which gets the files as a phone would hand them over."""
    say("in Chromium")
    right, took, read_nothing = 0, list[float](), 0
    photos = find_photos(folder)
    with wasm_reader(APP) as reader:
        for photo in photos:
            text, took_ms = reader.read(photo.path.read_bytes())
            if photo.truth is None:
                read_nothing += bool(text)
            else:
                took.append(took_ms)
                right += _comparable(text) == _comparable(photo.truth)
    return {
        "scan.rate_wasm": right / len(took),
        "scan.wasm_false_on_negatives": read_nothing,
        "scan.wasm_ms_p50": statistics.median(took),
        "scan.wasm_ms_p95": percentile(took, 0.95),
    }


def look_through_the_camera() -> dict[str, float]:
    """How many frames of 1280×720 the camera's panel reads a second, in Chromium. Raises `SystemExit` where it errs."""
    paths = ensure_fonts(Path("build"), say)
    (label,) = piece_labels(1)
    press = Press(LabelFonts(paths.regular, paths.semibold))
    picture = picture_of(label_bitmap(press, label, LABEL_60X40))
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "camera.y4m"
        write_video(video, [scene([(picture, (400, 200))])])
        rate, seen = frames_per_second(APP, video, CAMERA_S)
    if seen != [label.code]:
        raise SystemExit(f"the camera saw {seen}, not {label.code} once")
    return {"scan.camera_frames_per_s": rate}


def look_natively() -> dict[str, float]:
    """What a station PC makes of 1280×720 frames by its frame plan: a clean label, then dust, then none, in turn."""
    paths = ensure_fonts(Path("build"), say)
    (label,) = piece_labels(1)
    clean = frame_of(picture_of(label_bitmap(Press(LabelFonts(paths.regular, paths.semibold)), label, LABEL_60X40)))
    scenes = [clean, WEAR["dust"](clean, 0.8, random.Random(3)), Image.new("L", clean.size, 110)]
    plan, took = FramePlan(), list[float]()
    for frame in (one for one in scenes for _ in range(NATIVE_FRAMES)):
        began = time.perf_counter()
        plan.read(frame)
        took.append((time.perf_counter() - began) * 1000)
    return {
        "scan.native_frames_per_s": 1000 * len(took) / sum(took),
        "scan.native_ms_p50": statistics.median(took),
        "scan.native_ms_p95": percentile(took, 0.95),
    }


def find_photos(folder: Path) -> list[Photo]:
    """The images below this folder, in the order of their names."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES)
    truths = (path.with_suffix(".txt") for path in paths)
    read = (t.read_text(encoding="utf-8", errors="replace") if t.exists() else None for t in truths)
    return [Photo(path, truth) for path, truth in zip(paths, read, strict=True)]


def read_worn_labels() -> dict[str, float]:
    """Of each kind of wear, the share of our labels that each reader and the ladder still read."""
    paths = ensure_fonts(Path("build"), say)
    press = Press(LabelFonts(paths.regular, paths.semibold))
    labels = piece_labels(WORN_LABELS)
    frames = [(label.code, frame_of(picture_of(label_bitmap(press, label, LABEL_60X40)))) for label in labels]
    decoders: dict[str, Decode] = {reader.value.partition("-")[0]: read for reader, read in readers().items()}
    decoders["ladder"] = lambda picture: read_picture(picture).found
    figures: dict[str, float] = {}
    for kind, wear in WEAR.items():
        say(f"wear: {kind}")
        seeded = random.Random(kind)
        worn = [(code, wear(frame, strength, seeded)) for strength in STRENGTHS for code, frame in frames]
        for name, decode in decoders.items():
            figures[f"scan.wear.{kind}.{name}"] = sum((code,) == texts(decode(p)) for code, p in worn) / len(worn)
        figures[f"scan.wear.{kind}.ladder"] = sum((code,) == texts(read_picture(p).found) for code, p in worn) / len(
            worn
        )
        figures[f"scan.wear.{kind}.frames"] = sum(_is_read_in_time(code, p) for code, p in worn) / len(worn)
    return figures


def _is_read_in_time(code: str, picture: Image.Image) -> bool:
    return any(code in texts(read_frame(picture, number).found) for number in range(FRAMES))


def _is_right(found: Sequence[Found], photo: Photo) -> bool:
    return any(_comparable(one.text) == _comparable(photo.truth or "") for one in found)


def _comparable(text: str) -> str:
    return "\n".join(text.split())


if __name__ == "__main__":
    run()
