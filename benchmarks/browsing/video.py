"""What a browser's camera sees: pictures as the raw video that Chromium takes for one."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

SIZE = (1280, 720)
FRAMES_A_SECOND = 20


def camera_flags(path: Path) -> tuple[str, ...]:
    """What makes Chromium see this video, over and over, through its camera."""
    return (f"--use-file-for-fake-video-capture={path}",)


def write_video(path: Path, frames: Sequence[Image.Image]) -> None:
    """The frames, each of `SIZE`, in grey, as Y4M."""
    width, height = SIZE
    grey = bytes([128]) * (width * height // 2)
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F{FRAMES_A_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
        for frame in frames:
            assert frame.size == SIZE
            file.write(b"FRAME\n" + frame.convert("L").tobytes() + grey)


def scene(labels: Sequence[tuple[Image.Image, tuple[int, int]]]) -> Image.Image:
    """Pictures of labels on a wooden brown, each with its upper left corner."""
    made = Image.new("L", SIZE, 110)
    for picture, corner in labels:
        made.paste(picture, corner)
    return made
