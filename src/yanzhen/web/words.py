"""Every word of the workbench, in Chinese and English side by side, from `words.toml`."""

from collections.abc import Mapping
from functools import cache

from yanzhen.report.text.words import Lang, phrases_of


def word(lang: Lang, key: str, **values: object) -> str:
    """Return the text of a dotted key, its {placeholders} filled with values.

    Raises
    ------
    KeyError
        If the key is not in `words.toml`.
    """
    return phrases()[key][lang].format(**values)


def word_or(lang: Lang, key: str, otherwise: str) -> str:
    """Return the text of a key that only some codes have, such as a stage of a job."""
    entry = phrases().get(key)
    return otherwise if entry is None else entry[lang]


@cache
def phrases() -> Mapping[str, Mapping[str, str]]:
    """Return all texts of the workbench: dotted key to language to text."""
    return phrases_of("yanzhen.web")
