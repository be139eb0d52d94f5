"""The words of a study's messages: one place, both languages."""

from importlib.resources import files
from pathlib import Path

from tests.phrasebooks import not_in_both_languages, unfilled, unused
from yanzhen.study.words import STUDY, message, words

ROOM = Path(str(files("yanzhen.study")))


def test_every_text_is_in_both_languages() -> None:
    assert not_in_both_languages(STUDY) == []


def test_every_key_is_used() -> None:
    assert unused(STUDY, ROOM) == []


def test_every_message_is_there_and_filled() -> None:
    assert unfilled(STUDY, ROOM, {"words"}, {"message", "of", "faults_of"}) == []


def test_a_value_can_differ_between_the_languages() -> None:
    assert words("quoted", value=("land", "土地")) == ("'land'", "“土地”")


def test_a_message_is_what_was_found_and_what_is_expected() -> None:
    assert message("not_a_flag", cell="2") == (("2", "2"), ("true or false", "true 或 false"))
