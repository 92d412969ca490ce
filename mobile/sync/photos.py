"""Photographs' bytes on their way to the server, by tus: after the commands, one chunk in flight, across restarts.

A photo goes through: does the server have it? -> an upload is begun -> chunk by chunk -> does the server have it? Its
file goes a week after a yes. Every step is one request or two, and what it found is kept before the next one.
"""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.exc import OperationalError

from mobile.platform import HttpAnswer, Offline, Platform
from mobile.store import outbox, photo_files, settings
from mobile.store.database import Store
from mobile.store.photo_files import PhotoState
from mobile.store.tables import Identity, PhotoFile
from mobile.sync.transport import Request, ServerFault, ask, fault_of
from shared.canonical import sha256_hex
from shared.schemas import tus
from shared.schemas.identifiers import DAY_US, PHOTO_CHUNK_BYTES
from shared.schemas.sync import HEADER_TIME_US

LOG = logging.getLogger(__name__)

STEPS_A_ROUND_MAX = 24
"""Two to six megabytes; then it is the commands' turn again, and the pull's."""

PUT_OFF_US = 10 * 60 * 1_000_000
"""How long a photo that the server refuses waits before it is tried again; the others go on meanwhile."""

BREATHER_US = 30 * 1_000_000
"""How long a server that fails is left alone where it does not say how long."""

SLOW_US = 5 * 1_000_000
"""A request that is lost after so long was too large for the line; one that is lost at once found no network."""

CHUNK_BYTES_MIN = 8_000
ORPHAN_US = DAY_US
BEGIN_ANEW = frozenset({403, 404, 410})
"""What tus answers for an upload that is not there any more."""

ASK_AGAIN = frozenset({409, tus.CHECKSUM_MISMATCH})
"""What it answers where we are wrong about the offset, or the wire about the bytes."""

RESUMABLE = {tus.HEADER_RESUMABLE: tus.TUS_VERSION}
CHUNK = RESUMABLE | {"Content-Type": tus.CHUNK_TYPE}


