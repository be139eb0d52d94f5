"""Words in Chinese and English side by side, from `words.toml`: of reports, and of any package."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any, Literal, get_args

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)


@dataclass(frozen=True)
class Phrasebook:
    """The texts of a package's `words.toml`."""

    package: str

    @cached_property
    def phrases(self) -> Mapping[str, Mapping[str, str]]:
        """All texts: dotted key to language to text."""
        text = files(self.package).joinpath("words.toml").read_text("utf-8")
        return dict(_leaves(tomllib.loads(text), ""))

    def word(self, lang: Lang, key: str, **values: object) -> str:
        """Return the text of a dotted key, its {placeholders} filled with values.

        Raises
        ------
        KeyError
            If the key is not in `words.toml`.
        """
        return self.phrases[key][lang].format(**values)

    def word_or(self, lang: Lang, key: str, otherwise: str) -> str:
        """Return the text of a key that only some codes have, such as a macro-region's name."""
        entry = self.phrases.get(key)
        return otherwise if entry is None else entry[lang]


def _leaves(table: Mapping[str, Any], prefix: str) -> list[tuple[str, Mapping[str, str]]]:
    found: list[tuple[str, Mapping[str, str]]] = []
    for key, value in table.items():
        if all(isinstance(inner, str) for inner in value.values()):
            found.append((prefix + key, value))
        else:
            found.extend(_leaves(value, f"{prefix}{key}."))
    return found


REPORTS = Phrasebook("yanzhen.report.text")
word, word_or = REPORTS.word, REPORTS.word_or


def phrases() -> Mapping[str, Mapping[str, str]]:
    """Return all texts of reports."""
    return REPORTS.phrases
