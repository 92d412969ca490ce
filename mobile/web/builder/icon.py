"""The product's icon, drawn from the palette: a door that stands ajar."""

from PIL import Image, ImageDraw

from shared.palette import LIGHT

DRAWN_AT = 1024
"""Drawn large and scaled down, which smooths the edges. The numbers below are of this grid."""


def draw_icon(size: int, *, is_maskable: bool) -> Image.Image:
    """The icon as a square of `size` pixels; a maskable one fills it, so that a launcher can cut its own shape."""
    image = Image.new("RGBA", (DRAWN_AT, DRAWN_AT), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    if is_maskable:
        draw.rectangle((0, 0, DRAWN_AT, DRAWN_AT), fill=LIGHT.wood)
    else:
        draw.rounded_rectangle((32, 32, 992, 992), radius=208, fill=LIGHT.wood)
    draw.rectangle((300, 208, 724, 820), fill=LIGHT.paper)
    draw.rectangle((348, 256, 676, 820), fill="#3A2210")
    draw.polygon(((348, 256), (596, 312), (596, 876), (348, 820)), fill="#C98F56")
    draw.polygon(((392, 326), (552, 360), (552, 540), (392, 512)), fill="#A86F3A")
    draw.polygon(((392, 568), (552, 598), (552, 806), (392, 772)), fill="#A86F3A")
    draw.ellipse((556, 556, 586, 596), fill=LIGHT.paper)
    draw.rectangle((228, 820, 348, 852), fill=LIGHT.paper)
    draw.rectangle((596, 820, 796, 852), fill=LIGHT.paper)
    return image.resize((size, size), Image.Resampling.LANCZOS)  # pyright: ignore[reportUnknownMemberType]
