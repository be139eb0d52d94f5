"""A listing as cells: what the columns of a file and the fields of a form hold, by the same names.

A cell is empty where nothing is said. Room without a limit is said in words, as is that nothing of
a confidential project may be told: an empty cell is neither.
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from yanzhen.exchange.listings.checking import wrong_with
from yanzhen.exchange.listings.content import read_content
from yanzhen.exchange.listings.kinds import RESOURCES, Content, Kind
from yanzhen.exchange.listings.wording import problem_at
from yanzhen.study import Problem

YES, NO = ("true", "yes", "1", "是"), ("false", "no", "0", "否")
UNLIMITED = ("unlimited", "不限")
NOTHING = ("none", "无")
REQUIRED = ("name", "expires_on", "text")
"""Columns that a file has whatever it lists."""


class _Unreadable(ValueError):
    """A cell that is not what its column holds; says which message tells so."""


def _text(said: str) -> str:
    return said


def _room(said: str) -> float | None:
    return math.inf if said.casefold() in UNLIMITED else _number(said)


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


def _shown(said: str) -> tuple[str, ...] | None:
    return () if said.casefold() in NOTHING else _codes(said) or None


Reading = Callable[[str], Any]
_COMMON: Mapping[str, Reading] = {**dict.fromkeys(REQUIRED, _text), "status": _status}
_ROOM: Mapping[str, Reading] = {
    column: reading
    for resource in RESOURCES
    for column, reading in (
        (resource, _room),
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
        **{"confidential": _flag, "shown": _shown},
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
    """Return the columns of listings of a kind, in order."""
    return (*_COMMON, *_OWN[kind])


def read_cells(
    kind: Kind, row: Mapping[str, str], number: int | None = None, file: str = ""
) -> tuple[Content | None, list[Problem]]:
    """Return what cells say, None where they cannot be read, and everything that is wrong.

    Parameters
    ----------
    row : by column, of which none has to be there
    number, file : of the row, for messages
    """
    content, problems = _read(kind, row, number, file)
    if content is not None:
        problems = [_in_columns(each, content) for each in wrong_with(content, number, file)]
    return content, problems


def _read(
    kind: Kind, row: Mapping[str, str], number: int | None, file: str
) -> tuple[Content | None, list[Problem]]:
    readings = {**_COMMON, **_OWN[kind]}
    cells: dict[str, Any] = {}
    problems = []
    for column, said in row.items():
        try:
            cells[column] = readings[column](said)
        except _Unreadable as error:
            problems.append(problem_at(str(error), kind, number, column, file, said=said))
    problems += [
        problem_at("no_amount", kind, number, resource, file)
        for resource in RESOURCES
        if cells.get(resource) is None and cells.get(f"{resource}_price") is not None
    ]
    if problems:
        return None, problems
    given = {name: value for name, value in _nested(kind, cells).items() if value is not None}
    try:
        return read_content({"kind": kind, **given}), []
    except ValidationError as error:
        columns = dict.fromkeys(str(each["loc"][1]) for each in error.errors())
        return None, [problem_at("missing", kind, number, name, file) for name in columns]


def cells_of(content: Content) -> dict[str, str]:
    """Return the cells that say what a listing says, but for its documents."""
    said: dict[str, Any] = {
        name: getattr(content, name)
        for name in columns_of_kind(content.kind)
        if hasattr(content, name)
    }
    for entry in getattr(content, "room", getattr(content, "needs", ())):
        said |= {entry.resource: entry.amount, f"{entry.resource}_unit": entry.unit}
        if content.kind == "site":
            limit = UNLIMITED[0] if entry.amount is None else entry.amount
            said |= {
                entry.resource: limit,
                f"{entry.resource}_price": entry.price,
                f"{entry.resource}_price_unit": entry.price_unit,
                f"{entry.resource}_one_off": entry.one_off,
            }
    cells = {column: _written(said.get(column)) for column in columns_of_kind(content.kind)}
    if said.get("shown") == ():
        cells["shown"] = NOTHING[0]
    return cells


def _written(said: object) -> str:
    match said:
        case None:
            return ""
        case bool():
            return YES[0] if said else NO[0]
        case tuple():
            return ";".join(said)
        case float():
            return repr(said).removesuffix(".0")
        case _:
            return str(said)


def _nested(kind: Kind, cells: dict[str, Any]) -> dict[str, Any]:
    """Return cells with those of each resource put together."""
    if kind not in ("site", "project"):
        return cells
    of_resources = _ROOM if kind == "site" else _NEEDS
    plain = {name: value for name, value in cells.items() if name not in of_resources}
    entries = []
    for resource in RESOURCES:
        amount = cells.get(resource)
        if amount is None:
            continue
        if amount == math.inf and kind == "site":
            amount = None
        entry = {"resource": resource, "amount": amount, "unit": cells.get(f"{resource}_unit", "")}
        if kind == "site":
            entry |= {
                "price": cells.get(f"{resource}_price"),
                "price_unit": cells.get(f"{resource}_price_unit", ""),
                "one_off": bool(cells.get(f"{resource}_one_off")),
            }
        entries.append(entry)
    return {**plain, ("room" if kind == "site" else "needs"): entries}


def _in_columns(problem: Problem, content: Content) -> Problem:
    """Return a problem of an entry of a resource as one of the column that it is written in."""
    at = re.fullmatch(r"(room|needs)\[(\d+)\]\.(\w+)", problem.column)
    if at is None:
        return problem
    entry = getattr(content, at[1])[int(at[2])]
    column = entry.resource if at[3] == "amount" else f"{entry.resource}_{at[3]}"
    return Problem(**{**vars(problem), "column": column})
