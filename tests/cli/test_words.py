"""The words of the command line: one place, both languages."""

from importlib.resources import files
from pathlib import Path

from tests.phrasebooks import not_in_both_languages, unfilled, unused
from yanzhen.cli.language import COMMANDS, help_of

ROOM = Path(str(files("yanzhen.cli")))


def test_every_text_is_in_both_languages() -> None:
    assert not_in_both_languages(COMMANDS) == []


def test_every_key_is_used() -> None:
    assert [key for key in unused(COMMANDS, ROOM) if not key.startswith(("help.", "stage."))] == []


def test_every_text_is_there_and_filled() -> None:
    assert unfilled(COMMANDS, ROOM, {"word", "words"}, set()) == []


def test_help_is_in_both_languages() -> None:
    assert help_of("json") == "Print JSON, and nothing else, on stdout. 只输出 JSON。"
