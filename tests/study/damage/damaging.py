"""How a study is damaged, and the one message that must come of it."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import xlsxwriter

from tests.study.small import REGIONS, small
from yanzhen.study import Problem, write_study

Cell = str | float | bool | None
Rows = list[list[Cell]]


def said_once(
    problems: Sequence[Problem],
    *,
    file: str,
    table: str,
    row: int | None,
    column: str,
    found: str,
    expected: str,
) -> None:
    """The one problem says where it is, what was found and what was expected, in both languages."""
    assert len(problems) == 1, "\n".join(map(str, problems))
    (problem,) = problems
    assert (problem.file, problem.table) == (file, table)
    assert (problem.row, problem.column) == (row, column)
    assert found in problem.found
    assert expected in problem.expected
    for language in ("en", "zh"):
        sentence = problem.text(language)
        assert file in sentence and table in sentence and column in sentence
        assert row is None or str(row) in sentence
        assert "Traceback" not in sentence and "\n" not in sentence
    found_by, wanted = (
        ("", "suggested: ") if problem.severity == "warning" else ("found ", "expected ")
    )
    assert f": {found_by}{problem.found}" in str(problem)
    assert f"{wanted}{problem.expected}" in str(problem)
    assert re.search(r"[一-鿿]", problem.text("zh"))


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def put(path: Path, changed: list[str]) -> None:
    path.write_text("\n".join(changed) + "\n", encoding="utf-8")


def change(study: Path, table: str, row: int, column: str, cell: str) -> None:
    """Put a text into one cell of a table; the header is row 1."""
    path = study / f"{table}.csv"
    cells = pl.read_csv(path, infer_schema=False, has_header=False)
    position = cells.row(0).index(column)
    columns = cells.columns
    changed = cells.with_row_index("at", offset=1).with_columns(
        pl.when(pl.col("at") == row)
        .then(pl.lit(cell or None))
        .otherwise(columns[position])
        .alias(columns[position])
    )
    changed.drop("at").write_csv(path, include_header=False)


def add(study: Path, table: str, *rows: str) -> None:
    """Write a table, or rows below those it has."""
    path = study / f"{table}.csv"
    put(path, [*(lines(path) if path.exists() else []), *rows])


def row_of(study: Path, region: str, industry: str, year: int) -> int:
    """The row of a cell of activity as the spreadsheet counts it."""
    start = f"{region},{industry},{year},"
    return next(
        n for n, line in enumerate(lines(study / "activity.csv"), 1) if line.startswith(start)
    )


def settings(study: Path, old: str, new: str) -> int:
    """Replace a line of study.toml and return its number."""
    path = study / "study.toml"
    number = next(n for n, line in enumerate(lines(path), 1) if line.startswith(old))
    put(path, [new if n == number else line for n, line in enumerate(lines(path), 1)])
    return number


def workbook(path: Path, damage: Callable[[dict[str, Rows]], None] = lambda sheets: None) -> Path:
    """Write the small study as a workbook whose rows were tampered with."""
    sound = path.parent / "sound.xlsx"
    write_study(small(), sound)
    sheets: dict[str, Rows] = {}
    for name, frame in pl.read_excel(sound, sheet_id=0, engine="calamine").items():
        sheets[name] = [list(frame.columns), *map(list, frame.iter_rows())]
    # The reader guesses that the codes are numbers; in the workbook they are text.
    for row in sheets["activity"][1:]:
        row[0], row[1] = f"{int(str(row[0]))}", f"{int(str(row[1])):02d}"
    damage(sheets)
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, cells in enumerate(rows):
                for c, cell in enumerate(cells):
                    if isinstance(cell, str) and cell.startswith("="):
                        sheet.write_formula(r, c, cell, None, "#DIV/0!")
                    elif isinstance(cell, str) and cell.startswith("merged:"):
                        height = int(cell.removeprefix("merged:"))
                        sheet.merge_range(r, c, r + height - 1, c, REGIONS[0])
                    elif isinstance(cell, str) and cell.startswith("date:"):
                        sheet.write_number(r, c, int(cell.removeprefix("date:")), day)
                    elif isinstance(cell, str):
                        sheet.write_string(r, c, cell)
                    elif cell is not None:
                        sheet.write(r, c, cell)
    return path
