"""The engine on a real device: station, worker, scans, outbox and sync over one store and one platform."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from sqlalchemy.exc import OperationalError

from mobile import pins, rack_desk, submit
from mobile.answers import answer_of_verdict, outcome_of
from mobile.candidates import Candidate
from mobile.enrolment import enrol
from mobile.export import export_outbox
from mobile.finder import Finder
from mobile.label_in_hand import label_in_hand
from mobile.outcome import (
    Exported,
    LabelInHand,
    Outcome,
    PictureAnswer,
    PictureWord,
    PieceView,
    RackContents,
    RackReport,
    Recent,
    SignIn,
    SignInStatus,
    SyncState,
    ToDecide,
    Tone,
    Waiting,
)
from mobile.photographs import Picture, keep_picture
from mobile.platform import Platform, StorageUnavailable
from mobile.store import identities, outbox, photo_files, repeats, settings
from mobile.store.database import STORAGE_FULL, Store
from mobile.store.mirror import MirrorRows
from mobile.store.overlay import OverlayRows
from mobile.store.tables import Identity
from mobile.sync.link import Link
from mobile.sync.photos import PhotoSender
from mobile.sync.pictures import read_picture
from mobile.to_decide import Decisions
from shared.mint import RandomMint
from shared.rules.permissions import Right, is_leader, may
from shared.rules.scan import AskForResult
from shared.schemas.commands import BindDevice, CallLeader, FloorCommand, InspectionOutcome, VerdictAnswer
from shared.schemas.identifiers import DEFAULT_OFFSET_MIN
from shared.schemas.people import Person
from shared.schemas.production import Site, Station
from shared.schemas.quality import PhotoKind, Resolution
from shared.schemas.upcast import read_command

YES, NO = "yes", "no"
PRIMARY_CODE = 0xFF
"""The part of SQLite's error codes that says what kind of fault it is."""

_WHY_NOT = {sqlite3.SQLITE_BUSY: "other_tab", sqlite3.SQLITE_FULL: "quota", sqlite3.SQLITE_IOERR: "quota"}


