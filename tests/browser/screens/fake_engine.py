"""The device's own engine, store and rules over a made-up factory; only the server and the device are made up."""

import asyncio
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from labels.fonts import LabelFonts, fonts_in
from mobile.answers import answer_of
from mobile.device_engine import DeviceEngine
from mobile.outcome import Outcome
from mobile.platform import HttpAnswer, StorageUnavailable
from mobile.store import answered, identities, outbox, settings
from mobile.store.database import Store
from mobile.store.mirror import MirrorRows
from mobile.store.overlay import context_of
from mobile.store.tables import Identity
from mobile.work.racks import DeviceRacks
from shared.label_code import CodeKind, make
from shared.mint import RandomMint
from shared.rules.decide import decide
from shared.rules.decision import Accepted
from shared.rules.facts import gather
from shared.schemas.door import Hold, PieceState
from shared.schemas.quality import LeaderCall
from shared.schemas.sync import EnrolAnswer, Fault, Verdict
from shared.schemas.upcast import read_command
from shared.words import Phrase
from tests.browser.screens import floor
from tests.browser.screens.floor import CODES, MINUTE_US, NOW_US, PEOPLE, PIN, PRODUCED, SITE, STATIONS

ENROLMENTS = {
    name: make(CodeKind.ENROLMENT, n) for n, name in enumerate(("good", "expired", "used", "unknown"), start=1)
}
EARLIER = ("earlier-0", "earlier-0", "unknown", "earlier-1", "earlier-late", "earlier-2", "earlier-3", "cancelled")
"""What was scanned before the scene began, newest last."""

INCARNATION = "0"
SILENT_US = 130 * MINUTE_US
NEWS_S = 25


IDENTITY = Identity(
    incarnation=INCARNATION, device_id=floor.numbered(10), device_name="底漆平板 1", site_id=SITE.id, nonce="",
    server_epoch=1, number=1,
)  # fmt: skip


class FakePlatform:
    """Implements `mobile.platform.Platform`: a clock that stands, and a server that answers as the scene wants."""

    def __init__(self, scene: str, query: str) -> None:
        self._fault = scene.removeprefix("blocked-") if scene.startswith("blocked-") else None
        self._query = query
        self.now = NOW_US
        self.on_keystrokes: Callable[[str], None] = lambda _: None
        self.on_seen: Callable[[str], None] = lambda _: None
        self.on_unread: Callable[[bytes], None] = lambda _: None
        self.played: list[str] = []
        self.downloaded: list[str] = []
        self.files: dict[str, bytes] = {}
        self.before_camera = b"a picture"
        self._bits = 0

    async def public_key(self) -> str:
        return ""

    async def sign(self, message: bytes) -> str:
        return message.hex()

    async def pbkdf2_hex(self, secret: str, salt_hex: str, iterations: int) -> str:
        return hashlib.pbkdf2_hmac("sha256", secret.encode(), bytes.fromhex(salt_hex), iterations).hex()

    async def request(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> HttpAnswer:
        assert (method, url.endswith("/v1/enrol")) == ("POST", True), headers
        asked = json.loads(body)["code"]
        name = next(name for name, code in ENROLMENTS.items() if code == asked)
        if name != "good":
            fault = Fault(code=f"enrolment_{name}", message="", message_en="")
            return HttpAnswer(404, fault.model_dump_json().encode())
        known = EnrolAnswer(
            device_id=floor.numbered(10), device_name="底漆平板 1", site_id=SITE.id, site_name=SITE.name,
            server_epoch=1, nonce="",
        )  # fmt: skip
        return HttpAnswer(200, known.model_dump_json().encode())

    def has_network(self) -> bool:
        return False

    async def keep_file(self, sha256: str, content: bytes) -> None:
        self.files[sha256] = content

    async def read_file(self, sha256: str) -> bytes | None:
        return self.files.get(sha256)

    async def remove_file(self, sha256: str) -> None:
        self.files.pop(sha256, None)

    async def list_files(self) -> dict[str, int]:
        return dict.fromkeys(self.files, self.now)

    def has_camera(self) -> bool:
        return True

    async def take_photo(self) -> bytes | None:
        return self.before_camera

    async def open_files(self) -> str:
        if self._fault is not None:
            fault, self._fault = self._fault, None
            raise StorageUnavailable(fault)
        return ":memory:"

    def listen(self, on_keystrokes: Callable[[str], None]) -> None:
        self.on_keystrokes = on_keystrokes

    def has_scanning_camera(self) -> bool:
        return "lens=1" in self._query

    def show_camera(self, *, is_on: bool) -> None:
        self.played.append("camera on" if is_on else "camera off")

    def watch(self, on_code: Callable[[str], None]) -> None:
        self.on_seen = on_code

    def watch_unread(self, on_picture: Callable[[bytes], None]) -> None:
        self.on_unread = on_picture

    def say_on_camera(self, word: str) -> None:
        self.played.append(f"camera says {word}")

    def reading_with(self) -> Phrase:
        return Phrase("zxing-wasm", "zxing-wasm")

    def play(self, tone: str) -> None:
        self.played.append(tone)

    def download(self, name: str, content: bytes) -> None:
        assert content
        self.downloaded.append(name)

    def share(self, name: str, content: bytes, media_type: str) -> None:
        assert content.startswith(b"%PDF") == (media_type == "application/pdf")
        self.downloaded.append(name)

    async def label_fonts(self, *, has_rare: bool) -> LabelFonts | None:
        del has_rare
        return fonts_in(Path("build/fonts"))

    def random_bits(self, bits: int) -> int:
        self._bits += 1
        return self._bits % (1 << bits)

    def now_us(self) -> int:
        return self.now

    def origin(self) -> str:
        return "http://127.0.0.1"

    def start_query(self) -> str:
        return self._query

    def ready(self) -> None:
        pass

    def on_store_lost(self, tell: Callable[[], None]) -> None:
        self.lose = tell

    async def is_persistent(self) -> bool:
        return False

    def take_over(self) -> None:
        pass

    async def request_persistence(self) -> bool:
        return False


class SceneEngine(DeviceEngine):
    """The real engine; its rounds with the server are decided here, by the server's rules over the mirror's rows."""

    def __init__(self, platform: FakePlatform, store: Store, *, is_online: bool) -> None:
        self._mint_of_server = RandomMint(platform.now_us, platform.random_bits)
        self.store = store
        self.is_connected = is_online
        super().__init__(platform, store, lambda: 0)

    def on_code(self, text: str) -> Outcome:
        """A name of `CODES` is scanned as its code; what the office has set for it has arrived by now."""
        made = PRODUCED.get(text)
        if made is not None:
            floor.keep(self.store, STATIONS["SAND-1"].model_copy(update={"strictness": made.strictness}))
            self._mirror.forget()
        self.set_full(is_full=text == "full")
        try:
            return super().on_code(CODES.get(text, text))
        finally:
            self.set_full(is_full=False)

    @property
    def racks(self) -> "SceneRacks":
        """Racks whose codes may be names too."""
        return SceneRacks(self._desk)

    def set_full(self, *, is_full: bool) -> None:
        """Whether anything can be written."""
        self.store.connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if is_full else 'OFF'}")

    async def sync_once(self) -> bool:
        """What waits is answered, where there is a network."""
        self._link.is_online = self.is_connected
        return self.is_connected and self.take_verdicts()

    async def wait_for_news(self) -> bool:
        """Nothing happens on this server by itself."""
        await asyncio.sleep(NEWS_S)
        return False

    def take_verdicts(self) -> bool:
        """The server's answers to all that waits; whether there were any."""
        incarnation = self.identity.incarnation if self.identity else INCARNATION
        with self.store.transaction():
            waiting = [entry for entry in reversed(outbox.latest(self.store, 1_000)) if entry.verdict is None]
            verdicts = [self._verdict(entry) for entry in waiting]
            return answered.take_verdicts(self.store, incarnation, verdicts)

    def _verdict(self, entry: outbox.Recorded) -> Verdict:
        command = read_command(entry.envelope.command)
        context = context_of(entry.envelope, self._mint_of_server)
        decision = decide(gather(command, context, MirrorRows(self.store)), command, context)
        if isinstance(decision, Accepted):
            for row in decision.change.puts:
                if isinstance(row, LeaderCall):
                    floor.drop(self.store, row)
                else:
                    floor.keep(self.store, row)
            self._mirror.forget()
        answer = answer_of(decision)
        return Verdict(
            n=entry.n, status=answer.status, code=answer.code, facts=answer.facts, next_steps=list(answer.next_steps),
            record_time_us=NOW_US,
        )  # fmt: skip


