"""The demo factory: made through the write path, whole, and only into an empty database."""

from collections import Counter
from pathlib import Path

from sqlalchemy import select

from mumen.demo.people import DEMO_PIN, hash_pin
from mumen.demo.story import DRAFTS, ORDERS, fill
from sync_server.storage.database import Database
from sync_server.tables import OrderRow, PersonRow, PieceRow
from tests.factory import START_US
from tests.mumen.site import Site


def test_the_demo_fills_an_empty_database_once(database: Database) -> None:
    assert database.write(lambda session: fill(session, 1, START_US)).result()
    assert not database.write(lambda session: fill(session, 1, START_US)).result()
    orders = database.read(lambda session: list(session.execute(select(OrderRow)).scalars()))
    states = Counter(str(order.state) for order in orders)
    assert states.total() == ORDERS
    assert states["draft"] == DRAFTS
    assert min(states[state] for state in ("released", "in_production", "complete", "cancelled")) > 0
    assert states["cancelled"] == 2
    pieces = database.read(lambda session: list(session.execute(select(PieceRow)).scalars()))
    begun = [piece for piece in pieces if piece.state == "cancelled" and piece.operations]
    assert sorted(Counter(piece.rack_id for piece in pieces if piece.rack_id).values()) == [5, 8]
    assert begun, "one order is cancelled while it is being made"
    people = database.read(lambda session: list(session.execute(select(PersonRow)).scalars()))
    pin = people[0].pin
    assert pin is not None
    assert pin == hash_pin(DEMO_PIN, bytes.fromhex(pin.salt))


def test_a_full_disk_is_said_in_both_languages_and_nothing_is_half_there(tmp_path: Path) -> None:
    site = Site(tmp_path / "data")
    done = site.run_on_a_full_disk("demo", room_bytes=600_000)
    assert done.returncode == 1
    assert "磁盘是不是满了" in done.stderr
    assert "nothing was written" in done.stderr
    assert "Traceback" not in done.stderr
    again = site.run("demo")
    assert again.returncode == 0, again.stderr
    assert "Demo factory ready" in again.stdout
