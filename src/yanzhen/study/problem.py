"""What is wrong with a study, one problem at a time, in both languages."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Literal

from yanzhen.phrasebook import Language
from yanzhen.phrasebook import Words as Words
from yanzhen.study.words import message, word, words

Severity = Literal["error", "warning"]

_LONGEST_QUOTED = 1000


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where it is, what was found and what was expected.

    Attributes
    ----------
    file : name of the file
    table : name of the table or sheet, empty where the whole study is meant
    row : row as the spreadsheet counts it, the header being row 1; None for a whole column or file
    column : name of the column, several joined by a comma, empty where a whole row is meant
    found, expected : in English
    found_zh, expected_zh : in Chinese
    severity : error where the study cannot be used as it is, warning where it can and the reader
        should know or look again
    """

    file: str
    table: str
    row: int | None
    column: str
    found: str
    expected: str
    found_zh: str
    expected_zh: str
    severity: Severity = "error"

    @classmethod
    def of(
        cls, key: str, file: str, table: str, row: int | None, column: str, /, **values: object
    ) -> "Problem":
        """Make a problem of a message of `words.toml`, from its key and its values."""
        return cls.at(file, table, row, column, *message(key, **values))

    @classmethod
    def at(
        cls,
        file: str,
        table: str,
        row: int | None,
        column: str,
        found: Words,
        expected: Words,
    ) -> "Problem":
        """Make a problem from what was found and expected in both languages."""
        found_en, found_zh = map(_readable, found)
        expected_en, expected_zh = map(_readable, expected)
        return cls(file, table, row, column, found_en, expected_en, found_zh, expected_zh)

    def as_warning(self) -> "Problem":
        """Return the problem as one that a study can be used with."""
        return replace(self, severity="warning")

    def text(self, language: Language = "en") -> str:
        """Return the problem as one sentence."""
        named_by_file = PurePath(self.file).stem == self.table
        parts = {
            "table": "" if named_by_file else self.table,
            "row": self.row,
            "column": self.column,
        }
        where = self.file + "".join(
            word(language, f"problem.{part}", value=value)
            for part, value in parts.items()
            if value not in ("", None)
        )
        found, expected = (
            (self.found_zh, self.expected_zh) if language == "zh" else (self.found, self.expected)
        )
        key = f"problem.{self.severity}"
        return word(language, key, where=where, found=found, expected=expected)

    def __str__(self) -> str:
        return self.text("en")


def _readable(words: str) -> str:
    """Cut words that quote a cell too long to be read in a message."""
    if len(words) <= _LONGEST_QUOTED:
        return words
    return f"{words[:_LONGEST_QUOTED]}… ({len(words):,})"


class StudyError(Exception):
    """A study cannot be used as it is; `problems` says everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.text("en"))

    def text(self, language: Language = "en") -> str:
        """Return all problems, one a line."""
        return "\n".join(problem.text(language) for problem in self.problems)


class WantOfData(StudyError):
    """A study is sound and lacks what one command needs; other commands can use it."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a mistyped one most likely stands for."""
    candidates = list(known)
    folded = {candidate.casefold(): candidate for candidate in candidates}
    begun = [known for short, known in folded.items() if short.startswith(word.casefold())]
    if word and len(begun) == 1:
        return begun[0]
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def with_nearest(known: Words, close: str | None) -> Words:
    """Return what is expected of a code, with the one most like it and that it is another's.

    A code that is not known and one digit away from a known one is hardly that one: the neighbour
    in the numbering is a place, industry or enterprise of its own.

    Parameters
    ----------
    known : what is expected, such as a code of the table regions
    close : the known code, with its name where it has one; None where none is alike
    """
    return known if close is None else words("another_entry", known=known, close=close)
