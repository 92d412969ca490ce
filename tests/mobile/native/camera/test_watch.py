"""A station PC's camera over real frames of drawn labels: read by the real readers, in real threads."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PIL import Image

from benchmarks.browsing.video import write_video
from labels.reading import readers as readers_module
from mobile.native.camera import watch as watch_module
from mobile.native.camera.mailbox import Mailbox
from mobile.native.camera.plan import FramePlan
from mobile.native.camera.sources import CameraFault, FrameSource, OpenCvCamera, Recording, open_source
from mobile.native.camera.watch import CameraWatch
from tests.labels.test_ladder import CODE, OTHER, dusty, scene, without

__all__ = ["without"]
ONE, TWO, NOTHING = scene((CODE, 540, 260)), scene((CODE, 20, 20), (OTHER, 560, 270)), scene()


_Told = TypeVar("_Told", str, bytes)


class Heard:
    """What a watch told, and a way to wait for it."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.said: list[str] = []
        self.faults: list[str] = []
        self.pictures: list[bytes] = []
        self._changed = threading.Condition()

    def on_code(self, text: str) -> None:
        self._note(self.codes, text)

    def on_picture(self, jpeg: bytes) -> None:
        self._note(self.pictures, jpeg)

    def on_said(self, text: str, *, is_fault: bool) -> None:
        self._note(self.faults if is_fault else self.said, text)

    def _note(self, kept: list[_Told], told: _Told) -> None:
        with self._changed:
            kept.append(told)
            self._changed.notify_all()

    def until(self, is_so: Callable[["Heard"], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: is_so(self), 20), (self.codes, self.said, self.faults)


class Film:
    """A source of these frames at a camera's pace, or slower; the last one stays, or the camera is pulled out."""

    def __init__(self, frames: list[Image.Image], every_s: float = 0.02, *, is_pulled_out: bool = False) -> None:
        self._frames, self._every_s, self._is_pulled_out = frames, every_s, is_pulled_out
        self._next = 0
        self.is_closed = False

    def read(self) -> Image.Image:
        time.sleep(self._every_s)
        if self._next >= len(self._frames) and self._is_pulled_out:
            raise CameraFault("lost")
        self._next += 1
        return self._frames[min(self._next, len(self._frames)) - 1]

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def looking() -> Iterator[Callable[[Callable[[], FrameSource]], tuple[CameraWatch, Heard]]]:
    watches: list[CameraWatch] = []

    def look(source: Callable[[], FrameSource]) -> tuple[CameraWatch, Heard]:
        heard = Heard()
        watches.append(CameraWatch(source, heard))
        watches[-1].start()
        return watches[-1], heard

    yield look
    for one in watches:
        one.end()
        assert one.join(10)


Look = Callable[[Callable[[], FrameSource]], tuple[CameraWatch, Heard]]


class TestCameraWatch:
    def test_a_label_in_view_for_seconds_is_one_scan_and_shown_again_another(
        self, looking: Look, tmp_path: Path
    ) -> None:
        video = tmp_path / "label.y4m"
        write_video(video, [ONE] * 40 + [NOTHING] * 36)  # 2 s, then 1.8 s without, over and over
        _, heard = looking(lambda: open_source(str(video)))
        heard.until(lambda so_far: len(so_far.said) == 1)
        began = time.monotonic()
        heard.until(lambda so_far: len(so_far.codes) == 2)
        assert heard.codes == [CODE, CODE]
        assert time.monotonic() - began > 3

    def test_of_two_labels_the_one_in_the_middle_counts(self, looking: Look, tmp_path: Path) -> None:
        for number in range(3):
            TWO.save(tmp_path / f"{number}.png")
        watch, heard = looking(lambda: Recording(tmp_path))
        heard.until(lambda so_far: bool(so_far.codes))
        while watch.frames_read < 20:
            time.sleep(0.02)
        assert heard.codes == [OTHER]

    def test_a_dusty_label_is_read_by_a_later_rung_and_twice(self, looking: Look) -> None:
        worn = dusty(ONE)
        plan = FramePlan()
        seen = [plan.read(worn) for _ in range(60)]
        assert seen[0] == []
        assert {one.is_sure for frame in seen for one in frame} == {False}
        _, heard = looking(lambda: Film([worn]))
        heard.until(lambda so_far: bool(so_far.codes))
        assert heard.codes == [CODE]

    def test_says_what_it_reads_with_and_shows_a_small_picture(self, looking: Look) -> None:
        _, heard = looking(lambda: Film([ONE]))
        heard.until(lambda so_far: bool(so_far.codes and so_far.pictures))
        assert heard.said == ["读码：zxing-cpp + pyzbar · Reading with zxing-cpp + pyzbar"]
        assert heard.pictures[0][:2] == b"\xff\xd8"
        assert len(heard.pictures[0]) < 20_000

    def test_a_camera_that_is_pulled_out_is_asked_for_again(
        self, looking: Look, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(watch_module, "RETRY_S", 0.1)
        films = [Film([NOTHING] * 5, is_pulled_out=True), Film([ONE])]
        left = list(films)

        def plug_in() -> Film:
            return left.pop(0)

        _, heard = looking(plug_in)
        heard.until(lambda so_far: bool(so_far.codes))
        assert len(heard.faults) == 1
        assert "相机断开了" in heard.faults[0]
        assert films[0].is_closed

    def test_one_that_is_not_there_or_taken_is_said_and_asked_for_again(
        self, looking: Look, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(watch_module, "RETRY_S", 0.1)
        faults = ["none", "busy"]

        def plug_in() -> FrameSource:
            if faults:
                raise CameraFault(faults.pop(0))
            return Recording(tmp_path)

        ONE.save(tmp_path / "a.png")
        _, heard = looking(plug_in)
        heard.until(lambda so_far: bool(so_far.codes))
        assert [fault.partition("：")[0] for fault in heard.faults] == ["没有找到相机", "相机打不开"]

    def test_the_threads_are_gone_after_the_end_and_the_camera_is_free(self) -> None:
        film, heard = Film([ONE]), Heard()
        watch = CameraWatch(lambda: film, heard)
        watch.start()
        heard.until(lambda so_far: bool(so_far.codes))
        watch.end()
        assert watch.join(5)
        assert film.is_closed
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("camera-")]

    def test_a_second_opening_waits_until_the_first_has_let_go(self) -> None:
        slow, after = Film([NOTHING], every_s=0.5), Heard()
        was_free: list[bool] = []

        def second() -> FrameSource:
            was_free.append(slow.is_closed)
            return Film([ONE])

        first = CameraWatch(lambda: slow, Heard())
        first.start()
        first.end()
        again = CameraWatch(second, after, first)
        again.start()
        after.until(lambda so_far: bool(so_far.codes))
        again.end()
        assert again.join(5)
        assert was_free == [True]

    def test_a_slow_reader_gets_the_latest_frame_and_the_rest_is_counted(
        self, looking: Look, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        quick = FramePlan.read

        def slowly(plan: FramePlan, frame: Image.Image) -> object:
            time.sleep(0.2)
            return quick(plan, frame)

        monkeypatch.setattr(FramePlan, "read", slowly)
        watch, heard = looking(lambda: Film([NOTHING] * 30 + [ONE]))
        heard.until(lambda so_far: bool(so_far.codes))
        assert watch.frames_read < 15
        assert watch.dropped >= 15


class TestMissingLibraries:
    @pytest.mark.parametrize(
        ("gone", "said"),
        [
            ("zxingcpp", "读码：pyzbar（没有 zxing-cpp，脏标签读得少一些）"),
            ("pyzbar.pyzbar", "读码：zxing-cpp（没有 pyzbar，脏标签读得少一些）"),
        ],
    )
    def test_with_one_reader_it_reads_and_says_so(
        self, looking: Look, without: Callable[..., None], gone: str, said: str
    ) -> None:
        without(gone)
        _, heard = looking(lambda: Film([ONE]))
        heard.until(lambda so_far: bool(so_far.codes and so_far.said))
        assert heard.codes == [CODE]
        assert heard.said[0].startswith(said)

    def test_without_any_it_says_what_to_install_and_ends(self, looking: Look, without: Callable[..., None]) -> None:
        without("zxingcpp", "pyzbar.pyzbar")
        watch, heard = looking(lambda: Film([ONE]))
        heard.until(lambda so_far: bool(so_far.faults))
        assert "pip install zxing-cpp" in heard.faults[0]
        assert watch.join(5)

    def test_without_the_cameras_library_it_says_what_to_install(
        self, looking: Look, without: Callable[..., None]
    ) -> None:
        without("cv2")
        assert readers_module.readers()
        _, heard = looking(lambda: OpenCvCamera(0))
        heard.until(lambda so_far: bool(so_far.faults))
        assert "pip install opencv-python-headless" in heard.faults[0]


class TestRecording:
    def test_ends_where_it_is_not_endless_and_fails_where_it_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(CameraFault, match="none"):
            Recording(tmp_path / "away.y4m")
        video = tmp_path / "a.y4m"
        write_video(video, [ONE, NOTHING])
        source = Recording(video, 1_000, is_endless=False)
        assert [source.read().tobytes() for _ in range(2)] == [ONE.tobytes(), NOTHING.tobytes()]
        with pytest.raises(CameraFault, match="lost"):
            source.read()


def test_a_mailbox_holds_the_latest_until_it_is_closed() -> None:
    mailbox = Mailbox[int]()
    for number in (1, 2, 3):
        mailbox.put(number)
    assert (mailbox.take(), mailbox.dropped) == (3, 2)
    mailbox.close()
    assert mailbox.take() is None
