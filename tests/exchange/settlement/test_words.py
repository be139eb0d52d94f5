"""The words of settlement: both languages, the same figures, nothing that is unused."""

from pathlib import Path

import yanzhen.exchange.settlement
from tests.phrasebooks import not_in_both_languages, unfilled, unused
from yanzhen.exchange.settlement.words import PHRASES

ROOM = Path(yanzhen.exchange.settlement.__file__).parent


def test_words_are_in_both_languages_and_used() -> None:
    assert not_in_both_languages(PHRASES) == []
    assert unused(PHRASES, ROOM) == []
    assert unfilled(PHRASES, ROOM, {"words", "word"}, {"message", "problem"}) == []


def test_every_refusal_is_made_somewhere() -> None:
    source = "".join(module.read_text(encoding="utf-8") for module in ROOM.glob("*.py"))
    keys = [key.removeprefix("refused.") for key in PHRASES.phrases if key.startswith("refused.")]
    assert [key for key in keys if f'("{key}"' not in source] == []
