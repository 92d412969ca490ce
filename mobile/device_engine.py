"""The engine on a real device: station, worker, scans, outbox and sync over one store and one platform."""

import asyncio
import base64
import json
from collections.abc import Callable, Sequence

from mobile import session, submit
from mobile.answers import answer_of_verdict, outcome_of
from mobile.outcome import Outcome, Recent, SignIn, SignInStatus, SyncState, Waiting
from mobile.platform import Offline, Platform
from mobile.store import outbox, settings
from mobile.store.database import Store
from mobile.store.mirror import MirrorRows
from mobile.store.overlay import OverlayRows
from mobile.sync import transport
from mobile.sync.loop import pull_all, push_all, push_body
from shared.label_code import CodeKind, LabelCode, parse
from shared.mint import RandomMint
from shared.rules.permissions import Right, may
from shared.rules.refusals import RefusalCode
from shared.rules.scan import AskForResult
from shared.schemas.commands import COMMAND, InspectionOutcome
from shared.schemas.people import Person
from shared.schemas.production import Site, Station

EXPORT_FORMAT = "mumen-outbox"
EXPORT_VERSION = 1
OFFLINE = "offline"
DEFAULT_OFFSET_MIN = 480


class DeviceEngine:
    """Implements `mobile.engine.Engine`; one of it per store."""

    def __init__(self, platform: Platform, store: Store, monotonic_us: Callable[[], int]) -> None:
        """Work on this store; nobody is signed in."""
        self._platform = platform
        self._store = store
        self._monotonic_us = monotonic_us
        self._mirror = MirrorRows(store)
        self._mint = RandomMint(platform.now_us, platform.random_bits)
        self._worker: Person | None = None
        self._round = asyncio.Lock()
        self._is_online = False
        self._problem: str | None = None

    @property
    def is_enrolled(self) -> bool:
        """Whether the server knows this device."""
        return self._setting(settings.DEVICE_ID) is not None

    @property
    def device_name(self) -> str:
        """The name given at enrolment, empty before it."""
        return self._setting(settings.DEVICE_NAME) or ""

    @property
    def site(self) -> Site | None:
        """The site of this device, once its row has arrived."""
        site_id = self._setting(settings.SITE_ID)
        return self._mirror.get(Site, site_id) if site_id else None

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
        return SyncState(self._is_online, int(last) if last else None, self._problem)

    @property
    def unseen_verdicts(self) -> Sequence[Outcome]:
        """Verdicts that differ from what the worker was shown."""
        return [self._shown(entry) for entry in outbox.unseen(self._store)]

    def acknowledge_verdicts(self) -> None:
        """Somebody has read the unseen verdicts."""
        outbox.mark_seen(self._store)

    async def enrol(self, code: str) -> str | None:
        """Enrol with the code from the office; a fault code, or None when it worked."""
        parsed = parse(code)
        if not isinstance(parsed, LabelCode) or parsed.kind is not CodeKind.ENROLMENT:
            return RefusalCode.ENROLMENT_UNKNOWN
        # Kept before it is sent: when the answer is lost, the same device asks again and is known.
        incarnation = self._setting(settings.INCARNATION)
        if incarnation is None or self.is_enrolled:
            incarnation = self._mint.new_id()
            settings.set_setting(self._store, settings.INCARNATION, incarnation)
        try:
            known = await transport.enrol(self._platform, parsed.text, incarnation)
        except Offline:
            return OFFLINE
        except transport.ServerFault as fault:
            return fault.code
        with self._store.transaction():
            for name, value in (
                (settings.DEVICE_ID, known.device_id),
                (settings.DEVICE_NAME, known.device_name),
                (settings.SITE_ID, known.site_id),
                (settings.NONCE, known.nonce),
                (settings.SERVER_EPOCH, str(known.server_epoch)),
            ):
                settings.set_setting(self._store, name, value)
        await self._platform.request_persistence()
        await self.sync_once()
        return None

    def stations(self) -> list[Station]:
        """The stations to choose from, by code."""
        site_id = self._setting(settings.SITE_ID)
        here = [station for station in self._mirror.all(Station) if station.site_id == site_id]
        return sorted(here, key=lambda station: station.code)

    def workers(self) -> list[Person]:
        """The people who may sign in here, by number."""
        found = [p for p in self._mirror.all(Person) if p.is_active and p.pin and may(p.roles, Right.REPORT_SCAN)]
        return sorted(found, key=lambda person: person.number)

    def pick_station(self, station_id: str) -> None:
        """Keep the station, across restarts."""
        settings.set_setting(self._store, settings.STATION_ID, station_id)

    async def sign_in(self, person_id: str, pin: str) -> SignIn:
        """Check the PIN on the device; wrong tries are counted across restarts."""
        person = self._mirror.get(Person, person_id)
        if person is None or not person.is_active:
            return SignIn(SignInStatus.NO_PIN, 0)
        now_us = self._platform.now_us()
        answer = await session.check_pin(self._store, person, pin, self._platform.pbkdf2_hex, now_us)
        if answer.status is SignInStatus.OK:
            self._worker = person
        return answer

    def sign_out(self) -> None:
        """Forget the worker, not the work."""
        self._worker = None

    def on_code(self, text: str) -> Outcome:
        """Answer one code from a gun, the camera or the keys."""
        return submit.scan(self._desk(), text)

    def answer_inspection(self, ask: AskForResult, outcome: InspectionOutcome, reason: str | None) -> Outcome:
        """Record what the inspector found."""
        return submit.answer_inspection(self._desk(), ask, outcome, reason or "")

    def waiting(self) -> Waiting:
        """What the server has not answered yet."""
        return outbox.waiting(self._store)

    def recent(self, limit: int) -> list[Recent]:
        """The latest scans, newest first."""
        entries = outbox.latest(self._store, limit)
        return [Recent(self._shown(entry), entry.envelope.event_time_us) for entry in entries]

    async def sync_once(self) -> bool:
        """One push and one pull; whether rows or verdicts changed. Faults end up in `sync_state`, never here."""
        incarnation = self._setting(settings.INCARNATION)
        if not self.is_enrolled or incarnation is None or self._round.locked():
            return False
        async with self._round:
            try:
                has_news = await push_all(self._platform, self._store, incarnation)
                has_news |= await pull_all(self._platform, self._store, self._mirror, incarnation)
            except Offline:
                self._is_online, self._problem = False, None
                return False
            except transport.ServerFault as fault:
                self._is_online, self._problem = True, fault.code
                return False
            self._is_online, self._problem = True, None
            settings.set_setting(self._store, settings.LAST_CONTACT_US, str(self._platform.now_us()))
            return has_news

    async def export_outbox(self) -> tuple[str, bytes]:
        """A file name and everything unsent as signed pushes, for the day the network does not come back."""
        requests: list[dict[str, object]] = []
        for incarnation in outbox.incarnations(self._store):
            for parcel in outbox.batches(outbox.all_waiting(self._store, incarnation)):
                body = push_body(incarnation, parcel)
                headers = await transport.signed_headers(self._platform, self._store, transport.PUSH, body, incarnation)
                requests.append({"headers": headers, "body": base64.b64encode(body).decode()})
        document = {
            "format": EXPORT_FORMAT,
            "version": EXPORT_VERSION,
            "device_id": self._setting(settings.DEVICE_ID),
            "device_name": self.device_name,
            "public_key": await self._platform.public_key(),
            "requests": requests,
        }
        name = f"mumen-outbox-{self._platform.now_us() // 1_000_000}.json"
        return name, json.dumps(document, ensure_ascii=False, indent=1).encode()

    def close(self) -> None:
        """Give the file back."""
        self._store.close()

    def _setting(self, name: str) -> str | None:
        return settings.get_setting(self._store, name)

    def _desk(self) -> submit.Desk:
        site = self.site
        return submit.Desk(
            store=self._store,
            mirror=self._mirror,
            mint=self._mint,
            now_us=self._platform.now_us,
            monotonic_us=self._monotonic_us,
            incarnation=self._setting(settings.INCARNATION) or "",
            utc_offset_min=site.utc_offset_min if site else DEFAULT_OFFSET_MIN,
            station=self.station,
            worker=self._worker,
            was_offline=not self._is_online,
        )

    def _shown(self, entry: outbox.Recorded) -> Outcome:
        """What an entry says now: the server's verdict where there is one, else what the worker was shown."""
        if entry.verdict is None:
            return entry.outcome
        rows = OverlayRows(self._store, self._mirror, self._mint)
        command = COMMAND.validate_python(entry.envelope.command)
        return outcome_of(answer_of_verdict(entry.verdict), command, rows, is_synced=True)
