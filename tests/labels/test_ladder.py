"""What is read in a picture, rung by rung, and with either library missing."""

import importlib
import random
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from PIL import Image, ImageDraw, ImageFilter

from labels.reading import readers as module
from labels.reading.ladder import read_frame, read_picture, rung_names
from labels.reading.readers import NoReader, Reader, readers, texts
from labels.symbol import dark_rectangles, matrix
from shared.label_code import CodeKind, make

CODE, OTHER = make(CodeKind.PIECE, 12345), make(CodeKind.RACK, 678)


def symbol(code: str, dots: int = 6) -> Image.Image:
    side = (25 + 8) * dots
    image = Image.new("L", (side, side), 255)
    for column, row, columns, rows in dark_rectangles(matrix(code)):
        left, top = (column + 4) * dots, (row + 4) * dots
        image.paste(0, (left, top, left + columns * dots, top + rows * dots))
    return image


def scene(*placed: tuple[str, int, int], size: tuple[int, int] = (1280, 720)) -> Image.Image:
    image = Image.new("L", size, 200)
    for code, x, y in placed:
        image.paste(symbol(code), (x, y))
    return image


def dusty(picture: Image.Image) -> Image.Image:
    worn, seeded = picture.copy(), random.Random(3)
    pen = ImageDraw.Draw(worn)
    for _ in range(9_000):
        x, y, radius = seeded.uniform(0, picture.width), seeded.uniform(0, picture.height), seeded.uniform(0.8, 2.6)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=seeded.randint(170, 225))
    return worn


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    found = importlib.import_module

    def remove(*names: str) -> None:
        def import_module(name: str) -> ModuleType:
            if name in names:
                raise ImportError(name)
            return found(name)

        monkeypatch.setattr(module.importlib, "import_module", import_module)
        readers.cache_clear()

    yield remove
    readers.cache_clear()


class TestReadPicture:
    def test_says_what_it_read_where_and_how(self) -> None:
        reading = read_picture(scene((CODE, 900, 100)))
        (found,) = reading.found
        assert (found.text, reading.rung) == (CODE, "zxing-cpp 1280")
        assert (round(found.x, 2), round(found.y, 2)) == (0.78, 0.28)

    def test_reads_several_codes_at_once(self) -> None:
        reading = read_picture(scene((CODE, 100, 100), (OTHER, 800, 400)))
        assert set(texts(reading.found)) == {CODE, OTHER}

    def test_goes_on_where_what_it_read_is_not_wanted(self) -> None:
        worn = dusty(scene((CODE, 600, 250)))
        worn.paste(symbol(OTHER), (100, 100))
        assert OTHER in texts(read_picture(worn, lambda text: text == OTHER).found)
        wanted = read_picture(worn, lambda text: text == CODE)
        assert CODE in texts(wanted.found)
        assert wanted.rung != "zxing-cpp 1280"

    def test_gives_what_it_has_where_nothing_wanted_is_there(self) -> None:
        assert texts(read_picture(scene((CODE, 100, 100)), lambda _: False).found) == (CODE,)

    @pytest.mark.parametrize("size", [(1280, 720), (4000, 3000), (300, 300)])
    def test_reads_nothing_in_nothing(self, size: tuple[int, int]) -> None:
        reading = read_picture(scene(size=size))
        assert (reading.found, reading.rung) == ((), "")

    def test_reads_colour_and_large_pictures(self) -> None:
        large = symbol(CODE, 60).convert("RGB")
        assert texts(read_picture(large).found) == (CODE,)


class TestReadFrame:
    def test_needs_a_few_frames_where_one_rung_is_not_enough(self) -> None:
        worn = dusty(scene((CODE, 600, 250)))
        assert read_frame(worn, 0).found == ()
        rungs = {reading.rung for number in range(len(rung_names())) if (reading := read_frame(worn, number)).found}
        assert rungs
        assert "zxing-cpp 1280" not in rungs

    def test_reads_a_clean_label_in_any_frame(self) -> None:
        clean = scene((CODE, 600, 250)).filter(ImageFilter.GaussianBlur(0.6))
        assert all(texts(read_frame(clean, number).found) == (CODE,) for number in range(20))


class TestReaders:
    def test_either_may_be_missing(self, without: Callable[..., None]) -> None:
        for missing, left in (("zxingcpp", Reader.PYZBAR), ("pyzbar.pyzbar", Reader.ZXING)):
            without(missing)
            assert list(readers()) == [left]
            assert {name.partition(" ")[0] for name in rung_names()} == {left.value}
            assert texts(read_picture(scene((CODE, 100, 100))).found) == (CODE,)

    def test_without_any_it_is_said_what_to_install(self, without: Callable[..., None]) -> None:
        without("zxingcpp", "pyzbar.pyzbar")
        with pytest.raises(NoReader, match="zxing-cpp"):
            read_picture(scene())
