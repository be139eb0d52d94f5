"""Every text that a reader of a report sees, Chinese and English side by side, in `words.toml`."""

from collections.abc import Mapping
from typing import get_args

from yanzhen.phrasebook import Language, Phrasebook

Lang = Language
LANGUAGES: tuple[Lang, ...] = get_args(Lang)

REPORTS = Phrasebook("yanzhen.report.text")
word, word_or = REPORTS.word, REPORTS.word_or


SIZE_WORDS = ("size", "Size", "yearly", "a_year", "room", "at_prices")
"""What any text may name the study's measure of size with, filled in by `Reader`.

The measure within a sentence and at its beginning; what of it a year has, and `a year` behind an
amount of it; room for it; how it is valued.
"""


def size_words(size: str, lang: Lang) -> dict[str, str]:
    """Return the words for a measure of size, by `SIZE_WORDS`."""
    return {name: word_or(lang, f"size.{size}.{name}", "") for name in SIZE_WORDS}


def phrases() -> Mapping[str, Mapping[str, str]]:
    """Return all texts of reports."""
    return REPORTS.phrases
