"""The words of settlement, in Chinese and English."""

from yanzhen.phrasebook import Phrasebook
from yanzhen.study import Problem

PHRASES = Phrasebook("yanzhen.exchange.settlement")


def problem(key: str, file: str, row: int | None, column: str, **values: object) -> Problem:
    """Return what is wrong with payments, from the key of its words."""
    return Problem.at(file, "payments", row, column, *PHRASES.message(key, **values))
