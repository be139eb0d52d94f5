"""The shortlist of one enterprise as a reader sees it: money, intervals, what would change it."""

from collections.abc import Mapping

import polars as pl

from yanzhen.market.plan.moves import NOT_CASH, TERMS
from yanzhen.report.tables.enterprise import money_unit
from yanzhen.report.tables.table import Table, shown_table
from yanzhen.report.text.quantities import percent
from yanzhen.report.text.reader import Reader
from yanzhen.study.result_columns import Columns, columns

LEADS_OFTEN = 0.05
"""Share of the draws from which on a site is named as one that may come first."""


def own_shortlist_table(
    found: pl.DataFrame, output: float | None, weighted: bool, reader: Reader
) -> Table:
    """Return the best sites in yearly cash, in money where output is given.

    Parameters
    ----------
    found : of `yanzhen.market.plan.shortlists.own_shortlist`
    output : a year, in the unit of `money_unit`
    weighted : whether the reader gave weights
    """
    shown = columns("order site") | columns("cash cash_low cash_high first_share")
    if output is not None:
        found = found.with_columns(money=output * pl.col("cash"))
        shown = columns("order site") | Columns({"money": "number"}) | shown
    shown = shown | columns("rank probability")
    if weighted:
        shown = shown | columns("weighted own_order")
    heads = {
        name: reader.word(f"shortlist.{name}", unit=money_unit(reader))
        for name in shown
        if name not in ("site", "probability")
    }
    heads["probability"] = reader.word("enterprise.probability")
    return shown_table(
        reader,
        "shortlist",
        found,
        shown,
        title=reader.word("shortlist.title"),
        note=reader.word("shortlist.note"),
        heads=heads,
    )


def not_in_cash(found: pl.DataFrame, reader: Reader) -> list[tuple[str, str]]:
    """Return the terms of the best site that are no yearly cash, each under its name."""
    if found.is_empty():
        return []
    best = found.row(0, named=True)
    return [(reader.names.term(term), percent(best[term], 2)) for term in NOT_CASH if best[term]]


def what_changes_the_order(
    found: pl.DataFrame, weights: Mapping[str, float], reader: Reader
) -> list[str]:
    """Return what each rival lacks to the first in yearly cash, where most, and how often it leads.

    Parameters
    ----------
    found : of `yanzhen.market.plan.shortlists.own_shortlist`
    weights : that the reader gave to terms
    """
    said, rows = [], found.to_dicts()
    if rows and rows[0]["cash"] <= 0:
        place = reader.names.places[rows[0]["site"]]
        lacking = percent(-rows[0]["cash"], 2)
        said.append(reader.word("shortlist.staying", place=place, lacking=lacking))
    for row in rows[1:]:
        said.append(_rival(row, rows[0], reader))
    first = next((row for row in rows if row["own_order"] == 1), None)
    if weights and first is not None:
        key = "same_by_weights" if first["order"] == 1 else "first_by_weights"
        said.append(reader.word(f"shortlist.{key}", place=reader.names.places[first["site"]]))
    return said


def _rival(row: Mapping[str, float], best: Mapping[str, float], reader: Reader) -> str:
    in_cash = [term for term in TERMS if term not in NOT_CASH]
    term = min(in_cash, key=lambda each: row[each] - best[each])
    leads = row["first_share"]
    often = leads is not None and leads >= LEADS_OFTEN
    return reader.word(
        "shortlist.rival",
        place=reader.names.places[row["site"]],  # type: ignore[index]
        best=reader.names.places[best["site"]],  # type: ignore[index]
        lacking=percent(best["cash"] - row["cash"], 2),
        term=reader.names.term(term),
        most=percent(best[term] - row[term], 2),
        leads=reader.word("shortlist.leads", share=percent(leads, 0)) if often else "",
    )
