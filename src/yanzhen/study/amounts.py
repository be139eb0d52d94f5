"""Amounts of projects, parks and funds held against what the regions make."""

from collections.abc import Iterator, Mapping

import polars as pl

from yanzhen.study.about import About
from yanzhen.study.cells import TypedTable
from yanzhen.study.coverage import leaves
from yanzhen.study.faults import ROW
from yanzhen.study.problem import Problem, Words
from yanzhen.study.units import UNITS
from yanzhen.study.words import words

Tables = Mapping[str, TypedTable]

AMOUNTS = {
    "projects": "investment",
    "park_finance": "amount",
    "funds": "size",
    "transitions": "amount",
}
"""Column of money of each table."""
DEAR = 100.0
"""Times its output of a year that no works cost."""


def check_amounts(about: About | None, tables: Tables) -> list[Problem]:
    """Point out amounts of money that are probably in another unit than the study's."""
    if about is None or "activity" not in tables or "regions" not in tables:
        return []
    return [*_beyond_output(about, tables), *_beyond_all(about, tables)]


def _beyond_output(about: About, tables: Tables) -> Iterator[Problem]:
    """Investments that are a hundred times what their projects make."""
    if "projects" not in tables:
        return
    table = tables["projects"]
    rows = table.frame.filter(pl.col("investment") > 0, pl.col("output") > 0)
    times = (rows["investment"] / rows["output"]).median()
    if isinstance(times, float) and times >= DEAR:
        found = words("amount_beyond_output", times=times, rows=rows.height)
        yield Problem.at(table.file, "projects", None, "investment", found, _own_unit(about))


def _beyond_all(about: About, tables: Tables) -> Iterator[Problem]:
    """Amounts that are more than all regions make in a year."""
    made = (
        tables["activity"]
        .frame.filter(pl.col("region").is_in(leaves(tables["regions"].frame)))
        .group_by("year")
        .agg(pl.col("output").sum())["output"]
        .max()
    )
    if not isinstance(made, float) or made <= 0:
        return
    for name, column in AMOUNTS.items():
        if name not in tables:
            continue
        table = tables[name]
        beyond = table.numbered().filter(pl.col(column) > made)
        if beyond.height:
            worst = beyond.sort(column, descending=True, maintain_order=True).row(0, named=True)
            said = words("amount_beyond_all", amount=worst[column], rows=beyond.height, made=made)
            yield Problem.at(table.file, name, worst[ROW], column, said, _own_unit(about))


def _own_unit(about: About) -> Words:
    unit = UNITS[about.units.money]
    return words("amount_in_own_unit", unit=(unit.en, unit.zh))
