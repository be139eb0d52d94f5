"""The words of messages: one place, both languages."""

from importlib.resources import files
from pathlib import Path

from tests.phrasebooks import not_in_both_languages, unfilled, unused
from yanzhen.accounts.words import ACCOUNTS

ROOM = Path(str(files("yanzhen.accounts")))


def test_every_text_is_in_both_languages() -> None:
    assert not_in_both_languages(ACCOUNTS) == []


def test_every_key_is_used() -> None:
    assert unused(ACCOUNTS, ROOM) == []


def test_every_message_is_there_and_filled() -> None:
    assert unfilled(ACCOUNTS, ROOM, {"words"}, {"message"}) == []
