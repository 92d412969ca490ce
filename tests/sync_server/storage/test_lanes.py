"""Writes that wait at the same time go into one transaction, and no one takes another down."""

import asyncio
import threading
from collections.abc import Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from sync_server.storage.database import Database
from sync_server.storage.lanes import JointJob, Lanes


class Recorder:
    """Notes which items share a transaction; the first transaction lasts until it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.go_on = threading.Event()

    def run(self, session: Session, items: Sequence[str]) -> list[str | Exception]:
        session.execute(text("SELECT 1"))
        self.batches.append(list(items))
        if len(self.batches) == 1:
            assert self.go_on.wait(10)
        if "poison" in items:
            raise ValueError(items)
        return [LookupError(item) if item == "refused" else item.upper() for item in items]

    def job(self, item: str, weight: int = 1, lane: str = "a") -> JointJob[str, str]:
        return JointJob(lane, self.run, item, weight)


def written(database: Database, recorder: Recorder, jobs: Sequence[JointJob[str, str]]) -> list[object]:
    """What becomes of these jobs when all of them come while the first is still being written."""

    async def work() -> list[object]:
        lanes = Lanes(database)
        futures = [lanes.write(job) for job in jobs]
        await asyncio.sleep(0.05)
        recorder.go_on.set()
        return list(await asyncio.gather(*futures, return_exceptions=True))

    return asyncio.run(work())


def test_what_comes_while_one_is_written_shares_the_next_transaction(database: Database) -> None:
    recorder = Recorder()
    assert written(database, recorder, [recorder.job(item) for item in "xyz"]) == ["X", "Y", "Z"]
    assert recorder.batches == [["x"], ["y", "z"]]


def test_a_transaction_takes_a_hundred_commands_at_most(database: Database) -> None:
    recorder = Recorder()
    jobs = [recorder.job("first"), recorder.job("b", 60), recorder.job("c", 30), recorder.job("d", 20)]
    assert written(database, recorder, jobs) == ["FIRST", "B", "C", "D"]
    assert recorder.batches == [["first"], ["b", "c"], ["d"]]


def test_one_that_fails_takes_no_other_down(database: Database) -> None:
    recorder = Recorder()
    jobs = [recorder.job(item) for item in ("first", "good", "poison", "refused", "fine")]
    first, good, poison, refused, fine = written(database, recorder, jobs)
    assert (first, good, fine) == ("FIRST", "GOOD", "FINE")
    assert isinstance(poison, ValueError)
    assert isinstance(refused, LookupError)
    assert recorder.batches[1:] == [["good", "poison", "refused", "fine"], ["good"], ["poison"], ["refused"], ["fine"]]


@pytest.mark.parametrize("lane", ["a", "b"])
def test_another_lane_does_not_share(database: Database, lane: str) -> None:
    recorder = Recorder()
    recorder.go_on.set()
    jobs = [recorder.job("first"), recorder.job("here"), recorder.job("there", lane=lane)]
    assert written(database, recorder, jobs) == ["FIRST", "HERE", "THERE"]
    assert (["here", "there"] in recorder.batches) == (lane == "a")
