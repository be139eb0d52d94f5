"""The same fault in many rows: each row shown, up to a number that still can be read."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from yanzhen.study.problem import Problem, Words
from yanzhen.study.words import message

# Name under which the spreadsheet's row travels beside the columns of a table.
ROW = "_row"

# A column that is wrong throughout is shown by its first rows and the number of the others.
MOST_SHOWN = 200


def faults(
    file: str,
    table: str,
    column: str,
    broken: pl.DataFrame,
    words: Callable[[Mapping[str, Any]], tuple[Words, Words]],
) -> list[Problem]:
    """Report broken rows of a table, each with what was found and what was expected.

    `broken` has the spreadsheet's row in the column `ROW`; `words` is given each row by name.
    """
    problems = [
        Problem.at(file, table, cells[ROW], column, *words(cells))
        for cells in broken.head(MOST_SHOWN).iter_rows(named=True)
    ]
    if broken.height > MOST_SHOWN:
        at = file, table, broken[ROW][MOST_SHOWN], column
        problems.append(Problem.of("same_fault", *at, more=broken.height - MOST_SHOWN))
    return problems


def faults_of(
    key: str, file: str, table: str, column: str, broken: pl.DataFrame, /, **values: object
) -> list[Problem]:
    """Report broken rows by a message of `words.toml`, filled with each row's cells and values."""
    return faults(file, table, column, broken, lambda cells: message(key, **{**cells, **values}))


def shown(value: object) -> str:
    """Return a value as a message shows it."""
    return f"{value:.12g}" if isinstance(value, float) else str(value)
