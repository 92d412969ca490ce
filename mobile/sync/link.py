"""How this device stands with the server: one round at a time, and what came of the last one."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import OperationalError

from mobile.outcome import SyncState
from mobile.platform import Offline, Platform
from mobile.store import identities, settings
from mobile.store.database import STORAGE_FULL, Store
from mobile.store.mirror import MirrorRows
from mobile.sync.loop import CLONED, exchange, wait_for_news
from mobile.sync.photos import PhotoSender
from mobile.sync.transport import ServerFault

NO_PHOTOS = frozenset({STORAGE_FULL, "not_enrolled"})
"""Problems with which no photo would get through either; to try would only put it off."""


class Link:
    """Owns what the last attempt to reach the server came to; faults end up in `state`, never with the caller."""

    def __init__(self, platform: Platform, store: Store, mirror: MirrorRows, photos: PhotoSender) -> None:
        """No round has been made yet."""
        self._platform, self._store, self._mirror, self._photos = platform, store, mirror, photos
        self._round = asyncio.Lock()
        self.is_online: bool | None = None
        """Whether the last attempt reached the server; None before the first one."""
        self._problem: str | None = None
        self._retry_after_s: float | None = None

    @property
    def state(self) -> SyncState:
        """How the last round with the server went."""
        last = settings.get_setting(self._store, settings.LAST_CONTACT_US)
        problem = self._problem or (CLONED if self._is_cloned() else None)
        return SyncState(self.is_online, int(last) if last else None, problem, self._retry_after_s)

    @property
    def was_offline(self) -> bool:
        """Whether the server could be reached at the last attempt; before the first one, whether there is a network."""
        if self.is_online is None:
            return not self._platform.has_network()
        return not self.is_online

    @property
    def has_more_to_send(self) -> bool:
        """Whether the next round could send a photo at once."""
        identity = identities.current(self._store)
        return identity is not None and self._photos.has_due(identity)

    async def make_round(self) -> bool:
        """One push, one pull, then some photos; whether rows, verdicts or photos changed. One at a time."""
        if self._round.locked() or identities.current(self._store) is None:
            return False
        async with self._round:
            await self._photos.clear_orphans()
            has_news = await self._tried(self._exchange)
            if self.is_online and self._problem not in NO_PHOTOS and self._retry_after_s is None:
                has_news |= await self._tried(self._send_photos)
            return has_news

    async def wait_for_news(self) -> bool:
        """Whether the server has something new; returns after half a minute at most. Faults count as no."""
        if identities.current(self._store) is None:
            return False
        try:
            return await wait_for_news(self._platform, self._store)
        except (Offline, ServerFault, OperationalError):
            return False

    async def _exchange(self) -> bool:
        """One push and one pull; whether rows or verdicts changed."""
        has_news = await exchange(self._platform, self._store, self._mirror)
        settings.set_setting(self._store, settings.LAST_CONTACT_US, str(self._platform.now_us()))
        self.is_online, self._problem, self._retry_after_s = True, None, None
        return has_news

    async def _send_photos(self) -> bool:
        """Some photos; whether any of them got on."""
        identity = identities.current(self._store)  # the round may have brought a later epoch
        assert identity is not None, "only an enrolled device makes rounds"
        return await self._photos.send_some(identity)

    async def _tried(self, step: Callable[[], Awaitable[bool]]) -> bool:
        """Whether this step of a round brought news; what kept it from its end stands in `state`."""
        try:
            return await step()
        except Offline:
            self.is_online, self._problem, self._retry_after_s = False, None, None
        except OperationalError:  # the disk is full: what was not kept comes again with the next round
            self._mirror.forget()
            self.is_online, self._problem = True, STORAGE_FULL
        except ServerFault as fault:
            is_busy = fault.retry_after_s is not None
            self.is_online, self._problem = True, None if is_busy else fault.code
            self._retry_after_s = fault.retry_after_s
        return False

    def _is_cloned(self) -> bool:
        """Whether the server said, of the enrolment that holds, that another device uses it too."""
        cloned = settings.get_setting(self._store, settings.CLONED)
        identity = identities.current(self._store) if cloned is not None else None
        return identity is not None and identity.incarnation == cloned
