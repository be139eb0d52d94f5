"""What of a tax is local: the central-local split by kind of tax and date, from its documents.

The table `tax_split.csv` holds only what was read, with document, date and address. Not in it:
enterprise income tax before 2002, which was divided by who owned the enterprise and has no one
ratio; business tax paid late after April 2016; how a province divides the local part further.
"""

from datetime import date
from fractions import Fraction
from importlib.resources import files

import numpy as np
import polars as pl

from yanzhen.modes.coconstruction.contradictions import require
from yanzhen.modes.coconstruction.rounding import LARGEST, Integers, nearest
from yanzhen.modes.coconstruction.terms import TAX_KINDS
from yanzhen.study import Problem

SCHEMA = {
    "tax_kind": pl.String,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
    "central": pl.Int64,
    "local": pl.Int64,
    "document": pl.String,
    "dated": pl.String,
    "title": pl.String,
    "address": pl.String,
    "note": pl.String,
}
WHOLLY_LOCAL = "other_local_tax"


def tax_split_table() -> pl.DataFrame:
    """The sourced table: tax_kind, valid_from, valid_to (null: still), central, local in per cent,
    document, dated, title, address, note.
    """
    text = files("yanzhen.modes.coconstruction").joinpath("tax_split.csv").read_bytes()
    return pl.read_csv(text, schema_overrides=SCHEMA)


def local_share(tax_kind: str, year: int, table: pl.DataFrame) -> Fraction | None:
    """Local share of a tax paid evenly over a year; None where some month is not in the table.

    Parameters
    ----------
    tax_kind : of `TAX_KINDS`; `other_local_tax` is wholly local by its meaning
    year : calendar year
    table : as `tax_split_table`
    """
    if tax_kind == WHOLLY_LOCAL:
        return Fraction(1)
    rows = table.filter(pl.col("tax_kind") == tax_kind)
    months = []
    for month in range(1, 13):
        day = date(year, month, 15)
        found = rows.filter(
            pl.col("valid_from") <= day,
            pl.col("valid_to").is_null() | (pl.col("valid_to") >= day),
        )
        if found.height != 1:
            return None
        central, local = found.select("central", "local").row(0)
        months.append(Fraction(local, central + local))
    return sum(months, Fraction(0)) / 12


def local_part(taxes: Integers, first_year: int, table: pl.DataFrame) -> Integers:
    """Local part of taxes, to the nearest fen; the rest is the centre's.

    Parameters
    ----------
    taxes : (K, N, T) fen paid, by `TAX_KINDS`, project and year
    first_year : year of the first column
    table : as `tax_split_table`

    Raises
    ------
    ContractError
        When a tax was paid in a year for which the table has no split, or an amount is negative or
        too large.
    """
    local = np.zeros_like(taxes)
    problems = []
    for k, kind in enumerate(TAX_KINDS):
        for t in range(taxes.shape[2]):
            paid = taxes[k, :, t]
            share = local_share(kind, first_year + t, table) if paid.any() else Fraction(0)
            if share is None:
                problems.append(_unknown(kind, first_year + t))
            elif paid.min(initial=0) < 0 or paid.max(initial=0) > LARGEST:
                problems.append(_out_of_range(kind, first_year + t))
            else:
                local[k, :, t] = nearest(
                    paid,
                    np.full_like(paid, share.numerator),
                    np.full_like(paid, share.denominator),
                )
    require(problems)
    return local


def _unknown(kind: str, year: int) -> Problem:
    return Problem.at(
        "tax_split.csv",
        "tax_split",
        None,
        "tax_kind",
        (f"no split of {kind} for {year}", f"{year} 年 {kind} 无划分比例"),
        (
            "a table with a row for every month of it, or the local part itself as other_local_tax",
            "覆盖该年各月的表，或把地方部分直接记作 other_local_tax",
        ),
    )


def _out_of_range(kind: str, year: int) -> Problem:
    return Problem.at(
        "taxes",
        "taxes",
        None,
        kind,
        (
            f"an amount below 0 or above {LARGEST} fen in {year}",
            f"{year} 年有负数或大于 {LARGEST} 分",
        ),
        ("fen between them", "介于其间的分"),
    )
