"""The words of messages: one place, both languages."""

from importlib.resources import files
from pathlib import Path

from tests.phrasebooks import not_in_both_languages, unfilled, unused
from yanzhen.history.words import HISTORY

ROOM = Path(str(files("yanzhen.history")))


def test_every_text_is_in_both_languages() -> None:
    assert not_in_both_languages(HISTORY) == []


def test_every_key_is_used() -> None:
    assert unused(HISTORY, ROOM) == []


def test_every_message_is_there_and_filled() -> None:
    assert unfilled(HISTORY, ROOM, {"words"}, {"message"}) == []
