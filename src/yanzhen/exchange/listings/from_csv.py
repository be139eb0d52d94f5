"""Listings from a CSV file, a row each: everything that is wrong is said at once, by cell."""

import csv
import io

from yanzhen.exchange.listings.cells import REQUIRED, columns_of_kind, read_cells
from yanzhen.exchange.listings.kinds import Content, Kind
from yanzhen.exchange.listings.wording import problem_at
from yanzhen.study import StudyError

MOST_ROWS = 10_000
ENCODINGS = ("utf-8-sig", "gb18030")
"""Of spreadsheets in China."""


def template(kind: Kind) -> str:
    """Return an empty file of a kind: its header, as spreadsheets open it."""
    return "\ufeff" + ",".join(columns_of_kind(kind)) + "\r\n"


def listings_from_csv(kind: Kind, content: bytes, file: str) -> list[Content]:
    """Read listings of a kind.

    Parameters
    ----------
    content : UTF-8, or GB 18030 as spreadsheets in China write it
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
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise StudyError([problem_at("no_text", kind, None, "", file)])
    try:
        lines = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        header = [(name or "").strip() for name in lines.fieldnames or ()]
        rows = [dict(row) for row in lines]
    except csv.Error:
        raise StudyError([problem_at("no_text", kind, None, "", file)]) from None
    known = columns_of_kind(kind)
    listed = ", ".join(known)
    problems = [
        problem_at("column", kind, 1, name, file, named=name, listed=listed)
        for name in header
        if name not in known
    ]
    problems += [
        problem_at("lacking", kind, 1, name, file) for name in REQUIRED if name not in header
    ]
    if not rows or len(rows) > MOST_ROWS:
        found = {"count": len(rows), "most": MOST_ROWS}
        problems.append(problem_at("rows", kind, None, "", file, **found))
    if problems:
        raise StudyError(problems)
    return [
        {str(name).strip(): (said or "").strip() for name, said in row.items() if name is not None}
        for row in rows
    ]
