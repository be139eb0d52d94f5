"""The words of notebooks: both languages, nothing unused, everything filled."""

from importlib.resources import files
from pathlib import Path

from tests.phrasebooks import not_in_both_languages, unfilled
from yanzhen.notebook.words import NOTEBOOK

ROOM = Path(str(files("yanzhen.notebook")))
STAGES = ("accounts", "advantage", "market", "uncertainty", "options")
"""Of a plan in memory, each told while it is at work."""


def test_every_text_is_in_both_languages() -> None:
    assert not_in_both_languages(NOTEBOOK) == []


def test_every_key_is_used() -> None:
    sources = (*ROOM.glob("*.py"), *ROOM.glob("*.html"))
    written = "".join(each.read_text("utf-8") for each in sources)
    keys = {key.removesuffix(".found").removesuffix(".expected") for key in NOTEBOOK.phrases}
    stages = {f"stage.{name}" for name in STAGES}
    assert [key for key in sorted(keys - stages) if f'"{key}"' not in written] == []
    assert stages <= keys


def test_every_text_is_there_and_filled() -> None:
    faults = unfilled(NOTEBOOK, ROOM, {"word"}, {"message"})
    # A result also asks for words of reports, by the method `word` of its reader.
    assert [each for each in faults if not each.endswith("{'key'}")] == []
