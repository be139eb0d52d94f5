"""The words of the command line: one place, both languages."""

from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest

from tests.phrasebooks import not_in_both_languages, unfilled, unused
from yanzhen.cli.language import COMMANDS, Language, half_of, help_of
from yanzhen.cli.reference import commands

ROOM = Path(str(files("yanzhen.cli")))


def test_every_text_is_in_both_languages() -> None:
    assert not_in_both_languages(COMMANDS) == []


def test_every_key_is_used() -> None:
    assert [key for key in unused(COMMANDS, ROOM) if not key.startswith(("help.", "stage."))] == []


def test_every_text_is_there_and_filled() -> None:
    assert unfilled(COMMANDS, ROOM, {"word", "words"}, set()) == []


@pytest.mark.parametrize("part", ["help", "usual"])
def test_a_text_in_both_languages_is_taken_apart_as_it_was_put_together(part: str) -> None:
    for key in COMMANDS.phrases:
        if key.startswith(f"{part}."):
            english, chinese = COMMANDS.words(key)
            assert half_of(f"{english} {chinese}", "en") == english
            assert half_of(f"{english} {chinese}", "zh") == chinese


def test_every_command_says_as_much_in_chinese_as_in_english() -> None:
    for typed, command in commands():
        paragraphs = [" ".join(each.split()) for each in command.help.split("\n\n")]
        told = {
            language: [half for each in paragraphs if (half := half_of(each, language))]
            for language in get_args(Language)
        }
        assert len(told["en"]) == len(told["zh"]) > 0, typed
        for each in command.params:
            if "completion" not in each.name:
                assert half_of(each.help, "en") and half_of(each.help, "zh"), (typed, each.name)


def test_help_is_in_both_languages() -> None:
    assert help_of("json") == "Print JSON, and nothing else, on stdout. 只输出 JSON。"
