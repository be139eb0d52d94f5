"""The words of messages: one place, both languages."""

from importlib.resources import files
from pathlib import Path

from tests.phrasebooks import not_in_both_languages, unfilled, unused
from yanzhen.effects.words import EFFECTS

ROOM = Path(str(files("yanzhen.effects")))


def test_every_text_is_in_both_languages() -> None:
    assert not_in_both_languages(EFFECTS) == []


def test_every_key_is_used() -> None:
    assert unused(EFFECTS, ROOM) == []


def test_every_message_is_there_and_filled() -> None:
    assert unfilled(EFFECTS, ROOM, {"words"}, {"message"}) == []
