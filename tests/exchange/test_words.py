"""The words of the exchange: both languages, the same figures, nothing that is unused."""

from pathlib import Path

import pytest

import yanzhen.exchange
from tests.phrasebooks import not_in_both_languages, unfilled, unused
from yanzhen.phrasebook import Phrasebook

EXCHANGE = Path(yanzhen.exchange.__file__).parent
ROOMS = [path.parent for path in sorted(EXCHANGE.rglob("words.toml"))]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_words_are_in_both_languages_and_used(room: Path) -> None:
    book = Phrasebook(f"yanzhen.exchange.{room.name}")
    assert not_in_both_languages(book) == []
    assert unused(book, room) == []
    said_by = {"message", "_wrong", "problem", "problem_at"}
    assert unfilled(book, room, {"words", "word"}, said_by) == []
