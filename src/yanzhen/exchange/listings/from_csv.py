"""Listings from a table, a row each: everything that is wrong is said at once, by cell."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from yanzhen.exchange.listings.cells import REQUIRED, columns_of_kind, read_cells
from yanzhen.exchange.listings.kinds import Content, Kind
from yanzhen.exchange.listings.wording import problem_at
from yanzhen.study import StudyError
from yanzhen.study.table_file import read_texts

MOST_ROWS = 10_000
UNFIT = re.compile(r"[\\/\x00-\x1f]")
"""Characters that no name of a file has."""


def template(kind: Kind) -> str:
    """Return an empty file of a kind: its header, as spreadsheets open it."""
    return "\ufeff" + ",".join(columns_of_kind(kind)) + "\r\n"


def listings_from_csv(kind: Kind, content: bytes, file: str) -> list[Content]:
    """Read listings of a kind.

    Parameters
    ----------
    content : a table in any form of `yanzhen.study.table_file`: CSV, XLSX, Parquet
    file : name, for messages

    Raises
    ------
    yanzhen.study.StudyError
        With everything that is wrong: file, row (the header being row 1) and column.
    """
    rows = _rows(kind, content, file)
    found, problems = [], []
    for number, row in enumerate(rows, start=2):
        read, wrong = read_cells(kind, row, number, file)
        problems += wrong
        if read is not None:
            found.append(read)
    if problems:
        raise StudyError(problems)
    return found


def _rows(kind: Kind, content: bytes, file: str) -> list[dict[str, str]]:
    known = columns_of_kind(kind)
    with TemporaryDirectory() as folder:
        path = Path(folder) / (UNFIT.sub("_", file)[-100:].lstrip(".") or "file.csv")
        path.write_bytes(content)
        read = read_texts(path, kind, known)
    listed = ", ".join(known)
    problems = [
        problem_at("column", kind, 1, column, file, named=column, listed=listed)
        for column in read.columns
        if column not in known
    ]
    problems += [
        problem_at("lacking", kind, 1, column, file)
        for column in REQUIRED
        if column not in read.columns
    ]
    if not read.height or read.height > MOST_ROWS:
        found = {"count": read.height, "most": MOST_ROWS}
        problems.append(problem_at("rows", kind, None, "", file, **found))
    if problems:
        raise StudyError(problems)
    return [
        {column: (said or "").strip() for column, said in row.items()}
        for row in read.iter_rows(named=True)
    ]
