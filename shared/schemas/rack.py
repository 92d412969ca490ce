"""Racks and trolleys (架): pieces are bound to one for a while, so that one scan of it stands for all of them."""

from sqlmodel import Field, SQLModel

from shared.schemas.identifiers import Id, ShortText


class Rack(SQLModel):
    """A rack of a site. Which pieces are on it stands in the pieces (`Piece.rack_id`); its code is a label's."""

    id: Id
    rev: int = 0
    site_id: Id
    code: ShortText = Field(min_length=1)
    """What is painted on it, such as `R-07`; unique within its site."""
    name: ShortText = ""
    is_active: bool = True