class SceneRacks(DeviceRacks):
    """The real ones; as for `SceneEngine`, a name is scanned as its code."""

    def named_by(self, text: str) -> str | None:
        return super().named_by(CODES.get(text, text))

    def bind(self, rack_id: str, text: str) -> Outcome:
        return super().bind(rack_id, CODES.get(text, text))

    def take_off(self, rack_id: str, text: str) -> Outcome:
        return super().take_off(rack_id, CODES.get(text, text))


async def engine_for(scene: str, platform: FakePlatform) -> SceneEngine:
    """The engine in the state that this scene begins with."""
    store = Store(await platform.open_files())
    floor.keep(store, *floor.rows())
    is_offline = scene in {"offline", "news", "full", "leader"}
    if scene == "enrol":
        return SceneEngine(platform, store, is_online=not is_offline)
    identities.add(store, IDENTITY)
    station = None if scene == "stations" else STATIONS["QC-1" if scene == "inspector" else "SAND-1"].id
    for name, value in {
        settings.INCARNATION: INCARNATION, settings.STATION_ID: station,
        settings.LAST_CONTACT_US: str(NOW_US - SILENT_US),
    }.items():  # fmt: skip
        settings.set_setting(store, name, value)
    engine = SceneEngine(platform, store, is_online=not is_offline)
    await _work(scene, engine, platform)
    return engine


async def _work(scene: str, engine: SceneEngine, platform: FakePlatform) -> None:
    """Who is there, and what they have done so far."""
    if scene in {"offline", "news", "full", "inspector", "leader"}:
        who = {"inspector": "王芳", "leader": "欧阳婷婷"}.get(scene, "张伟")
        await engine.people.sign_in(PEOPLE[who].id, PIN)
    if scene == "news":
        platform.now = NOW_US - 60 * MINUTE_US
        _decide_otherwise(engine)
    if scene in {"offline", "news", "full"}:
        for n, name in enumerate(EARLIER):
            platform.now = NOW_US - (4 * (len(EARLIER) - n) - 1) * MINUTE_US
            engine.on_code(name)
    platform.now = NOW_US


def _decide_otherwise(engine: SceneEngine) -> None:
    """Two scans that went well here; the server has heard of something since."""
    for name in ("news-held", "news-gone"):
        engine.on_code(name)
    hold = Hold(code="customer_change", reason="客户改尺寸", since_us=NOW_US)
    floor.keep(
        engine.store,
        floor.piece_of("news-held").model_copy(update={"holds": [hold]}),
        floor.piece_of("news-gone").model_copy(update={"state": PieceState.CANCELLED}),
    )
    engine.take_verdicts()
