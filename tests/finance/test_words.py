"""The words of messages: one place, both languages."""

from importlib.resources import files
from pathlib import Path

from tests.phrasebooks import not_in_both_languages, unfilled, unused
from yanzhen.finance.words import FINANCE

ROOM = Path(str(files("yanzhen.finance")))


def test_every_text_is_in_both_languages() -> None:
    assert not_in_both_languages(FINANCE) == []


def test_every_key_is_used() -> None:
    assert unused(FINANCE, ROOM) == []


def test_every_message_is_there_and_filled() -> None:
    assert unfilled(FINANCE, ROOM, {"words"}, {"message"}) == []
