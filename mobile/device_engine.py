"""The engine on a real device: station, worker, scans, outbox and sync over one store and one platform."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from mobile import session, submit
from mobile.answers import answer_of_verdict, outcome_of
from mobile.export import export_outbox
from mobile.outcome import Exported, Outcome, Recent, SignIn, SignInStatus, SyncState, Waiting
from mobile.platform import Offline, Platform, StorageUnavailable
from mobile.store import identities, outbox, photo_files, settings
from mobile.store.database import Store
from mobile.store.mirror import MirrorRows
from mobile.store.overlay import OverlayRows
from mobile.store.pages import cursors, start_anew
from mobile.store.tables import Identity
from mobile.sync import transport
from mobile.sync.loop import CLONED, exchange, wait_for_news
from mobile.sync.photos import PhotoSender
from shared.canonical import sha256_hex
from shared.label_code import CodeKind, LabelCode, parse
from shared.mint import RandomMint
from shared.rules.permissions import Right, may
from shared.rules.refusals import RefusalCode
from shared.rules.scan import AskForResult
from shared.schemas.commands import AnswerVerdict, AttachPhoto, BindDevice, InspectionOutcome
from shared.schemas.identifiers import DEFAULT_OFFSET_MIN
from shared.schemas.people import Person
from shared.schemas.production import Site, Station
from shared.schemas.quality import PhotoKind
from shared.schemas.upcast import read_command

OFFLINE = "offline"
MISTYPED = "mistyped"
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
        self._mint = RandomMint(platform.now_us, platform.random_bits)
        self._worker: Person | None = None
        self._round = asyncio.Lock()
        self._is_online: bool | None = None
        self._has_english = self._setting(settings.HAS_ENGLISH) == YES
        self._problem: str | None = None
        self._retry_after_s: float | None = None
        self._identity = identities.current(store)
        self._photos = PhotoSender(platform, store, monotonic_us)

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
        last = self._setting(settings.LAST_CONTACT_US)
        problem = self._problem
        if self._identity is not None and self._setting(settings.CLONED) == self._identity.incarnation:
            problem = problem or CLONED
        return SyncState(self._is_online, int(last) if last else None, problem, self._retry_after_s)

    @property
    def unseen_verdicts(self) -> Sequence[Outcome]:
        """Verdicts that differ from what the worker was shown."""
        return [self._shown(entry) for entry in outbox.unseen(self._store)]

    def acknowledge_verdicts(self) -> str | None:
        """Somebody has read the unseen verdicts, and the office sees that; a fault code, or None when it was kept."""

        def answer() -> None:
            with self._store.transaction():
                for entry in outbox.unseen(self._store):
                    self._record(AnswerVerdict(incarnation=entry.incarnation, answered_n=entry.n))
                outbox.mark_seen(self._store)

        return self._kept(answer)

    async def enrol(self, code: str) -> str | None:
        """Enrol with the code from the office; a fault code, or None when it worked."""
        parsed = parse(code)
        if not isinstance(parsed, LabelCode):
            return MISTYPED
        if parsed.kind is not CodeKind.ENROLMENT:
            return RefusalCode.ENROLMENT_UNKNOWN
        try:
            fault = await self._enrol(parsed.text)
        except OperationalError:
            # Whatever the server knows by now: the same device asks again once there is room, and is known.
            return submit.STORAGE_FULL
        if fault is None:
            await self._platform.request_persistence()
            await self.sync_once()
        return fault

    async def _enrol(self, code: str) -> str | None:
        # Kept before it is sent: when the answer is lost, the same device asks again and is known.
        incarnation = self._setting(settings.INCARNATION)
        if incarnation is None or self.is_enrolled:
            incarnation = self._mint.new_id()
            settings.set_setting(self._store, settings.INCARNATION, incarnation)
        try:
            former = identities.all_of_them(self._store)
            known = await transport.enrol(self._platform, code, incarnation, former)
        except (Offline, ValidationError):  # the sign-in page of a guest network answers too
            return OFFLINE
        except transport.ServerFault as fault:
            return fault.code
        fresh = Identity(
            incarnation=incarnation,
            device_id=known.device_id,
            device_name=known.device_name,
            site_id=known.site_id,
            nonce=known.nonce,
            server_epoch=known.server_epoch,
            number=0,
        )
        with self._store.transaction():
            identities.add(self._store, fresh)
            settings.set_setting(self._store, settings.SERVER_EPOCH, str(known.server_epoch))
            settings.set_setting(self._store, settings.ENROLLED_WITH, code)
            start_anew(self._store, cursors(self._store))  # it may be another server with scopes of the same names
        self._identity = identities.current(self._store)
        return None

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

    async def sign_in(self, person_id: str, pin: str) -> SignIn:
        """Check the PIN on the device; wrong tries are counted across restarts."""
        person = self._mirror.get(Person, person_id)
        if person is None or not person.is_active:
            return SignIn(SignInStatus.NO_PIN, 0)
        now_us = self._platform.now_us()
        try:
            answer = await session.check_pin(self._store, person, pin, self._platform.pbkdf2_hex, now_us)
        except OperationalError:
            # A try that cannot be counted is not given: the lock would be worth nothing on a full disk.
            return SignIn(SignInStatus.STORAGE_FULL, 0)
        if answer.status is SignInStatus.OK:
            self._worker = person
        return answer

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
        desk = self._desk()
        problem = submit.photo_problem(desk, piece_id, content)
        if problem is not None:
            return problem
        sha256 = sha256_hex(content)
        async with self._photos.files:
            try:
                await self._platform.keep_file(sha256, content)
            except StorageUnavailable:
                return submit.photo_not_kept(desk, piece_id)
            command = AttachPhoto(
                photo_id=self._mint.new_id(),
                piece_id=piece_id,
                kind=kind,
                sha256=sha256,
                byte_count=len(content),
                media_type=media_type,
            )
            return submit.attach_photo(desk, command)

    def waiting(self) -> Waiting:
        """What the server has not answered yet."""
        photos, gone = photo_files.counts(self._store)
        return replace(outbox.waiting(self._store), photos=photos, photos_gone=gone)

    def recent(self, limit: int) -> list[Recent]:
        """The latest scans, newest first."""
        entries = outbox.latest(self._store, limit)
        return [Recent(self._shown(entry), entry.envelope.event_time_us) for entry in entries]

    async def sync_once(self) -> bool:
        """One push, one pull, then some photos; whether rows, verdicts or photos changed.

        Faults end up in `sync_state`, never here.
        """
        if not self.is_enrolled or self._round.locked():
            return False
        async with self._round:
            await self._photos.clear_orphans()
            has_news = await self._tried(self._exchange)
            if self._is_online and self._problem != submit.STORAGE_FULL and self._retry_after_s is None:
                has_news |= await self._tried(self._send_photos)
            return has_news

    async def _exchange(self) -> bool:
        """One push and one pull; whether rows or verdicts changed."""
        has_news = await exchange(self._platform, self._store, self._mirror)
        settings.set_setting(self._store, settings.LAST_CONTACT_US, str(self._platform.now_us()))
        self._is_online, self._problem, self._retry_after_s = True, None, None
        return has_news

    async def _send_photos(self) -> bool:
        """Some photos; whether any of them got on."""
        identity = identities.current(self._store)  # the round may have brought a later epoch
        assert identity is not None, "only an enrolled device makes rounds"
        return await self._photos.send_some(identity)

    async def _tried(self, step: Callable[[], Awaitable[bool]]) -> bool:
        """Whether this step of a round brought news; what kept it from its end stands in `sync_state`."""
        try:
            return await step()
        except Offline:
            self._is_online, self._problem, self._retry_after_s = False, None, None
        except OperationalError:  # the disk is full: what was not kept comes again with the next round
            self._mirror.forget()
            self._is_online, self._problem = True, submit.STORAGE_FULL
        except transport.ServerFault as fault:
            is_busy = fault.retry_after_s is not None
            self._is_online, self._problem = True, None if is_busy else fault.code
            self._retry_after_s = fault.retry_after_s
        return False

    @property
    def has_more_to_send(self) -> bool:
        """Whether the next round could send a photo at once."""
        identity = identities.current(self._store)
        return identity is not None and self._photos.has_due(identity)

    async def wait_for_news(self) -> bool:
        """Whether the server has something new; returns after half a minute at most. Faults count as no."""
        if not self.is_enrolled:
            return False
        try:
            return await wait_for_news(self._platform, self._store)
        except (Offline, transport.ServerFault, OperationalError):
            return False

    async def export_outbox(self) -> Exported:
        """Everything unsent as a file of signed pushes, for the day the network does not come back."""
        return await export_outbox(self._platform, self._store)

    def close(self) -> None:
        """Give the file back."""
        self._store.close()

    def _setting(self, name: str) -> str | None:
        return settings.get_setting(self._store, name)

    def _record(self, command: BindDevice | AnswerVerdict) -> None:
        """What the device tells the server about itself: kept and sent like a scan, shown to nobody."""
        if self._identity is not None:
            submit.record(self._desk(), command)

    def _kept(self, write: Callable[[], None]) -> str | None:
        """What became of a write: None, or the code that says that the disk is full."""
        try:
            write()
        except OperationalError:
            return submit.STORAGE_FULL
        return None

    def _was_offline(self) -> bool:
        """Whether the server could be reached at the last attempt; before the first one, whether there is a network."""
        if self._is_online is None:
            return not self._platform.has_network()
        return not self._is_online

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
            was_offline=self._was_offline(),
        )

    def _shown(self, entry: outbox.Recorded) -> Outcome:
        """What an entry says now: the server's verdict where there is one, else what the worker was shown."""
        if entry.verdict is None:
            return entry.outcome
        rows = OverlayRows(self._store, self._mirror, self._mint)
        command = read_command(entry.envelope.command)
        return outcome_of(answer_of_verdict(entry.verdict), command, rows, is_synced=True)
