"""Labels as a factory leaves them, made from our own: dust, scratches, glare, blur, tilt, low light.

Each kind of wear goes from a little to past what anybody reads, so that a share of read labels tells decoders apart.
"""

import math
import random
from collections.abc import Callable
from typing import Any, cast

from PIL import Image, ImageChops, ImageDraw, ImageFilter

GREY, PAPER = 205, 255
FRAME = (1280, 720)
LABEL_SHARE = 0.55
"""The label's width in a frame, as somebody holds a tablet to it."""

Wear = Callable[[Image.Image, float, random.Random], Image.Image]
STRENGTHS = (0.2, 0.4, 0.6, 0.8, 1.0)


def frame_of(label: Image.Image) -> Image.Image:
    """The label in the middle of a camera's frame, on a grey door."""
    width = round(FRAME[0] * LABEL_SHARE)
    picture = _resized(label, (width, round(label.height * width / label.width)))
    frame = Image.new("L", FRAME, GREY)
    frame.paste(picture, ((FRAME[0] - picture.width) // 2, (FRAME[1] - picture.height) // 2))
    return frame.filter(ImageFilter.GaussianBlur(0.8))


def dust(frame: Image.Image, strength: float, seeded: random.Random) -> Image.Image:
    """Specks of sawdust over up to a sixth of the frame."""
    worn = frame.copy()
    pen = ImageDraw.Draw(worn)
    for _ in range(round(9_000 * strength)):
        x, y, radius = seeded.uniform(0, FRAME[0]), seeded.uniform(0, FRAME[1]), seeded.uniform(0.8, 2.6)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=seeded.randint(170, 225))
    return worn


def scratches(frame: Image.Image, strength: float, seeded: random.Random) -> Image.Image:
    """Up to sixteen bright lines across the label."""
    worn = frame.copy()
    pen = ImageDraw.Draw(worn)
    for _ in range(round(16 * strength)):
        points = [(seeded.uniform(250, 1030), seeded.uniform(100, 620)) for _ in range(2)]
        pen.line(points, fill=250, width=seeded.randint(3, 9))
    return worn


def glare(frame: Image.Image, strength: float, seeded: random.Random) -> Image.Image:
    """A lamp's reflection somewhere on the code."""
    light = Image.new("L", FRAME, 0)
    x, y, radius = seeded.uniform(330, 600), seeded.uniform(200, 500), 60 + 200 * strength
    ImageDraw.Draw(light).ellipse((x - radius, y - radius, x + radius, y + radius), fill=round(120 + 135 * strength))
    return ImageChops.add(frame, light.filter(ImageFilter.GaussianBlur(30)))


def blur(frame: Image.Image, strength: float, seeded: random.Random) -> Image.Image:
    """A hand that moves, or a lens that is not sharp."""
    if seeded.random() < 0.5:
        return frame.filter(ImageFilter.GaussianBlur(9 * strength))
    steps = max(2, round(26 * strength))
    moved = frame
    for step in range(1, steps):
        moved = Image.blend(moved, ImageChops.offset(frame, step, 0), 1 / (step + 1))
    return moved


def tilt(frame: Image.Image, strength: float, seeded: random.Random) -> Image.Image:
    """The label seen from the side, by up to 70°, and turned."""
    angle, turned = math.radians(70 * strength), frame.rotate(seeded.uniform(-30, 30), fillcolor=GREY, expand=False)
    narrow = math.cos(angle)
    width, height = turned.size
    left = width * (1 - narrow) / 2
    near, far = 1.0, 1 - 0.35 * math.sin(angle)
    corners = [
        (left, height * (1 - near) / 2), (width - left, height * (1 - far) / 2),
        (width - left, height * (1 + far) / 2), (left, height * (1 + near) / 2),
    ]  # fmt: skip
    onto = _projection(corners, width, height)
    return cast("Any", turned).transform(
        turned.size, Image.Transform.PERSPECTIVE, onto, Image.Resampling.BICUBIC, fillcolor=GREY
    )


def low_light(frame: Image.Image, strength: float, seeded: random.Random) -> Image.Image:
    """A dark corner of the hall: little light, and the camera's noise."""
    dark = _mapped(frame, [round(value * (1 - 0.93 * strength)) for value in range(256)])
    noise = Image.frombytes("L", FRAME, seeded.randbytes(FRAME[0] * FRAME[1]))
    grain = [round((value - 128) * 0.16 * strength + 20) for value in range(256)]
    return ImageChops.add(dark, _mapped(noise, grain))


WEAR: dict[str, Wear] = {
    "dust": dust, "scratch": scratches, "glare": glare, "blur": blur, "tilt": tilt, "low_light": low_light,
}  # fmt: skip


def _projection(corners: list[tuple[float, float]], width: int, height: int) -> list[float]:
    """The eight numbers by which Pillow finds for each place of the tilted picture the one that it comes from."""
    sources = [(0, 0), (width, 0), (width, height), (0, height)]
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(corners, sources, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y, u], [0, 0, 0, x, y, 1, -v * x, -v * y, v]]
    for column in range(8):
        pivot = max(range(column, 8), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for row in range(8):
            if row != column:
                share = rows[row][column]
                rows[row] = [value - share * own for value, own in zip(rows[row], rows[column], strict=True)]
    return [row[8] for row in rows]


def _resized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return cast("Any", picture).resize(size, Image.Resampling.BICUBIC)  # annotated in part only


def _mapped(picture: Image.Image, table: list[int]) -> Image.Image:
    return cast("Any", picture).point(table)  # the same
