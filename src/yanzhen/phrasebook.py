"""Words in Chinese and English side by side: the one mechanism, of every package that has any."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any, ClassVar, Literal

Language = Literal["zh", "en"]
# The same phrase in English and in Chinese.
Words = tuple[str, str]


@dataclass(frozen=True)
class Phrasebook:
    """The texts of a package's `words.toml`."""

    package: str

    @cached_property
    def phrases(self) -> Mapping[str, Mapping[str, str]]:
        """All texts: dotted key to language to text."""
        text = files(self.package).joinpath("words.toml").read_text("utf-8")
        return dict(_leaves(tomllib.loads(text), ""))

    def word(self, lang: Language, key: str, /, **values: object) -> str:
        """Return the text of a dotted key, its {placeholders} filled with values.

        Raises
        ------
        KeyError
            If the key is not in `words.toml`.
        """
        return self.phrases[key][lang].format(**values)

    def words(self, key: str, /, **values: object) -> Words:
        """Return the text of a dotted key in both languages.

        Parameters
        ----------
        values : of its {placeholders}; a pair of words for one that differs between the languages

        Raises
        ------
        KeyError
            If the key is not in `words.toml`.
        """
        english, chinese = (
            {name: each[side] if isinstance(each, tuple) else each for name, each in values.items()}
            for side in (0, 1)
        )
        return self.word("en", key, **english), self.word("zh", key, **chinese)

    def message(self, key: str, /, **values: object) -> tuple[Words, Words]:
        """Return what was found and what is expected, the two texts of a problem's key.

        Parameters
        ----------
        values : of both, as for `words`
        """
        return self.words(f"{key}.found", **values), self.words(f"{key}.expected", **values)

    def word_or(self, lang: Language, key: str, otherwise: str) -> str:
        """Return the text of a key that only some codes have, such as a macro-region's name."""
        entry = self.phrases.get(key)
        return otherwise if entry is None else entry[lang]


class BilingualError(ValueError):
    """What is not taken or not done, said in English and Chinese.

    Attributes
    ----------
    key : of the words
    words : why
    """

    phrases: ClassVar[Phrasebook]

    def __init__(self, key: str, **values: object) -> None:
        self.key = key
        self.words = self.phrases.words(key, **values)
        super().__init__(self.words[0])


def _leaves(table: Mapping[str, Any], prefix: str) -> list[tuple[str, Mapping[str, str]]]:
    found: list[tuple[str, Mapping[str, str]]] = []
    for key, value in table.items():
        if all(isinstance(inner, str) for inner in value.values()):
            found.append((prefix + key, value))
        else:
            found.extend(_leaves(value, f"{prefix}{key}."))
    return found


def in_language(words: Words, language: Language) -> str:
    """Return a phrase in one of its two languages."""
    english, chinese = words
    return chinese if language == "zh" else english


def language_of(environment: Mapping[str, str] = os.environ) -> Language:
    """The locale's language: English unless the locale says Chinese or says nothing."""
    set_variables = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((value for value in set_variables if value), "")
    spoken = locale.split(".")[0].split("_")[0].lower()
    return "zh" if spoken in ("zh", "", "c", "posix") else "en"
