"""Pictures of a piece: the word about them comes first, their bytes when the network allows."""

from shared.rules.decision import Accepted, Change, Context, Decision, EventDraft, EventKind, Flag, Rejected
from shared.rules.facts import Facts
from shared.rules.refusals import NextStep, RefusalCode
from shared.schemas.commands import AttachPhoto, ConfirmPhoto
from shared.schemas.quality import Photo


def attach_photo(facts: Facts, command: AttachPhoto, context: Context) -> Decision:
    """The picture belongs to the piece from now on, whether its bytes are here or not."""
    if facts.piece is None:
        return Rejected(RefusalCode.PIECE_UNKNOWN, {"piece_id": command.piece_id}, (NextStep.CALL_LEADER,))
    if facts.photo is not None:
        return Accepted(Change(), Flag.ALREADY)
    photo = Photo(
        id=command.photo_id,
        site_id=facts.piece.site_id,
        piece_id=command.piece_id,
        kind=command.kind,
        sha256=command.sha256,
        byte_count=command.byte_count,
        media_type=command.media_type,
        taken_by=context.worker_id,
        taken_at_us=context.event_time_us,
    )
    event = EventDraft(EventKind.PHOTO_ATTACHED, photo.piece_id, {"photo_id": photo.id, "sha256": photo.sha256})
    return Accepted(Change((photo,), (event,)))


def confirm_photo(facts: Facts, command: ConfirmPhoto) -> Decision:
    """The bytes are here and fit their hash: devices may let go of theirs."""
    photo = facts.photo
    if photo is None:
        return Rejected(RefusalCode.PHOTO_UNKNOWN, {"photo_id": command.photo_id})
    if photo.is_stored:
        return Accepted(Change(), Flag.ALREADY)
    event = EventDraft(EventKind.PHOTO_STORED, photo.piece_id, {"photo_id": photo.id})
    return Accepted(Change((photo.model_copy(update={"is_stored": True}),), (event,)))
