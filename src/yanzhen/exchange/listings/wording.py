"""The words of this room: what is wrong with what is listed."""

from yanzhen.phrasebook import Phrasebook
from yanzhen.study import Problem

PHRASES = Phrasebook("yanzhen.exchange.listings")


# Kept wide: where the problem is and what its words are filled with.
def problem_at(
    key: str, table: str, row: int | None, column: str, file: str = "", **values: object
) -> Problem:
    """Return a problem of a listing, from the key of its words."""
    return Problem.at(file, table, row, column, *PHRASES.message(key, **values))