class DeviceEngine:
    """Implements `mobile.engine.Engine`; one of it per store."""

    def __init__(self, platform: Platform, store: Store, monotonic_us: Callable[[], int]) -> None:
        """Work on this store; nobody is signed in.

        `monotonic_us` gives microseconds since a moment of its own, and never goes back.
        """
        self._platform = platform
        self._store = store
        self._monotonic_us = monotonic_us
        self._mirror = MirrorRows(store)
        self._decisions = Decisions(store, self._mirror)
        self._mint = RandomMint(platform.now_us, platform.random_bits)
        self._finder = Finder(store, self._mirror, self._mint, lambda: self.station)
        self._worker: Person | None = None
        self._has_english = self._setting(settings.HAS_ENGLISH) == YES
        self._identity = identities.current(store)
        self._photos = PhotoSender(platform, store, monotonic_us)
        self._link = Link(platform, store, self._mirror, self._photos)

    @property
    def identity(self) -> Identity | None:
        """Who this device is to the server, since its last enrolment."""
        return self._identity

    @property
    def is_enrolled(self) -> bool:
        """Whether the server knows this device."""
        return self._identity is not None

    @property
    def enrolled_with(self) -> str | None:
        """The code of the last enrolment, used up by now."""
        return self._setting(settings.ENROLLED_WITH)

    @property
    def device_name(self) -> str:
        """The name given at enrolment, empty before it."""
        return self._identity.device_name if self._identity else ""

    @property
    def has_english(self) -> bool:
        """Whether English stands beside the Chinese on this device."""
        return self._has_english

    def set_english(self, *, is_on: bool) -> None:
        """Keep that choice, across restarts where there is room for it."""
        self._has_english = is_on
        with suppress(OperationalError):  # a full disk: it counts until the next start
            settings.set_setting(self._store, settings.HAS_ENGLISH, YES if is_on else NO)

    @property
    def site(self) -> Site | None:
        """The site of this device, once its row has arrived."""
        return self._mirror.get(Site, self._identity.site_id) if self._identity else None

    @property
    def station(self) -> Station | None:
        """The station picked on this device."""
        station_id = self._setting(settings.STATION_ID)
        return self._mirror.get(Station, station_id) if station_id else None

    @property
    def worker(self) -> Person | None:
        """Who is signed in."""
        return self._worker

    @property
    def sync_state(self) -> SyncState:
        """How the last round with the server went."""
        return self._link.state

    @property
    def unseen_verdicts(self) -> Sequence[Outcome]:
        """Verdicts that differ from what the worker was shown, each with its `entry`."""
        unseen = outbox.unseen(self._store)
        return [replace(self._shown(entry), entry=(entry.incarnation, entry.n)) for entry in unseen]

    def answer_verdict(self, incarnation: str, n: int, answer: VerdictAnswer) -> str | None:
        """Somebody has read this verdict and says what they do about it; a fault code, or None when that was kept."""
        return self._answer(answer, lambda entry: (entry.incarnation, entry.n) == (incarnation, n))

    def acknowledge_verdicts(self) -> str | None:
        """Somebody has read all of them; a fault code, or None when that was kept."""
        return self._answer(VerdictAnswer.UNDERSTOOD, lambda _: True)

    def _answer(self, answer: VerdictAnswer, is_meant: Callable[[outbox.Recorded], bool]) -> str | None:
        """Keeps the answer to these unseen verdicts, which the office sees."""

        def keep() -> None:
            with self._store.transaction():
                for entry in filter(is_meant, outbox.unseen(self._store)):
                    if self._identity is not None:
                        submit.answer_verdict(self._desk(), entry, answer)
                    outbox.mark_seen(self._store, entry.incarnation, entry.n)

        return self._kept(keep)

    async def enrol(self, code: str) -> str | None:
        """Enrol with the code from the office; a fault code, or None when it worked."""
        fault = await enrol(self._platform, self._store, self._mint, code)
        if fault is None:
            self._identity = identities.current(self._store)
            await self._platform.request_persistence()
            await self.sync_once()
        return fault

    def stations(self) -> list[Station]:
        """The stations to choose from, by code."""
        site_id = self._identity.site_id if self._identity else ""
        here = [station for station in self._mirror.all(Station) if station.site_id == site_id]
        return sorted(here, key=lambda station: station.code)

    def workers(self) -> list[Person]:
        """The people who may sign in here, by number."""
        found = [p for p in self._mirror.all(Person) if p.is_active and p.pin and may(p.roles, Right.REPORT_SCAN)]
        return sorted(found, key=lambda person: person.number)

    def pick_station(self, station_id: str) -> str | None:
        """Keep the station, across restarts; a fault code, or None when it worked.

        The server computes from it what this device may hold.
        """

        def bind() -> None:
            with self._store.transaction():
                settings.set_setting(self._store, settings.STATION_ID, station_id)
                self._record(BindDevice(station_id=station_id))

        return self._kept(bind)

    def lock_of(self, person_id: str) -> SignIn | None:
        """What any PIN of this person would be told now; None while nothing is locked."""
        return pins.lock_of(self._store, person_id, self._platform.now_us())

    async def sign_in(self, person_id: str, pin: str) -> SignIn:
        """Check the PIN on the device; wrong tries are counted across restarts."""
        answer, person = await self._check(person_id, pin)
        if answer.status is SignInStatus.OK:
            self._worker = person
        return answer

    async def _check(self, person_id: str, pin: str) -> tuple[SignIn, Person | None]:
        person = self._mirror.get(Person, person_id)
        if person is None or not person.is_active:
            return SignIn(SignInStatus.NO_PIN, 0), None
        now_us = self._platform.now_us()
        try:
            return await pins.check_pin(self._store, person, pin, self._platform.pbkdf2_hex, now_us), person
        except OperationalError:
            # A try that cannot be counted is not given: the lock would be worth nothing on a full disk.
            return SignIn(SignInStatus.STORAGE_FULL, 0), None

    def sign_out(self) -> None:
        """Forget the worker, not the work."""
        self._worker = None

    def on_code(self, text: str) -> Outcome:
        """Answer one code from a gun, the camera or the keys."""
        return submit.scan(self._desk(), text)

    def answer_inspection(self, ask: AskForResult, outcome: InspectionOutcome, defect: str | None) -> Outcome:
        """Record what the inspector found; `defect` is a code of `shared.words.DEFECTS`, None for a pass."""
        return submit.answer_inspection(self._desk(), ask, outcome, defect)

    async def attach_photo(
        self, piece_id: str, content: bytes, media_type: str = "image/jpeg", kind: PhotoKind = PhotoKind.PHOTO
    ) -> Outcome:
        """Keep a picture of a piece: first its bytes, then the word of it; durable before this returns."""
        picture = Picture(content, media_type, kind)
        return await keep_picture(self._desk(), piece_id, picture, self._platform.keep_file, self._photos.files)

    async def read_picture(self, jpeg: bytes) -> PictureAnswer:
        """Ask the server what code is in a photograph in which this device has read none."""
        if self._identity is None:
            return PictureAnswer(PictureWord.OFFLINE)
        return await read_picture(self._platform, self._store, self._identity, jpeg)

    def to_decide(self) -> ToDecide:
        """What whoever is signed in may decide or see to; nothing for people who may not, and for nobody."""
        roles = self._worker.roles if self._worker else ()
        return ToDecide(
            self._decisions.conflicts() if may(roles, Right.RESOLVE_CONFLICT) else (),
            self._decisions.calls() if may(roles, Right.CLOSE_CALL) else (),
        )

    def decide_conflict(self, conflict_id: str, resolution: Resolution) -> Outcome:
        """Record a decision, durably, and say so."""
        return submit.decide_conflict(self._desk(), conflict_id, resolution)

    def close_call(self, call_id: str) -> Outcome:
        """Record that somebody has seen to it, durably, and say so."""
        return submit.close_call(self._desk(), call_id)

    def label_of(self, piece_id: str, *, is_counted: bool = False) -> LabelInHand | None:
        """The label of this piece; None while some of what stands on it has not arrived here.

        `is_counted` says that the copy to be made is on record already, so that anybody may make it.
        """
        rows = OverlayRows(self._store, self._mirror, self._mint)
        roles = self._worker.roles if self._worker else ()
        return label_in_hand(piece_id, rows, roles, is_counted=is_counted)

    def reprint_label(self, label_code: str, reason: str) -> Outcome:
        """Record one more copy, durably, and say so; `reason` is a code of `shared.words.REPRINT_REASONS`."""
        return submit.reprint_label(self._desk(), label_code, reason)

    def likely(self, typed: str, last: PieceView | None) -> list[Candidate]:
        """At most five pieces that may be in hand, by what was typed of a code and what was scanned last."""
        return self._finder.likely(typed, last)

    def expected(self) -> list[Candidate]:
        """Every piece that this station expects next."""
        return self._finder.expected()

    def near(self, code: str) -> list[Candidate]:
        """The known pieces that a mistyped whole code may have meant."""
        return self._finder.near(code)

    def leaders(self) -> list[Person]:
        """The people who may confirm which piece it is."""
        return [person for person in self.workers() if is_leader(person.roles)]

    def leader_of_badge(self, code: str) -> Person | None:
        """The leader whose badge this is."""
        active = (p for p in self._mirror.all(Person) if p.is_active and p.badge_code == code)
        return next((person for person in active if is_leader(person.roles)), None)

    async def check_leader(self, person_id: str, pin: str) -> SignIn:
        """Check a leader's PIN with the tries that a sign-in has; who is signed in stays so."""
        answer, _ = await self._check(person_id, pin)
        return answer

    def identify(self, piece_id: str, code: str, leader: Person) -> Outcome:
        """Record that a leader confirmed which piece it is, count a copy of its label, and scan it."""
        return submit.identify(self._desk(), piece_id, code, leader)

    def call_leader(self, why: str, piece_id: str | None, code: str | None) -> str | None:
        """Record a call for a leader; a fault code, or None when that was kept."""

        def call() -> None:
            with self._store.transaction():
                submit.record(self._desk(), CallLeader(code=why, piece_id=piece_id, label_code=code))

        return self._kept(call)

    def rack_of(self, text: str) -> str | None:
        """The id of the rack whose code this is; None where it is none, or where nobody is here to work on it."""
        return rack_desk.rack_of(self._desk(), text)

    def rack(self, rack_id: str) -> RackContents | None:
        """What is on it, and what each piece needs here; None where the rack is not known (any more)."""
        return rack_desk.contents(self._desk(), rack_id)

    def bind(self, rack_id: str, text: str) -> Outcome:
        """Put the piece of this code on the rack."""
        return rack_desk.bind(self._desk(), rack_id, text)

    def take_off(self, rack_id: str, text: str) -> Outcome:
        """Take the piece of this code off the rack."""
        return rack_desk.take_off(self._desk(), rack_id, text)

    def empty_rack(self, rack_id: str) -> RackReport:
        """Take every piece off that is known to be on it."""
        return rack_desk.empty(self._desk(), rack_id)

    def work_on_rack(self, rack_id: str) -> RackReport:
        """Report what is due here on every piece of it, each with an answer of its own."""
        return rack_desk.work_on_all(self._desk(), rack_id)

    def waiting(self) -> Waiting:
        """What the server has not answered yet."""
        photos, gone = photo_files.counts(self._store)
        return replace(outbox.waiting(self._store), photos=photos, photos_gone=gone)

    def recent(self, limit: int) -> list[Recent]:
        """The latest scans, newest first."""
        entries = outbox.latest(self._store, limit)
        return [Recent(self._shown(entry), entry.envelope.event_time_us) for entry in entries]

    async def sync_once(self) -> bool:
        """One push, one pull, then some photos; whether rows, verdicts or photos changed. Never fails."""
        return await self._link.make_round()

    @property
    def has_more_to_send(self) -> bool:
        """Whether the next round could send a photo at once."""
        return self._link.has_more_to_send

    async def wait_for_news(self) -> bool:
        """Whether the server has something new; returns after half a minute at most. Faults count as no."""
        return await self._link.wait_for_news()

    async def export_outbox(self) -> Exported:
        """Everything unsent as a file of signed pushes, for the day the network does not come back."""
        return await export_outbox(self._platform, self._store)

    def close(self) -> None:
        """Give the file back."""
        self._store.close()

    def _setting(self, name: str) -> str | None:
        return settings.get_setting(self._store, name)

    def _record(self, command: BindDevice) -> None:
        """What the device tells the server about itself: kept and sent like a scan, shown to nobody."""
        if self._identity is not None:
            submit.record(self._desk(), command)

    def _kept(self, write: Callable[[], None]) -> str | None:
        """What became of a write: None, or the code that says that the disk is full."""
        try:
            write()
        except OperationalError:
            return STORAGE_FULL
        return None

    def _desk(self) -> submit.Desk:
        site = self.site
        return submit.Desk(
            store=self._store,
            mirror=self._mirror,
            mint=self._mint,
            now_us=self._platform.now_us,
            monotonic_us=self._monotonic_us,
            incarnation=self._identity.incarnation if self._identity else "",
            utc_offset_min=site.utc_offset_min if site else DEFAULT_OFFSET_MIN,
            station=self.station,
            worker=self._worker,
            was_offline=self._link.was_offline,
        )

    def _shown(self, entry: outbox.Recorded) -> Outcome:
        """What an entry says now: the server's verdict where there is one, else what the worker was shown."""
        if entry.verdict is None:
            return entry.outcome
        rows = OverlayRows(self._store, self._mirror, self._mint)
        command = read_command(entry.envelope.command)
        assert isinstance(command, FloorCommand), "what the device says about itself is shown to nobody"
        at = entry.envelope.station_id
        outcome = outcome_of(answer_of_verdict(entry.verdict), command, rows, is_synced=True, station_id=at)
        again = entry.outcome.facts.get(repeats.COUNT)
        is_counted = outcome.tone is Tone.REPEAT and again is not None
        return replace(outcome, facts={**outcome.facts, repeats.COUNT: again}) if is_counted else outcome


async def open_engine(platform: Platform) -> DeviceEngine:
    """The engine of this device, over its own file.

    Raises `StorageUnavailable`, or `mobile.store.database.NewerStoreError`.
    """
    path = await platform.open_files()
    return DeviceEngine(platform, open_store(path), lambda: time.monotonic_ns() // 1_000)


def open_store(path: str) -> Store:
    """The device's file, ready for use. Raises `StorageUnavailable`, or `NewerStoreError`."""
    try:
        return Store(path)
    except OperationalError as error:
        code = _WHY_NOT.get(getattr(error.orig, "sqlite_errorcode", 0) & PRIMARY_CODE)
        if code is None:
            raise
        raise StorageUnavailable(code) from error
