"""One opening of the camera: a thread that captures, a thread that reads, and an end at which both are gone."""

import io
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol, cast

from PIL import Image

from labels.reading.readers import NoReader
from mobile.native.camera.mailbox import Mailbox
from mobile.native.camera.plan import FramePlan
from mobile.native.camera.sources import CameraFault, FrameSource
from mobile.native.camera.words import FAULTS, both, panel_line
from mobile.scanner.sightings import Sightings

RETRY_S = 2.0
PICTURE_EVERY_S = 1 / 8
PICTURE_WIDTH, JPEG_QUALITY = 480, 60
FOR_EVER = frozenset({"no_library"})
"""Faults that waiting does not mend."""


class Told(Protocol):
    """Who hears of it, in the threads of the watch."""

    def on_code(self, text: str) -> None:
        """This counts as scanned."""
        ...

    def on_picture(self, jpeg: bytes) -> None:
        """What the camera sees, small and in grey."""
        ...

    def on_said(self, text: str, *, is_fault: bool) -> None:
        """A sentence for the panel, in both languages; with a fault there is no picture any more."""
        ...


class CameraWatch:
    """Looks from `start` until `end`; a camera that cannot be had is asked for again every two seconds."""

    def __init__(self, open_source: Callable[[], FrameSource], told: Told, before: "CameraWatch | None" = None) -> None:
        """Look through what `open_source` gives, once the watch `before` this one has let go of it."""
        self._open_source, self._told, self._before = open_source, told, before
        self._is_over = threading.Event()
        self._mailbox: Mailbox[Image.Image] = Mailbox()
        self._threads = [
            threading.Thread(target=self._capture, name="camera-capture", daemon=True),
            threading.Thread(target=self._read, name="camera-read", daemon=True),
        ]
        self.frames_read = 0

    @property
    def dropped(self) -> int:
        """How many frames came while an earlier one was still being read, and were replaced by a later one."""
        return self._mailbox.dropped

    def start(self) -> None:
        """Returns at once; what comes of it is told."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Returns at once; the threads give the camera back and go."""
        self._is_over.set()
        self._mailbox.close()

    def join(self, timeout_s: float) -> bool:
        """Whether both threads are gone within that time."""
        until = time.monotonic() + timeout_s
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _capture(self) -> None:
        if self._before is not None:
            self._before.join(RETRY_S)
            self._before = None
        while not self._is_over.is_set():
            try:
                self._look_through(self._open_source())
            except CameraFault as fault:
                self._say(both(FAULTS[fault.code]), is_fault=True)
                if fault.code in FOR_EVER:
                    return
                self._is_over.wait(RETRY_S)

    def _look_through(self, source: FrameSource) -> None:
        """Leaves frames for the reader until the end. Raises `CameraFault`; the source is closed then too."""
        shown_at_s = 0.0
        try:
            is_first = True
            while not self._is_over.is_set():
                frame = source.read()
                if is_first:
                    self._say(panel_line(), is_fault=False)
                    is_first = False
                self._mailbox.put(frame)
                if time.monotonic() - shown_at_s >= PICTURE_EVERY_S:
                    shown_at_s = time.monotonic()
                    self._told.on_picture(_small_jpeg(frame))
        finally:
            source.close()

    def _read(self) -> None:
        try:
            plan, sightings = FramePlan(), Sightings()
        except NoReader:
            self.end()
            self._told.on_said(both(FAULTS["no_reader"]), is_fault=True)
            return
        while (frame := self._mailbox.take()) is not None:
            text = sightings.frame(plan.read(frame), time.monotonic())
            self.frames_read += 1
            if text is not None and not self._is_over.is_set():
                self._told.on_code(text)

    def _say(self, text: str, *, is_fault: bool) -> None:
        if not self._is_over.is_set():
            self._told.on_said(text, is_fault=is_fault)


def _small_jpeg(frame: Image.Image) -> bytes:
    small = frame.convert("L")
    size = PICTURE_WIDTH, max(1, round(frame.height * PICTURE_WIDTH / frame.width))
    small = cast("Any", small).resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)  # annotated in part only
    out = io.BytesIO()
    small.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()
