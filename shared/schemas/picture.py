"""The wire of a photograph in which a device found no code: the picture goes to the server, its codes come back."""

from typing import Literal

from pydantic import BaseModel, Field

READ_PICTURE_PATH = "/v1/read-picture"
PICTURE_TYPES = ("image/jpeg", "image/png", "image/webp")
PICTURE_BYTES_MAX = 3_000_000
"""Of the file; an app makes its picture small first, which gives a tenth of it."""

PICTURE_PIXELS_MAX = 30_000_000
"""Width times height; more is no photograph of a label, but may be a small file that unpacks to fill the memory."""


class PictureReading(BaseModel):
    """What was read in a picture: our codes first, those nearest to its middle first; nothing where nothing was."""

    codes: list[str] = Field(default_factory=list)
    rung: str = ""
    """What was tried when it was read, such as `pyzbar 1280`."""


class Report(BaseModel):
    """What the process that reads a picture says; `problem` is why it read nothing."""

    reading: PictureReading = PictureReading()
    problem: Literal["not_a_picture", "too_many_pixels", "no_reader"] | None = None
