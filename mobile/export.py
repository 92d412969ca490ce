"""The unsent outbox as a file for the office: signed pushes, as the network would have taken them."""

import base64

from mobile.outcome import Exported
from mobile.platform import Platform
from mobile.store import identities, outbox
from mobile.store.database import Store
from mobile.sync import transport
from mobile.sync.loop import push_body
from shared.schemas.outbox_file import OUTBOX_FILE_FORMAT, OutboxFile, SignedPush
from shared.schemas.sync import PUSH_PATH


async def export_outbox(platform: Platform, store: Store) -> Exported:
    """What waits under every enrolment of this device, in the order of its numbers."""
    requests: list[SignedPush] = []
    count = 0
    for identity in identities.all_of_them(store):
        waiting = outbox.all_waiting(store, identity.incarnation)
        count += len(waiting)
        for parcel in outbox.batches(waiting):
            body = push_body(identity.incarnation, parcel)
            headers = await transport.signed_headers(platform, identity, PUSH_PATH, body)
            requests.append(SignedPush(headers=headers, body=base64.b64encode(body).decode()))
    known = identities.current(store)
    file = OutboxFile(
        device_id=known.device_id if known else None,
        device_name=known.device_name if known else "",
        public_key=await platform.public_key(),
        requests=requests,
    )
    name = f"{OUTBOX_FILE_FORMAT}-{platform.now_us() // 1_000_000}.json"
    return Exported(name, file.model_dump_json(indent=1).encode(), count)
