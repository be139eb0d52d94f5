"""Terms from data: a row of the table `products`, or a TOML file of the same columns."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from yanzhen.finance.products.terms import KINDS, Calendar, Guarantee, Loan, Risk, Terms
from yanzhen.finance.words import message
from yanzhen.study import Problem, StudyError
from yanzhen.study.cells import read_cells
from yanzhen.study.encoding import text_of, toml_of
from yanzhen.study.limits import check_limits
from yanzhen.study.products import NEEDED, OPTIONAL, check_products
from yanzhen.study.raw import RawTable, row_numbers
from yanzhen.study.tables import meanings

TABLE = "products"
_LOAN = ("rate", "payments_per_year", "repayment", "grace_months")


def terms_of(row: Mapping[str, Any]) -> Terms:
    """Return the terms of a checked row of the table `products`; what is empty is as usual."""
    kind = row["kind"]
    common = {
        "product": row["product"],
        "tenor_months": row["tenor_months"],
        "calendar": Calendar(**_filled(row, ("day_count", "convention")), holidays=_days(row)),
        "risk": Risk(**_filled(row, ("default_rate", "recovery", "recovery_lag_months"))),
        **_filled(row, ("market_rate",)),
    }
    provider = _filled(row, ("provider",))
    own = _filled(row, (*NEEDED[kind], *OPTIONAL[kind]))
    if kind == "guarantee":
        of_loan = {name: own.pop(name) for name in _LOAN if name in own}
        own.pop("tenor_months")
        return Guarantee(**common, **provider, **own, loan=Loan(**common, **of_loan))
    terms: Terms = KINDS[kind](**{**common, **provider, **own})
    return terms


def read_products(path: str | Path) -> tuple[Terms, ...]:
    """Read products from a TOML file, a section `[[product]]` each.

    Raises
    ------
    StudyError
        With everything that cannot be read, is contradictory or can't be meant, the number of the
        section standing as its row.
    """
    file = Path(path).name
    said = toml_of(text_of(Path(path), TABLE), file, TABLE, '[[product]]\nkind = "loan"')
    sections = said.get("product")
    if not (isinstance(sections, list) and sections) or len(said) > 1:
        raise StudyError([Problem.at(file, TABLE, None, "", *message("no_products_list"))])
    names = dict.fromkeys(name for section in sections for name in section)
    cells = pl.DataFrame(
        {name: [_cell(section.get(name)) for section in sections] for name in names},
        schema=dict.fromkeys(names, pl.String),
    )
    raw = RawTable(file, TABLE, cells, row_numbers(len(sections), first=1))
    table, problems = read_cells(raw)
    # What is said of a heading is said of no section.
    problems = [
        each if each.column in names and each.column in meanings(TABLE) else replace(each, row=None)
        for each in problems
    ]
    found = [*problems, *check_products({TABLE: table}), *check_limits(table)]
    if found:
        first = {(each.row, each.column): each for each in reversed(found)}
        raise StudyError(sorted(first.values(), key=lambda each: each.row or 0))
    return tuple(terms_of(row) for row in table.frame.iter_rows(named=True))


def _filled(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names if row[name] is not None}


def _days(row: Mapping[str, Any]) -> tuple[date, ...]:
    listed = row["holidays"]
    return tuple(map(date.fromisoformat, listed.split(";"))) if listed else ()


def _cell(value: object) -> str | None:
    """What a file says as a cell of a table would."""
    if isinstance(value, list):
        return ";".join(map(str, value))
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)
