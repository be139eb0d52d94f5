"""What of a tax is local: the central-local split by kind of tax and date, from its documents.

The table `tax_split.csv` holds only what was read, with document, date and address. Not in it:
enterprise income tax before 2002, which was divided by who owned the enterprise and has no one
ratio; business tax paid late after April 2016; how a province divides the local part further.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from importlib.resources import files

import numpy as np
import polars as pl

from yanzhen.modes.coconstruction.contract.consistency import require
from yanzhen.modes.coconstruction.contract.rounding import LARGEST, Integers, nearest
from yanzhen.modes.coconstruction.contract.terms import TAX_KINDS
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
FIRST_ROW = 2


def tax_split_table() -> pl.DataFrame:
    """The sourced table: tax_kind, valid_from, valid_to (null: still), central, local in per cent,
    document, dated, title, address, note.
    """
    text = files("yanzhen.modes.coconstruction.settlement").joinpath("tax_split.csv").read_bytes()
    return pl.read_csv(text, schema_overrides=SCHEMA)


def local_shares(
    tax_kind: str, first: date, last: date, table: pl.DataFrame
) -> tuple[Fraction, ...]:
    """Local shares of a tax that hold in turn between two days, for an amount paid between them.

    A tax that ends between them was paid until its end. Nothing is returned where some other day is
    not in the table.

    Parameters
    ----------
    tax_kind : of `TAX_KINDS`; `other_local_tax` is wholly local by its meaning
    first, last : the days, both of them meant
    table : as `tax_split_table`
    """
    if tax_kind == WHOLLY_LOCAL:
        return (Fraction(1),)
    rows = table.filter(
        pl.col("tax_kind") == tax_kind,
        pl.col("valid_from") <= last,
        pl.col("valid_to").is_null() | (pl.col("valid_to") >= first),
    ).sort("valid_from")
    shares: list[Fraction] = []
    day: date | None = first
    for begin, end, central, local in rows.select(
        "valid_from", "valid_to", "central", "local"
    ).iter_rows():
        if day is None or (begin > day if day == first else begin != day):
            return ()
        share = Fraction(local, central + local)
        shares += [share] if share not in shares[-1:] else []
        day = None if end is None else end + timedelta(days=1)
    return tuple(shares)


def local_part(
    taxes: Integers, spans: Sequence[tuple[date, date]], table: pl.DataFrame, file: str = "taxes"
) -> Integers:
    """Local part of taxes, to the nearest fen, of refunds as of payments; the rest is the centre's.

    Parameters
    ----------
    taxes : (K, R) fen paid, by `TAX_KINDS` and row; below zero what was refunded
    spans : first and last day between which each row was paid
    table : as `tax_split_table`
    file : how problems call it

    Raises
    ------
    ContractError
        When a tax was paid between days for which the table has no share, or more than one, or an
        amount is too large.
    """
    local = np.zeros_like(taxes)
    problems: list[Problem] = []
    for k, kind in enumerate(TAX_KINDS):
        known = {span: local_shares(kind, *span, table) for span in set(spans)}
        share = [Fraction(0)] * len(spans)
        for r in np.flatnonzero(taxes[k]).tolist():
            shares = known[spans[r]]
            if len(shares) == 1:
                share[r] = shares[0]
            else:
                problems.append(_unsplit(file, r, kind, spans[r], shares))
            if abs(int(taxes[k, r])) > LARGEST:
                problems.append(_too_large(file, r, kind))
        if not problems:
            over = np.array([each.numerator for each in share], dtype=np.int64)
            under = np.array([each.denominator for each in share], dtype=np.int64)
            local[k] = np.sign(taxes[k]) * nearest(np.abs(taxes[k]), over, under)
    require(problems)
    return local


def _unsplit(
    file: str, row: int, kind: str, span: tuple[date, date], shares: tuple[Fraction, ...]
) -> Problem:
    """Neither a guess at the shares of a time without a document nor at the months of payment."""
    begin, end = span
    if shares:
        listed = ", ".join(f"{float(100 * share):g} %" for share in shares)
        found = (
            f"one amount of {kind} from {begin} to {end}, when its local share changed: {listed}",
            f"{begin} 至 {end} 的一笔 {kind}，其间地方分享比例有变：{listed}",
        )
        expected = (
            "a row for each part of the year, with the days in columns 'from' and 'to', or the "
            "local part itself as other_local_tax",
            "按 from、to 两列日期分段填写，或把地方部分直接记作 other_local_tax",
        )
    else:
        found = (
            f"no split of {kind} from {begin} to {end}",
            f"{begin} 至 {end} 的 {kind} 无划分比例",
        )
        expected = (
            "a tax that tax_split.csv covers, or the local part itself as other_local_tax",
            "tax_split.csv 所载的税种与年份，或把地方部分直接记作 other_local_tax",
        )
    return Problem.at(file, "projects", row + FIRST_ROW, kind, found, expected)


def _too_large(file: str, row: int, kind: str) -> Problem:
    return Problem.at(
        file,
        "projects",
        row + FIRST_ROW,
        kind,
        (f"an amount above {LARGEST} fen", f"大于 {LARGEST} 分的数额"),
        (f"at most {LARGEST} fen either way", f"绝对值不超过 {LARGEST} 分"),
    )
