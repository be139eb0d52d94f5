"""Tables of a contract of two places: both ledgers, and the schemes side by side on the pair."""

from typing import TYPE_CHECKING

import polars as pl

from yanzhen.modes.coconstruction.gains.pair_ledger import (
    INDUSTRY_RECEIPTS,
    SCHEMES,
    YEARLY_RECEIPTS,
    PairLedger,
)
from yanzhen.report.tables.table import Table, shown_table
from yanzhen.report.text.reader import Reader
from yanzhen.study.result_columns import Columns

if TYPE_CHECKING:
    pass

ALWAYS = ("tax_paid", "tax_home", "tax_host")
COUNTED = ("output_home", "output_host")
PAID = """tax_paid tax_home recovered tax_host tax_third top_up exit_payment dividend_home
    dividend_host dividend_third"""
SHOWN = """scheme home host third joint received_home received_host last_year_home output_home
    missing"""


def ledger_table(ledger: PairLedger, reader: Reader) -> Table:
    """What each party receives in each year; what nobody receives is left out."""
    shown = YEARLY_RECEIPTS.only(f"year {_paid(ledger.yearly)}")
    return _shown(reader, "pair_ledger", ledger.yearly, shown)


def statistics_table(ledger: PairLedger, reader: Reader) -> Table:
    """Who counts the output of what has moved in each year."""
    shown = YEARLY_RECEIPTS.only(" ".join(("year", *COUNTED)))
    return _shown(reader, "pair_statistics", ledger.yearly, shown)


def industry_table(ledger: PairLedger, reader: Reader) -> Table:
    """What each party receives of each industry over all years."""
    frame = ledger.by_industry
    shown = INDUSTRY_RECEIPTS.only(" ".join(("industry", "eligible", _paid(frame), *COUNTED)))
    return _shown(reader, "pair_industries", frame, shown)


def _paid(frame: pl.DataFrame) -> str:
    """What is paid in any row, and the taxes always."""
    there = [name for name in PAID.split() if name in frame.columns]
    return " ".join(name for name in there if name in ALWAYS or float(frame[name].abs().sum()) > 0)


def scheme_table(schemes: pl.DataFrame, reader: Reader) -> Table:
    """What every scheme is worth on the same pair, and why one cannot be put to it."""
    titles = [scheme_title(row, reader) for row in schemes.iter_rows(named=True)]
    frame = schemes.with_columns(
        pl.Series("scheme", titles, dtype=pl.String),
        missing=pl.col("missing_zh" if reader.lang == "zh" else "missing"),
    )
    lacking = (schemes["missing"] != "").any()
    shown = SCHEMES.only(SHOWN if lacking else SHOWN.removesuffix("missing"))
    return _shown(reader, "pair_schemes", frame, shown)


def _shown(reader: Reader, key: str, frame: pl.DataFrame, kinds: Columns) -> Table:
    heads = {
        name: reader.word(f"pair_column.{name}")
        for name in kinds
        if name not in ("year", "industry", "eligible")
    }
    return shown_table(reader, key, frame, kinds, heads=heads)


def scheme_title(row: dict[str, object], reader: Reader) -> str:
    """Return what a scheme is called; the terms at hand are called so."""
    if row["scheme"] == "own":
        return reader.word("contract.these_terms")
    return str(row["title_zh" if reader.lang == "zh" else "title_en"])
