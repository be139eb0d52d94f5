"""The words of messages: one place, both languages."""

from importlib.resources import files
from pathlib import Path

from tests.phrasebooks import not_in_both_languages, unfilled, unused
from yanzhen.advantage.words import ADVANTAGE

ROOM = Path(str(files("yanzhen.advantage")))


def test_every_text_is_in_both_languages() -> None:
    assert not_in_both_languages(ADVANTAGE) == []


def test_every_key_is_used() -> None:
    assert unused(ADVANTAGE, ROOM) == []


def test_every_message_is_there_and_filled() -> None:
    assert unfilled(ADVANTAGE, ROOM, {"words"}, {"message"}) == []
