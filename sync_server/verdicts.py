"""From a decision of the rules to the verdict that is stored and sent."""

from typing import assert_never

from shared.rules.decision import STATUS_OF_FLAG, Accepted, Decision, Held, Rejected
from shared.schemas.sync import Verdict, VerdictStatus

REASON_CHARACTERS_MAX = 500


def verdict_of(decision: Decision, n: int, record_time_us: int) -> Verdict:
    """The verdict; for a held command without its deadline, which the site's calendar gives."""
    match decision:
        case Accepted(flag=flag, facts=said):
            return Verdict(n=n, status=STATUS_OF_FLAG[flag], facts=dict(said), record_time_us=record_time_us)
        case Held(waits_for=waits_for, code=code, facts=said, next_steps=steps):
            return Verdict(
                n=n,
                status=VerdictStatus.HELD,
                code=code,
                facts=dict(said),
                next_steps=list(steps),
                waits_for=list(waits_for),
                record_time_us=record_time_us,
            )
        case Rejected(code=code, facts=said, next_steps=steps):
            return Verdict(
                n=n,
                status=VerdictStatus.REJECTED,
                code=code,
                facts=dict(said),
                next_steps=list(steps),
                record_time_us=record_time_us,
            )
        case _:
            assert_never(decision)


def parked(n: int, reason: str, record_time_us: int, code: str = "parked") -> Verdict:
    """The command is kept as it came, and somebody looks at it."""
    return Verdict(
        n=n,
        status=VerdictStatus.PARKED,
        code=code,
        facts={"reason": reason[:REASON_CHARACTERS_MAX]},
        next_steps=["call_leader"],
        record_time_us=record_time_us,
    )
