"""Every text that a reader of a report sees, Chinese and English side by side, in `words.toml`."""

from collections.abc import Mapping
from typing import get_args

from yanzhen.phrasebook import Language, Phrasebook

Lang = Language
LANGUAGES: tuple[Lang, ...] = get_args(Lang)

REPORTS = Phrasebook("yanzhen.report.text")
word, word_or = REPORTS.word, REPORTS.word_or


def phrases() -> Mapping[str, Mapping[str, str]]:
    """Return all texts of reports."""
    return REPORTS.phrases
