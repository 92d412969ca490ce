"""I1 and I2: what a device has confirmed arrives, once, and is answered."""

import json
from collections import Counter
from itertools import pairwise

from mumen.simulator.invariants.reading import server_rows
from mumen.simulator.world import World
from shared.canonical import canonical_json, sha256_hex
from shared.rules.refusals import RefusalCode
from shared.schemas.sync import FIRST_PREVIOUS_HASH, PUSH_PATH

EFFECTS = ("operation_completed", "operation_started", "inspection_passed", "inspection_failed", "label_reprinted")


def check(world: World) -> None:
    """Raises `AssertionError` with the invariant's number and what broke it."""
    _nothing_lost(world)
    _photos_arrived(world)
    _chained(world)
    _in_one_piece(world)
    _revoked_are_not_heard(world)
    _exactly_once(world)
    _answered_wholly(world)


def _nothing_lost(world: World) -> None:
    """I1: what a person was told is recorded lies in the outbox, and in the server's log or quarantine."""
    log = {(o, k): h for o, k, h in server_rows(world, "SELECT origin, key, hash FROM command_log")}
    kept = {h for (h,) in server_rows(world, "SELECT hash FROM quarantine")}
    names = dict(server_rows(world, "SELECT incarnation, id FROM device"))
    for tablet in world.tablets:
        recorded = {(i, n): text for i, n, text in tablet.recorded()}
        for one in tablet.confirmed:
            assert (one.incarnation, one.n) in recorded, f"I1: the device forgot {one}"
        if tablet.is_locked_out:
            continue
        for (incarnation, n), text in recorded.items():
            if incarnation not in names:
                continue  # its enrolment was undone by a restored backup: nobody knows this device any more
            digest = sha256_hex(canonical_json(json.loads(text)))
            found = log.get((f"device:{names[incarnation]}/{incarnation}", str(n)))
            assert digest in {found} | kept, f"I1: the server never got {incarnation}/{n}"


def _photos_arrived(world: World) -> None:
    """I1: a picture that was kept lies on the server, under its hash and or still on its device."""
    read = world.server.services.blobs.read
    for tablet in world.tablets:
        for sha256, content in tablet.photos.items():
            on_device = tablet.platform.files.get(sha256, (None, 0))[0] == content
            assert on_device or read(sha256) == content, f"I1: the photo {sha256} is nowhere"
            is_done = tablet.is_revoked or tablet.engine.sync_state.problem or read(sha256) == content
            assert is_done, f"I1: the photo {sha256} never arrived"
    for sha256, is_stored in server_rows(world, "SELECT sha256, is_stored FROM photo"):
        assert is_stored == (read(sha256) is not None), (
            f"I1: the photo {sha256} is here or not, and said to be: {is_stored}"
        )


def _chained(world: World) -> None:
    """I1: each command in an outbox names the hash of the one before it, the first one that there is none."""
    for tablet in world.tablets:
        outbox = [(i, n, json.loads(text)) for i, n, text in tablet.recorded()]
        for incarnation, n, envelope in outbox:
            is_first = n != 1 or envelope["prev_hash"] == FIRST_PREVIOUS_HASH
            assert is_first, f"I1: {incarnation}/1 names a command before it"
        for (incarnation, n, former), (its, its_n, envelope) in pairwise(outbox):
            if (its, its_n) == (incarnation, n + 1):
                digest = sha256_hex(canonical_json(former))
                assert envelope["prev_hash"] == digest, f"I1: {its}/{its_n} does not name the command before it"


def _in_one_piece(world: World) -> None:
    """I1: a device's numbers in the log are dense from 1, and nobody is taken for a copy who is none."""
    numbers: dict[str, list[int]] = {}
    for origin, n in server_rows(world, "SELECT origin, n FROM command_log WHERE origin LIKE 'device:%'"):
        numbers.setdefault(origin, []).append(n)
    for origin, found in numbers.items():
        assert sorted(found) == list(range(1, len(found) + 1)), f"I1: the numbers of {origin} have a gap"
    if not any(tablet.is_clone for tablet in world.tablets):
        taken = server_rows(world, "SELECT device_id, n FROM quarantine WHERE reason = 'cloned_device'")
        assert not taken, f"I1: {taken[0]} was taken for a copied device's"


def _revoked_are_not_heard(world: World) -> None:
    """I1: after a device was shut out, nothing of it is processed until a leader vouches for it."""
    revoked = server_rows(world, "SELECT subject, record_time_us FROM event WHERE kind = 'device_revoked'")
    for device_id, since_us in revoked:
        heard = "SELECT key FROM command_log WHERE origin LIKE ? AND record_time_us > ?"
        found = world.server.disk.connection.execute(heard, (f"device:{device_id}/%", since_us)).fetchall()
        assert not found, f"I1: {device_id} was revoked and heard still: {found[0]}"


def _exactly_once(world: World) -> None:
    """I2: no command had its effect twice, and its verdict is the one that the device holds."""
    query = f"SELECT origin, key, kind, subject FROM event WHERE kind IN {EFFECTS}"  # noqa: S608 - our own words
    twice = [found for found, count in Counter(server_rows(world, query)).items() if count > 1]
    assert not twice, f"I2: applied twice: {twice[0]}"
    log = {(o, k): json.loads(v) for o, k, v in server_rows(world, "SELECT origin, key, verdict FROM command_log")}
    names = dict(server_rows(world, "SELECT incarnation, id FROM device"))
    for tablet in world.tablets:
        if tablet.is_revoked or tablet.is_clone or tablet.engine.sync_state.problem:
            continue
        identity = tablet.engine.identity
        for (incarnation, n), status in tablet.verdicts().items():
            stored = log.get((f"device:{names.get(incarnation)}/{incarnation}", str(n)))
            is_current = identity is not None and incarnation == identity.incarnation
            if stored is not None and is_current:
                assert status == stored["status"], f"I2: {incarnation}/{n} is {stored['status']}, shown {status}"


def _answered_wholly(world: World) -> None:
    """I2: an accepted push brings one verdict for each command, up to the gap that it names, and it is the stored one.

    Verdicts that a restored backup undid cannot be compared, nor those of commands that were held for a while.
    """
    log = {
        (origin.rpartition("/")[2], n): status
        for origin, n, status, rev in server_rows(world, "SELECT origin, n, status, verdict_rev FROM command_log")
        if rev == 1 and origin.startswith("device:")
    }
    for exchange in world.server.exchanges:
        if exchange.ask.path != PUSH_PATH or exchange.reply.status != 200:
            continue
        asked, answer = json.loads(exchange.ask.body), json.loads(exchange.reply.body)
        need = answer.get("need")
        sent = sorted({command["n"] for command in asked["commands"] if need is None or command["n"] < need})
        told = [verdict["n"] for verdict in answer["verdicts"]]
        assert told == sent, f"I2: commands {sent} were sent, {told} answered"
        for verdict in answer["verdicts"] if world.server.epochs == 1 else ():
            stored = log.get((asked["incarnation"], verdict["n"]))
            is_kept_apart = verdict.get("code") == RefusalCode.QUARANTINED
            is_same = is_kept_apart or stored in {None, verdict["status"]}
            assert is_same, f"I2: {verdict['n']} was answered {verdict['status']}, stored is {stored}"
