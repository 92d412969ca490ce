"""What a person decides or is called to, and how a verdict was taken."""

from enum import StrEnum
from typing import Literal

from pydantic import Field
from sqlmodel import SQLModel

from shared.schemas.identifiers import CodeText, Id, ShortText
from shared.schemas.quality import Resolution


class ResolveConflict(SQLModel):
    """A person decides what devices could not."""

    type: Literal["resolve_conflict"] = "resolve_conflict"
    version: Literal[1] = 1
    conflict_id: Id
    resolution: Resolution
    note: ShortText = ""


class EscalateConflict(SQLModel):
    """A conflict's deadline passed and it did not resolve itself: it goes to a person. Issued by the timer."""

    type: Literal["escalate_conflict"] = "escalate_conflict"
    version: Literal[1] = 1
    conflict_id: Id


class VerdictAnswer(StrEnum):
    """What somebody does about a verdict that they had not expected."""

    UNDERSTOOD = "understood"
    REDO = "redo"
    """They scan the piece again."""
    CALL_LEADER = "call_leader"


class AnswerVerdict(SQLModel):
    """Somebody read a verdict that differs from what the device had said, and says what they do about it."""

    type: Literal["answer_verdict"] = "answer_verdict"
    version: Literal[1] = 1
    incarnation: ShortText
    answered_n: int = Field(ge=1)
    answer: VerdictAnswer = VerdictAnswer.UNDERSTOOD
    piece_id: Id | None = None
    """What the answered command was about, as far as the device knows; an older app says nothing of it."""
    label_code: CodeText | None = None
    code: ShortText = ""
    """What the verdict said: a stable code from `rules/refusals.py`."""


class CloseCall(SQLModel):
    """A leader has seen to what somebody called for."""

    type: Literal["close_call"] = "close_call"
    version: Literal[1] = 1
    call_id: Id


class CallLeader(SQLModel):
    """Somebody stands before something that only a leader can settle, and says so without having scanned anything."""

    type: Literal["call_leader"] = "call_leader"
    version: Literal[1] = 1
    code: ShortText
    """Why: a stable code of `shared.words.CALL_REASONS`."""
    piece_id: Id | None = None
    label_code: CodeText | None = None
