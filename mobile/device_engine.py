"""The engine on a real device: station, worker, scans, outbox and sync over one store and one platform."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from sqlalchemy.exc import OperationalError

from mobile.enrolment import enrol
from mobile.export import export_outbox
from mobile.label_in_hand import label_in_hand
from mobile.outcome import (
    Exported,
    LabelInHand,
    Outcome,
    PictureAnswer,
    PictureWord,
    SyncState,
    ToDecide,
    Waiting,
)
from mobile.photographs import Picture, keep_picture
from mobile.platform import Platform
from mobile.store import identities, outbox, photo_files, settings
from mobile.store.database import Store
from mobile.store.mirror import MirrorRows
from mobile.store.opening import open_store
from mobile.store.overlay import OverlayRows
from mobile.store.tables import Identity
from mobile.submit import Desk, fault_of, record
from mobile.sync.link import Link
from mobile.sync.photos import PhotoSender
from mobile.sync.pictures import read_picture
from mobile.to_decide import Decisions
from mobile.work import leaders, scanning
from mobile.work.finder import DeviceFinder
from mobile.work.people import DevicePeople
from mobile.work.racks import DeviceRacks
from mobile.work.verdicts import DeviceVerdicts
from shared.mint import RandomMint
from shared.rules.permissions import Right, may
from shared.rules.scan import AskForResult
from shared.schemas.commands import BindDevice, InspectionOutcome
from shared.schemas.identifiers import DEFAULT_OFFSET_MIN
from shared.schemas.people import Person, Role
from shared.schemas.production import Site, Station
from shared.schemas.quality import PhotoKind, Resolution

YES, NO = "yes", "no"


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
        self._finder = DeviceFinder(store, self._mirror, self._mint, lambda: self.station)
        self._people = DevicePeople(platform, store, self._mirror)
        self._verdicts = DeviceVerdicts(store, self._mirror, self._mint, self._desk)
        self._racks = DeviceRacks(self._desk)
        self._has_english = self._setting(settings.HAS_ENGLISH) == YES
        self._identity = identities.current(store)
        self._photos = PhotoSender(platform, store, monotonic_us)
        self._link = Link(platform, store, self._mirror, self._photos)

    @property
    def people(self) -> DevicePeople:
        """Who works here, and who may."""
        return self._people

    @property
    def verdicts(self) -> DeviceVerdicts:
        """What was said to what was recorded here."""
        return self._verdicts

    @property
    def finder(self) -> DeviceFinder:
        """Which pieces may be in hand where a label cannot be read."""
        return self._finder

    @property
    def racks(self) -> DeviceRacks:
        """What is done with a rack."""
        return self._racks

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
    def sync_state(self) -> SyncState:
        """How the last round with the server went."""
        return self._link.state

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

    def pick_station(self, station_id: str) -> str | None:
        """Keep the station, across restarts; a fault code, or None when it worked.

        The server computes from it what this device may hold.
        """

        def bind() -> None:
            with self._store.transaction():
                settings.set_setting(self._store, settings.STATION_ID, station_id)
                if self.is_enrolled:
                    record(self._desk(), BindDevice(station_id=station_id))

        return fault_of(bind)

    def on_code(self, text: str) -> Outcome:
        """Answer one code from a gun, the camera or the keys."""
        return scanning.scan(self._desk(), text)

    def on_gaps(self, text: str) -> Outcome:
        """Answer what is left of a code that a gun sent with gaps."""
        return scanning.tell_gaps(self._desk(), text)

    def answer_inspection(self, ask: AskForResult, outcome: InspectionOutcome, defect: str | None) -> Outcome:
        """Record what the inspector found; `defect` is a code of `shared.words.DEFECTS`, None for a pass."""
        return scanning.answer_inspection(self._desk(), ask, outcome, defect)

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
        roles = self._roles()
        return ToDecide(
            self._decisions.conflicts() if may(roles, Right.RESOLVE_CONFLICT) else (),
            self._decisions.calls() if may(roles, Right.CLOSE_CALL) else (),
        )

    def decide_conflict(self, conflict_id: str, resolution: Resolution) -> Outcome:
        """Record a decision, durably, and say so."""
        return leaders.decide_conflict(self._desk(), conflict_id, resolution)

    def close_call(self, call_id: str) -> Outcome:
        """Record that somebody has seen to it, durably, and say so."""
        return leaders.close_call(self._desk(), call_id)

    def label_of(self, piece_id: str, *, is_counted: bool = False) -> LabelInHand | None:
        """The label of this piece; None while some of what stands on it has not arrived here.

        `is_counted` says that the copy to be made is on record already, so that anybody may make it.
        """
        rows = OverlayRows(self._store, self._mirror, self._mint)
        roles = self._roles()
        return label_in_hand(piece_id, rows, roles, is_counted=is_counted)

    def reprint_label(self, label_code: str, reason: str) -> Outcome:
        """Record one more copy, durably, and say so; `reason` is a code of `shared.words.REPRINT_REASONS`."""
        return leaders.reprint_label(self._desk(), label_code, reason)

    def identify(self, piece_id: str, code: str, leader: Person) -> Outcome:
        """Record that a leader confirmed which piece it is, count a copy of its label, and scan it."""
        return leaders.identify(self._desk(), piece_id, code, leader)

    def call_leader(self, why: str, piece_id: str | None, code: str | None) -> str | None:
        """Record a call for a leader; a fault code, or None when that was kept."""
        return leaders.call_leader(self._desk(), why, piece_id, code)

    def waiting(self) -> Waiting:
        """What the server has not answered yet."""
        photos, gone = photo_files.counts(self._store)
        return replace(outbox.waiting(self._store), photos=photos, photos_gone=gone)

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

    def _roles(self) -> Sequence[Role]:
        """Of whoever is signed in."""
        worker = self._people.worker
        return worker.roles if worker else ()

    def _desk(self) -> Desk:
        site = self.site
        return Desk(
            store=self._store,
            mirror=self._mirror,
            mint=self._mint,
            now_us=self._platform.now_us,
            monotonic_us=self._monotonic_us,
            incarnation=self._identity.incarnation if self._identity else "",
            utc_offset_min=site.utc_offset_min if site else DEFAULT_OFFSET_MIN,
            station=self.station,
            worker=self._people.worker,
            was_offline=self._link.was_offline,
        )


async def open_engine(platform: Platform) -> DeviceEngine:
    """The engine of this device, over its own file.

    Raises `StorageUnavailable`, or `mobile.store.database.NewerStoreError`.
    """
    path = await platform.open_files()
    return DeviceEngine(platform, open_store(path), lambda: time.monotonic_ns() // 1_000)
