"""From patent classes to industries, by a table that the user gives; none is embedded.

Two layouts are read, as CSV or Excel: columns `ipc` and `industry`; or the headings of the
published Chinese reference table of the International Patent Classification and the industrial
classification, in which one column names the industry's code (行业代码) and one the IPC, codes
standing in the first row of a group only.
"""

import re
from pathlib import Path

import polars as pl

from yanzhen.modes.technology.text.classes import levels
from yanzhen.study import Problem, StudyError
from yanzhen.study.compound_file import require_modest_workbook
from yanzhen.study.table_file import read_texts
from yanzhen.study.unreadable import Unreadable, reading_file
from yanzhen.study.workbook import is_compound
from yanzhen.study.workbook_marks import marks

IPC_HEADING = re.compile(r"ipc|国际专利分类", re.IGNORECASE)
INDUSTRY_HEADING = re.compile(r"^industry$|行业.*代码|^行业分类$|^代码$", re.IGNORECASE)
SYMBOLS = re.compile(r"[;；、,，\s]+(?=[A-H]\d{2})")


def read_concordance(path: Path) -> pl.DataFrame:
    """Read a concordance.

    Returns
    -------
    level, industry : each level of patent class (class, subclass, main group) as it stands in the
        table, and an industry that it leads to

    Raises
    ------
    StudyError
        When the file is no table, columns are missing or a symbol cannot be read; names every one.
    """
    table = _raw(path)
    ipc = _heading(table, IPC_HEADING)
    industry = _heading(table, INDUSTRY_HEADING)
    if ipc is None or industry is None or ipc == industry:
        shown = ", ".join(table.columns[:12])
        raise StudyError(
            [
                Problem.at(
                    path.name,
                    path.stem,
                    1,
                    "",
                    (f"columns {shown}", f"列 {shown}"),
                    (
                        "columns ipc and industry, or 行业代码 and IPC",
                        "列 ipc 与 industry，或 行业代码 与 IPC",
                    ),
                )
            ]
        )
    rows, problems = [], []
    code = None
    for number, (cell, own) in enumerate(table.select(ipc, industry).iter_rows(), start=2):
        code = (own or "").strip() or code
        for symbol in SYMBOLS.split((cell or "").strip()):
            found = levels(symbol)
            if found and code:
                rows.append((found[-1], code))
            elif symbol:
                problems.append(_unread(path, number, ipc, symbol))
    if problems or not rows:
        raise StudyError(problems or [_unread(path, 2, ipc, "")])
    return pl.DataFrame(
        rows, schema={"level": pl.String, "industry": pl.String}, orient="row"
    ).unique(maintain_order=True)


def industries_by_class(ipc: pl.Series, concordance: pl.DataFrame) -> list[dict[str, float]]:
    """Share of each row's patent classes that leads to each industry.

    A class is looked up at its finest level that the concordance has; a class that leads to
    several industries is divided among them.
    """
    table = dict(
        concordance.group_by("level", maintain_order=True).agg(pl.col("industry")).iter_rows()
    )
    return [_shares(cell, table) for cell in ipc]


def _shares(cell: str | None, table: dict[str, list[str]]) -> dict[str, float]:
    symbols = [found for part in (cell or "").split(";") if (found := levels(part))]
    shares: dict[str, float] = {}
    for found in symbols:
        finest = next((table[level] for level in reversed(found) if level in table), [])
        for industry in finest:
            shares[industry] = shares.get(industry, 0.0) + 1 / len(finest) / len(symbols)
    return shares


def _raw(path: Path) -> pl.DataFrame:
    # The published table comes with merged cells, which this reading is made for.
    if path.suffix.lower() not in (".xlsx", ".xls"):
        return read_texts(path, path.stem, ("ipc", "industry", "IPC", "行业代码"))
    try:
        with reading_file():
            if is_compound(path):
                require_modest_workbook(path.read_bytes())
            else:
                marks(path)
            return pl.read_excel(path, read_options={"dtypes": "string"})
    except Unreadable as error:
        found = (f"a file that cannot be read ({error})", f"无法读取的文件（{error}）")
        expected = ("an Excel workbook", "Excel 工作簿")
        raise StudyError([Problem.at(path.name, path.stem, None, "", found, expected)]) from None


def _heading(table: pl.DataFrame, pattern: re.Pattern[str]) -> str | None:
    return next((name for name in table.columns if pattern.search(name.strip())), None)


def _unread(path: Path, row: int, column: str, symbol: str) -> Problem:
    return Problem.at(
        path.name,
        path.stem,
        row,
        column,
        (f"'{symbol}'", f"“{symbol}”"),
        (
            "a patent class such as H01M 10/54, with an industry",
            "专利分类号（如 H01M 10/54）及行业",
        ),
    )