class PhotoSender:
    """Owns who may touch the files, and what of the uploads need not outlive a restart."""

    def __init__(self, platform: Platform, store: Store, monotonic_us: Callable[[], int]) -> None:
        """Nothing is sent before the first `send_some`."""
        self.files = asyncio.Lock()
        """Held by whoever keeps or removes files: a file must not go between its keeping and its command."""
        self._platform, self._store, self._monotonic_us = platform, store, monotonic_us
        self._offsets: dict[str, int] = {}
        self._loaded: tuple[str, bytes] = ("", b"")
        self._chunk_bytes = PHOTO_CHUNK_BYTES
        self._silent_until_us = 0
        self._put_off: dict[str, int] = {}
        self._has_cleared_orphans = False

    async def clear_orphans(self) -> None:
        """Once a start: removes files older than a day that no command names, kept when the plug was pulled."""
        if self._has_cleared_orphans:
            return
        self._has_cleared_orphans = True
        async with self.files:
            try:
                known, now_us = photo_files.known(self._store), self._platform.now_us()
                for name, changed_us in (await self._platform.list_files()).items():
                    if name not in known and changed_us < now_us - ORPHAN_US:
                        await self._platform.remove_file(name)
            except Exception:  # the boundary: what lies about in vain must not keep the commands waiting
                LOG.exception("orphans could not be cleared away")

    async def send_some(self, identity: Identity) -> bool:
        """Sends until a command waits, or for so many steps; whether any photo's state changed.

        What server, network or a single file do wrong ends up in the log and in the next try. Raises
        `OperationalError` where the disk is full.
        """
        before = photo_files.counts(self._store)
        for _ in range(STEPS_A_ROUND_MAX):
            photo = self._next(identity)
            if photo is None:
                break
            try:
                await self._step(identity, photo)
            except Offline:
                break
            except ServerFault as fault:
                self._heed(photo, fault)
            except OperationalError:
                raise
            except Exception:  # the boundary: a file that cannot be read must not keep the others waiting
                LOG.exception("the photo %s could not be sent", photo.sha256)
                self._put_off[photo.sha256] = self._monotonic_us() + PUT_OFF_US
        await self._let_go(identity)
        return photo_files.counts(self._store) != before

    def has_due(self, identity: Identity) -> bool:
        """Whether a photo could be sent at once."""
        return self._next(identity) is not None

    def _next(self, identity: Identity) -> PhotoFile | None:
        """The photo whose turn it is; None where a command waits, the server wants silence, or all is done."""
        now_us = self._monotonic_us()
        if now_us < self._silent_until_us or outbox.has_waiting(self._store, identity.incarnation):
            return None
        self._put_off = {sha256: until_us for sha256, until_us in self._put_off.items() if until_us > now_us}
        return photo_files.next_due(self._store, identity.server_epoch, list(self._put_off))

    async def _step(self, identity: Identity, photo: PhotoFile) -> None:
        """The next request or two about this photo. Raises `ServerFault`, or the platform's `Offline`."""
        offset = self._offsets.get(photo.upload) if photo.upload else None
        if photo.upload is None:
            if not await self._prove(identity, photo):
                await self._begin(identity, photo)
        elif offset is None:
            await self._ask_offset(identity, photo, photo.upload)
        elif offset < photo.byte_count:
            await self._send_chunk(identity, photo, photo.upload, offset)
        elif not await self._prove(identity, photo):
            self._begin_anew(photo)
            raise ServerFault(404, "photo_not_here")

    async def _prove(self, identity: Identity, photo: PhotoFile) -> bool:
        """Asks whether the bytes lie on the server; notes it where they do."""
        epoch = identity.server_epoch
        answer = await self._ask(identity, Request("HEAD", f"{tus.PHOTOS_PATH}/{photo.sha256}"))
        if answer.status == 404:
            return False
        if answer.status != 200:
            raise fault_of(answer)
        photo_files.settle(self._store, photo.sha256, PhotoState.STORED, epoch, _time_us(answer))
        self._loaded = ("", b"")
        return True

    async def _begin(self, identity: Identity, photo: PhotoFile) -> None:
        """Begins an upload; a file that is gone is noted, and blocks nothing."""
        if await self._content(photo) is None:
            LOG.error("the file of the photo %s is gone", photo.sha256)
            time_us = self._server_time_us()
            photo_files.settle(self._store, photo.sha256, PhotoState.GONE, identity.server_epoch, time_us)
            return
        described = {tus.META_SHA256: photo.sha256, tus.META_MEDIA_TYPE: photo.media_type}
        headers = RESUMABLE | {
            tus.HEADER_LENGTH: str(photo.byte_count),
            tus.HEADER_METADATA: tus.metadata_text(described),
        }
        answer = await self._ask(identity, Request("POST", tus.PHOTOS_PATH, headers=headers))
        upload = answer.headers.get("location", "")
        if answer.status != 201 or not upload.startswith(f"{tus.UPLOADS_PATH}/"):
            raise fault_of(answer)
        photo_files.keep_upload(self._store, photo.sha256, upload)
        self._offsets[upload] = 0

    async def _ask_offset(self, identity: Identity, photo: PhotoFile, upload: str) -> None:
        answer = await self._ask(identity, Request("HEAD", upload, headers=RESUMABLE))
        if answer.status in BEGIN_ANEW:
            self._begin_anew(photo)
        elif answer.status == 200:
            self._offsets[upload] = _offset(answer)
        else:
            raise fault_of(answer)

    async def _send_chunk(self, identity: Identity, photo: PhotoFile, upload: str, offset: int) -> None:
        content = await self._content(photo)
        if content is None:
            self._begin_anew(photo)  # which finds that it is gone, unless the server has it after all
            return
        headers = CHUNK | {tus.HEADER_OFFSET: str(offset)}
        chunk = content[offset : offset + self._chunk_bytes]
        del self._offsets[upload]  # until the answer is here, nobody knows
        answer = await self._paced(identity, Request("PATCH", upload, chunk, headers))
        if answer.status in BEGIN_ANEW:
            self._begin_anew(photo)
        elif answer.status == 204:
            self._offsets[upload] = _offset(answer)
        elif answer.status not in ASK_AGAIN:
            raise fault_of(answer)

    async def _paced(self, identity: Identity, request: Request) -> HttpAnswer:
        """The answer; the next chunk is smaller where this one took too long to get through, and larger otherwise."""
        began_us = self._monotonic_us()
        try:
            answer = await self._ask(identity, request)
        except Offline:
            if self._monotonic_us() - began_us >= SLOW_US:
                self._chunk_bytes = max(CHUNK_BYTES_MIN, self._chunk_bytes // 2)
            raise
        if self._monotonic_us() - began_us < SLOW_US:
            self._chunk_bytes = min(PHOTO_CHUNK_BYTES, self._chunk_bytes * 2)
        return answer

    async def _content(self, photo: PhotoFile) -> bytes | None:
        """The photo's bytes, checked against their hash when they are first read; None where the file is gone."""
        if self._loaded[0] != photo.sha256:
            content = await self._platform.read_file(photo.sha256)
            if content is None or sha256_hex(content) != photo.sha256:
                return None
            self._loaded = (photo.sha256, content)
        return self._loaded[1]

    async def _let_go(self, identity: Identity) -> None:
        """Removes files that the server has proved to hold a week ago, by its own clock and in this epoch."""
        server_time_us = self._server_time_us()
        if server_time_us is None:
            return
        async with self.files:
            for sha256 in photo_files.outlived(self._store, identity.server_epoch, server_time_us):
                photo_files.forget(self._store, sha256)
                try:
                    await self._platform.remove_file(sha256)
                except Exception:  # the same boundary; it is an orphan now, and goes at one of the next starts
                    LOG.exception("the file of the photo %s could not be removed", sha256)

    def _server_time_us(self) -> int | None:
        """When the server last answered a pull, by its own clock."""
        text = settings.get_setting(self._store, settings.SERVER_TIME_US)
        return int(text) if text is not None else None

    async def _ask(self, identity: Identity, request: Request) -> HttpAnswer:
        return await ask(self._platform, self._store, identity, request)

    def _begin_anew(self, photo: PhotoFile) -> None:
        self._offsets.pop(photo.upload or "", None)
        photo_files.keep_upload(self._store, photo.sha256, None)

    def _heed(self, photo: PhotoFile, fault: ServerFault) -> None:
        """Leaves the server alone, or this photo: what the server refuses must not keep the others waiting."""
        now_us = self._monotonic_us()
        LOG.warning("the photo %s could not be sent: %s %s", photo.sha256, fault.status, fault.code)
        if fault.retry_after_s is not None:
            self._silent_until_us = now_us + int(fault.retry_after_s * 1_000_000)
        elif fault.status >= 500:
            self._silent_until_us = now_us + BREATHER_US
        else:
            self._put_off[photo.sha256] = now_us + PUT_OFF_US


def _offset(answer: HttpAnswer) -> int:
    text = answer.headers.get(tus.HEADER_OFFSET.lower(), "")
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise ServerFault(answer.status, "offset_missing")
    return int(text)


def _time_us(answer: HttpAnswer) -> int:
    """The server's clock; 200 without it is some proxy's, and proves nothing."""
    text = answer.headers.get(HEADER_TIME_US.lower(), "")
    if not (text.isascii() and text.isdecimal() and len(text) < 20):
        raise ServerFault(answer.status, "proof_without_time")
    return int(text)
