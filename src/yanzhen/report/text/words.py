"""Every word of a report, in Chinese and English side by side, from `words.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)


def word(lang: Lang, key: str, **values: object) -> str:
    """Return the text of a dotted key, its {placeholders} filled with values.

    Raises
    ------
    KeyError
        If the key is not in `words.toml`.
    """
    return phrases()[key][lang].format(**values)


def word_or(lang: Lang, key: str, otherwise: str) -> str:
    """Return the text of a key that only some codes have, such as a macro-region's name."""
    entry = phrases().get(key)
    return otherwise if entry is None else entry[lang]


@cache
def phrases() -> Mapping[str, Mapping[str, str]]:
    """Return all texts of reports: dotted key to language to text."""
    return phrases_of("yanzhen.report.text")


def phrases_of(package: str) -> Mapping[str, Mapping[str, str]]:
    """Return the texts of a package's `words.toml`: dotted key to language to text."""
    text = files(package).joinpath("words.toml").read_text("utf-8")
    return dict(_leaves(tomllib.loads(text), ""))


def _leaves(table: Mapping[str, Any], prefix: str) -> list[tuple[str, Mapping[str, str]]]:
    found: list[tuple[str, Mapping[str, str]]] = []
    for key, value in table.items():
        if all(isinstance(inner, str) for inner in value.values()):
            found.append((prefix + key, value))
        else:
            found.extend(_leaves(value, f"{prefix}{key}."))
    return found
