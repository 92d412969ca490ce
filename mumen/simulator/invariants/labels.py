"""I11: a piece, or a rack, has one code that counts, what codes stood for stays known, copies are counted once each."""

from collections import defaultdict

from mumen.simulator.invariants.delivery import EFFECTS
from mumen.simulator.invariants.reading import server_rows
from mumen.simulator.world import World

LABELS = "SELECT id, target_id, state, replaced_by, copies FROM label"
COPIES = """SELECT json_extract(detail, '$.label_code'), json_extract(detail, '$.copy_number') FROM event
    WHERE kind = 'label_reprinted'"""
REPRINTS = """SELECT coalesce(json_extract(body, '$.command.label_code'), json_extract(body, '$.label_code'))
    FROM command_log WHERE type = 'reprint_label' AND status IN ('ok', 'ok_late')"""
REVOCATIONS = "SELECT json_extract(detail, '$.label_code'), record_time_us FROM event WHERE kind = 'label_revoked'"
SCANNED = f"""SELECT json_extract(log.body, '$.command.label_code'), event.subject, event.record_time_us FROM event
    JOIN command_log AS log ON log.origin = event.origin AND log.key = event.key
    WHERE event.kind IN {EFFECTS} AND log.origin LIKE 'device:%'"""  # noqa: S608 - our own words


def check(world: World) -> None:
    """Raises `AssertionError` with the invariant's number and what broke it."""
    _one_code_counts(world)
    _copies_are_counted(world)
    _dead_codes_do_nothing(world)


def _one_code_counts(world: World) -> None:
    """I11: a piece has exactly one live label, and a revoked one names what took its place there."""
    labels = {code: (target, state, follower) for code, target, state, follower, _ in server_rows(world, LABELS)}
    live: dict[str, int] = defaultdict(int)
    for target, state, _ in labels.values():
        live[target] += state == "live"
    wrong = [target for target, count in live.items() if count != 1]
    assert not wrong, f"I11: {wrong[0]} has {live[wrong[0]]} live labels"
    for code, (target, state, follower) in labels.items():
        is_followed = state != "revoked" or (follower in labels and labels[follower][0] == target)
        assert is_followed, f"I11: the revoked label {code} leads to {follower}, which is not on {target}"


def _copies_are_counted(world: World) -> None:
    """I11: each accepted reprint is one more copy, numbered from 2 on, and no copy comes from anywhere else."""
    numbers, asked = defaultdict[str, list[int]](list), defaultdict[str, int](int)
    for code, number in server_rows(world, COPIES):
        numbers[code].append(number)
    for (code,) in server_rows(world, REPRINTS):
        asked[code] += 1
    for code, _, _, _, copies in server_rows(world, LABELS):
        said = sorted(numbers[code])
        assert said == list(range(2, copies + 1)), f"I11: {code} has {copies} copies, its history says {said}"
        assert asked[code] == len(said), f"I11: {code} was reprinted {asked[code]} times, its history says {said}"


def _dead_codes_do_nothing(world: World) -> None:
    """I11: what a scan did, it did to the piece under its label, and not after the label was revoked."""
    target_of = {code: target for code, target, *_ in server_rows(world, LABELS)}
    revoked = dict(server_rows(world, REVOCATIONS))
    for code, piece_id, at_us in server_rows(world, SCANNED):
        assert target_of.get(code) == piece_id, f"I11: a scan of {code} was booked on {piece_id}"
        assert at_us <= revoked.get(code, at_us), f"I11: {code} was revoked and did something still"
