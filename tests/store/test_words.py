"""The words of the store: both languages, the same figures, nothing that is unused."""

from pathlib import Path

import pytest

import yanzhen.store
from tests.phrasebooks import not_in_both_languages, unfilled, unused
from yanzhen.phrasebook import Phrasebook

STORE = Path(yanzhen.store.__file__).parent
WEB = STORE.parent / "web"
ROOMS = [path.parent for path in sorted(STORE.rglob("words.toml"))]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_words_are_in_both_languages_and_used(room: Path) -> None:
    book = Phrasebook(f"yanzhen.store.{room.name}")
    assert not_in_both_languages(book) == []
    # Pages say some of what people do wrong.
    assert set(unused(book, room)) & set(unused(book, WEB)) == set()
    assert unfilled(book, room, {"words", "word"}, {"message", "_problem"}) == []
