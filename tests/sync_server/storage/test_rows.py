"""Rows within one transaction: what was put is seen, can be taken back, and is written at the end."""

from sqlalchemy.orm import Session

from shared.schemas.door import Piece, PieceState
from sync_server.storage.rows import SessionRows
from tests.sync_server.server import Server


class TestPut:
    def test_is_seen_before_it_is_written(self, server: Server) -> None:
        leaf = server.released()[0]

        def job(session: Session) -> tuple[Piece | None, list[str]]:
            rows = SessionRows(session)
            rows.put(leaf.model_copy(update={"state": PieceState.PASSED}))
            return rows.get(Piece, leaf.id), [piece.state.value for piece in rows.children(Piece, leaf.door_id)]

        seen, states = server.database.read(job)
        assert seen is not None
        assert (seen.state, seen.rev) == (PieceState.PASSED, leaf.rev + 1)
        assert sorted(states) == ["passed", "planned"]

    def test_of_a_new_row_shows_it_among_its_parents_children(self, server: Server) -> None:
        leaf = server.released()[0]
        extra = leaf.model_copy(update={"id": server.factory.mint.new_id()})

        def job(session: Session) -> list[int]:
            rows = SessionRows(session)
            before = len(rows.children(Piece, leaf.door_id))
            rows.put(extra)
            other = SessionRows(session)
            return [before, len(rows.children(Piece, leaf.door_id)), len(other.children(Piece, leaf.door_id))]

        assert server.database.read(job) == [2, 3, 2]

    def test_is_kept_by_write(self, server: Server) -> None:
        leaf = server.released()[0]

        def job(session: Session) -> None:
            rows = SessionRows(session)
            rows.put(leaf.model_copy(update={"state": PieceState.PASSED}))
            rows.put(leaf.model_copy(update={"id": server.factory.mint.new_id()}))
            rows.write()

        server.database.write(job).result()
        assert server.piece(leaf.id).state is PieceState.PASSED
        assert len(server.children(Piece, leaf.door_id)) == 3


class TestRewind:
    def test_takes_back_only_what_was_put_since_the_mark(self, server: Server) -> None:
        leaf, frame = server.released()
        new_id = server.factory.mint.new_id()

        def job(session: Session) -> None:
            rows = SessionRows(session)
            rows.put(leaf.model_copy(update={"state": PieceState.IN_PROCESS}))
            mark = rows.mark()
            rows.put(leaf.model_copy(update={"state": PieceState.SCRAPPED}))
            rows.put(frame.model_copy(update={"state": PieceState.SCRAPPED}))
            rows.put(leaf.model_copy(update={"id": new_id}))
            assert len(rows.children(Piece, leaf.door_id)) == 3
            rows.rewind(mark)
            assert len(rows.children(Piece, leaf.door_id)) == 2
            rows.write()

        server.database.write(job).result()
        assert (server.piece(leaf.id).state, server.piece(leaf.id).rev) == (PieceState.IN_PROCESS, leaf.rev + 1)
        assert (server.piece(frame.id).state, server.piece(frame.id).rev) == (PieceState.PLANNED, frame.rev)
        assert server.get(Piece, new_id) is None
