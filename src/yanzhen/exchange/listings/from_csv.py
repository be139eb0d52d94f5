"""Listings from a CSV file, a row each: everything that is wrong is said at once, by cell."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from yanzhen.exchange.listings.checking import wrong_with
from yanzhen.exchange.listings.content import read_content
from yanzhen.exchange.listings.kinds import UNIT_KINDS, Content, Kind
from yanzhen.exchange.listings.wording import problem_at
from yanzhen.study import Problem, StudyError

MOST_ROWS = 10_000
ENCODINGS = ("utf-8-sig", "gb18030")
"""Of spreadsheets in China."""
YES, NO = ("true", "yes", "1", "是"), ("false", "no", "0", "否")
RESOURCES = tuple(UNIT_KINDS)


class _Unreadable(ValueError):
    """A cell that is not what its column holds; says which message tells so."""


def _text(said: str) -> str:
    return said


def _number(said: str) -> float | None:
    try:
        return float(said) if said else None
    except ValueError:
        raise _Unreadable("no_number") from None


def _whole(said: str) -> int | None:
    if said and not said.isdecimal():
        raise _Unreadable("no_number")
    return int(said) if said else None


def _flag(said: str) -> bool | None:
    if said and said.casefold() not in (*YES, *NO):
        raise _Unreadable("no_flag")
    return said.casefold() in YES if said else None


def _status(said: str) -> str | None:
    return said.casefold() or None


def _codes(said: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split("[;；]", said) if part.strip())


Reading = Callable[[str], Any]
_COMMON: Mapping[str, Reading] = {"name": _text, "expires_on": _text, "text": _text}
_STATUS: Mapping[str, Reading] = {"status": _status}
_ROOM: Mapping[str, Reading] = {
    column: reading
    for resource in RESOURCES
    for column, reading in (
        (resource, _number),
        (f"{resource}_unit", _text),
        (f"{resource}_price", _number),
        (f"{resource}_price_unit", _text),
        (f"{resource}_one_off", _flag),
    )
}
_NEEDS: Mapping[str, Reading] = {
    column: reading
    for resource in RESOURCES
    for column, reading in ((resource, _number), (f"{resource}_unit", _text))
}
_OWN: Mapping[Kind, Mapping[str, Reading]] = {
    "site": {
        "region": _text,
        **{"longitude": _number, "latitude": _number},
        **{"gates": _codes, "industries": _codes},
        **_ROOM,
    },
    "project": {
        **{"industry": _text, "origin": _text, "starts_on": _text},
        **{"investment": _number, "investment_unit": _text},
        **{"confidential": _flag, "shown": _codes},
        **_NEEDS,
    },
    "achievement": {
        **{"industry": _text, "region": _text},
        **{"readiness": _whole, "patent_classes": _codes},
    },
    "fund": {
        **{"size": _number, "unit": _text, "region": _text, "industries": _codes},
        **{"most": _number, "grant_equivalent": _number},
    },
    "product": {"type": _text, "region": _text, "industries": _codes, "rate": _number},
}


def columns_of_kind(kind: Kind) -> tuple[str, ...]:
    """Return the columns of a file of listings of a kind, in order."""
    return (*_COMMON, *_STATUS, *_OWN[kind])


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
        read, wrong = _read(kind, row, number, file)
        if read is not None and not wrong:
            wrong = [_in_columns(each, read) for each in wrong_with(read, number, file)]
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
        problem_at("lacking", kind, 1, name, file) for name in _COMMON if name not in header
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


def _read(
    kind: Kind, row: Mapping[str, str], number: int, file: str
) -> tuple[Content | None, list[Problem]]:
    """Return what a row says, None where it cannot be read, and what cannot be."""
    readings = {**_COMMON, **_STATUS, **_OWN[kind]}
    cells: dict[str, Any] = {}
    problems = []
    for column, said in row.items():
        try:
            cells[column] = readings[column](said)
        except _Unreadable as error:
            problems.append(problem_at(str(error), kind, number, column, file, said=said))
    if problems:
        return None, problems
    given = {name: value for name, value in _nested(kind, cells).items() if value is not None}
    try:
        return read_content({"kind": kind, **given}), []
    except ValidationError as error:
        columns = dict.fromkeys(str(each["loc"][1]) for each in error.errors())
        return None, [problem_at("missing", kind, number, name, file) for name in columns]


def _nested(kind: Kind, cells: dict[str, Any]) -> dict[str, Any]:
    """Return cells with those of each resource put together."""
    if kind not in ("site", "project"):
        return cells
    of_resources = _ROOM if kind == "site" else _NEEDS
    plain = {name: value for name, value in cells.items() if name not in of_resources}
    entries = []
    for resource in RESOURCES:
        amount, price = cells.get(resource), cells.get(f"{resource}_price")
        if amount is None and price is None:
            continue
        entry = {"resource": resource, "amount": amount, "unit": cells.get(f"{resource}_unit", "")}
        if kind == "site":
            entry |= {
                "price": price,
                "price_unit": cells.get(f"{resource}_price_unit", ""),
                "one_off": bool(cells.get(f"{resource}_one_off")),
            }
        entries.append(entry)
    if plain.get("shown") == ():
        del plain["shown"]
    return {**plain, ("room" if kind == "site" else "needs"): entries}


def _in_columns(problem: Problem, content: Content) -> Problem:
    """Return a problem of an entry of a resource as one of the column that it is written in."""
    at = re.fullmatch(r"(room|needs)\[(\d+)\]\.(\w+)", problem.column)
    if at is None:
        return problem
    entry = getattr(content, at[1])[int(at[2])]
    column = entry.resource if at[3] == "amount" else f"{entry.resource}_{at[3]}"
    return Problem(**{**vars(problem), "column": column})
