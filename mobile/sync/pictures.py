"""A photograph in which this device has read no code goes to the server, which tries more; nothing of it is kept."""

from pydantic import ValidationError

from mobile.outcome import PictureAnswer, PictureWord
from mobile.platform import Offline, Platform
from mobile.store.database import Store
from mobile.store.tables import Identity
from mobile.sync.transport import OK, Request, ask
from shared.schemas.picture import READ_PICTURE_PATH, PictureReading

LATER = frozenset({429, 503})


async def read_picture(platform: Platform, store: Store, identity: Identity, jpeg: bytes) -> PictureAnswer:
    """The code nearest to the picture's middle, or why there is none; faults end up in the answer."""
    try:
        asked = Request("POST", READ_PICTURE_PATH, jpeg, {"Content-Type": "image/jpeg"})
        answer = await ask(platform, store, identity, asked)
    except Offline:
        return PictureAnswer(PictureWord.OFFLINE)
    if answer.status != OK:
        return PictureAnswer(PictureWord.BUSY if answer.status in LATER else PictureWord.REFUSED)
    try:
        codes = PictureReading.model_validate_json(answer.body).codes
    except ValidationError:  # a proxy's page, not our server's
        return PictureAnswer(PictureWord.OFFLINE)
    return PictureAnswer(PictureWord.READ, codes[0]) if codes else PictureAnswer(PictureWord.UNREAD)
