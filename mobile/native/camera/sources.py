"""Where frames come from: a camera of this machine, or a recording that is played like one.

CameraFault     no frames from here just now; `code` is a key of `words.FAULTS`
"""

import importlib
import sys
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from PIL import Image

LIBRARY = "cv2"
"""OpenCV (Apache-2.0, `opencv-python-headless`), of which only the camera is used; an extra: `mumen[camera]`."""

WIDTH, HEIGHT = 1280, 720
RECORDED_FRAMES_A_SECOND = 20.0
Y4M_FRAME = b"FRAME"


class CameraFault(Exception):  # noqa: N818 - named as the other faults are
    """No frames from here: `no_library`, `none`, `busy` or `lost`."""

    def __init__(self, code: str) -> None:
        """Say why, by its code."""
        super().__init__(code)
        self.code = code


class FrameSource(Protocol):
    """Something that is looked through; used and closed by one thread."""

    def read(self) -> Image.Image:
        """The next frame, waited for. Raises `CameraFault`."""
        ...

    def close(self) -> None:
        """Give it back to the machine."""
        ...


def has_library() -> bool:
    """Whether cameras can be opened here; found without importing anything."""
    return find_spec(LIBRARY) is not None


def open_source(name: str) -> FrameSource:
    """The source of this name: a camera's number, a Y4M video, or a folder of pictures. Raises `CameraFault`."""
    return OpenCvCamera(int(name)) if name.isdecimal() else Recording(Path(name))


class OpenCvCamera:
    """A camera of this machine, by OpenCV: V4L2, Media Foundation, AVFoundation."""

    def __init__(self, number: int) -> None:
        """Open it at 1280x720 where it can do that. Raises `CameraFault`."""
        try:
            self._cv: Any = importlib.import_module(LIBRARY)
        except ImportError as error:
            raise CameraFault("no_library") from error
        self._capture = self._cv.VideoCapture(number)
        if not self._capture.isOpened():
            self._capture.release()
            raise CameraFault(_why_closed(number))
        self._capture.set(self._cv.CAP_PROP_FRAME_WIDTH, WIDTH)
        self._capture.set(self._cv.CAP_PROP_FRAME_HEIGHT, HEIGHT)
        self._capture.set(self._cv.CAP_PROP_BUFFERSIZE, 1)

    def read(self) -> Image.Image:
        """The next frame in grey. Raises `CameraFault`."""
        is_there, frame = self._capture.read()
        if not is_there:
            raise CameraFault("lost")
        return Image.fromarray(self._cv.cvtColor(frame, self._cv.COLOR_BGR2GRAY))

    def close(self) -> None:
        """Give it back to the machine."""
        self._capture.release()


def _why_closed(number: int) -> str:
    """Linux shows which cameras there are; elsewhere the sentence names both reasons."""
    return "busy" if not sys.platform.startswith("linux") or Path(f"/dev/video{number}").exists() else "none"


class Recording:
    """A Y4M video, or a folder of pictures in the order of their names, at its own pace and over and over."""

    def __init__(
        self, path: Path, frames_a_second: float = RECORDED_FRAMES_A_SECOND, *, is_endless: bool = True
    ) -> None:
        """Play this. Raises `CameraFault` where it is not there."""
        if not path.exists():
            raise CameraFault("none")
        self._path, self._is_endless = path, is_endless
        self._frames = self._played()
        self._every_s, self._due_s = 1 / frames_a_second, time.monotonic()

    def read(self) -> Image.Image:
        """The next frame in grey, when it is due. Raises `CameraFault` where it is over or has gone."""
        time.sleep(max(0.0, self._due_s - time.monotonic()))
        self._due_s = max(self._due_s + self._every_s, time.monotonic())
        try:
            return next(self._frames)
        except (StopIteration, OSError) as error:
            raise CameraFault("lost") from error

    def close(self) -> None:
        """Nobody else wanted it."""
        self._frames = iter(())

    def _played(self) -> Iterator[Image.Image]:
        while True:
            yield from _pictures(sorted(self._path.iterdir())) if self._path.is_dir() else _video(self._path)
            if not self._is_endless:
                return


def _pictures(paths: Sequence[Path]) -> Iterator[Image.Image]:
    for path in paths:
        with Image.open(path) as picture:
            yield picture.convert("L")


def _video(path: Path) -> Iterator[Image.Image]:
    """The frames of an uncompressed 4:2:0 video: of each only what is bright and dark."""
    with path.open("rb") as file:
        told = {part[:1]: part[1:] for part in file.readline().split()}
        size = int(told[b"W"]), int(told[b"H"])
        while file.readline().startswith(Y4M_FRAME):
            grey = file.read(size[0] * size[1])
            file.seek(2 * ((size[0] + 1) // 2) * ((size[1] + 1) // 2), 1)
            yield Image.frombytes("L", size, grey)
