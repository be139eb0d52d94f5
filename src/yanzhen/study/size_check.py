"""What a study whose sizes are no money may not ask: amounts of money for a unit of a resource.

Payoffs are margins on an enterprise's output. A price of land in money is one only with the output
that stands on it, which such a study does not know. Room for the sizes themselves is of the
measure's own resource.
"""

from collections.abc import Iterator, Mapping

import polars as pl

from yanzhen.study.about import About
from yanzhen.study.cells import TypedTable
from yanzhen.study.faults import ROW
from yanzhen.study.problem import Problem
from yanzhen.study.size import Size
from yanzhen.study.words import size_words, words

PRICES = ("posted_price", "price_floor")
IN_MONEY = (
    "subsidy_per_job",
    "subsidy_per_land",
    "subsidy_per_energy",
    "tax_per_emission",
    "price_floor",
)
"""Instruments whose value is money for a unit of a resource."""


def check_size(about: About | None, tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Report prices, payments and room that a study not measured by output cannot weigh."""
    if about is None or about.measured_by.is_money:
        return []
    size = about.measured_by
    return [*_resources(size, tables), *_policies(size, tables)]


def _resources(size: Size, tables: Mapping[str, TypedTable]) -> Iterator[Problem]:
    if "resources" not in tables:
        return
    table = tables["resources"]
    measure = size_words(size)
    for row in table.numbered().iter_rows(named=True):
        at = table.file, "resources", row[ROW]
        if row["resource"] == "output":
            own = words("room_of_size", resource=size.resource, measure=measure)
            yield Problem.at(*at, "resource", ("output", "output"), own)
        for column in PRICES:
            if (row[column] or 0.0) > 0:
                values = {"price": row[column], "measure": measure}
                yield Problem.of("price_without_output", *at, column, **values)


def _policies(size: Size, tables: Mapping[str, TypedTable]) -> Iterator[Problem]:
    if "policies" not in tables:
        return
    table, measure = tables["policies"], size_words(size)
    in_money = table.numbered().filter(pl.col("instrument").cast(pl.String).is_in(IN_MONEY))
    for row in in_money.iter_rows(named=True):
        at = table.file, "policies", row[ROW], "instrument"
        values = {"instrument": row["instrument"], "measure": measure}
        yield Problem.of("policy_without_output", *at, **values)
    caps = table.numbered().filter(instrument="cap", unit="output")
    for row in caps.iter_rows(named=True):
        own = words("room_of_size", resource=size.resource, measure=measure)
        yield Problem.at(table.file, "policies", row[ROW], "unit", ("output", "output"), own)
