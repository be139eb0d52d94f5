"""Regions whose figures end while a neighbour's rise by as much: most likely a merger."""

from collections.abc import Mapping

import polars as pl

from yanzhen.study.cells import TypedTable
from yanzhen.study.faults import ROW
from yanzhen.study.problem import Problem
from yanzhen.study.successions import ended_years
from yanzhen.study.tables import REQUIRED_TABLES

MEASURES = ("output", "value_added", "employment")
NEARLY = 0.8
"""Share of the last total by which a sibling rises beyond the growth of the others."""


def check_boundaries(tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Point out regions without figures from a year on, in which a sibling takes them over.

    A sibling has the same parent. Its rise is what it has beyond its former total, grown as the
    other siblings did.
    """
    if any(name not in tables for name in REQUIRED_TABLES):
        return []
    regions = tables["regions"]
    rows = regions.numbered().drop_nulls("region").unique("region", maintain_order=True)
    above = rows["parent"].drop_nulls().implode()
    ended = list(ended_years(regions.frame))
    leaves = rows.filter(~pl.col("region").is_in(above) & ~pl.col("region").is_in(ended))
    for measure in MEASURES:
        if not tables["activity"].frame[measure].count():
            continue
        totals = _totals(tables["activity"].frame, measure)
        problems = [
            Problem.of("merger", regions.file, "regions", row, "successor", region=region, **heir)
            for _, family in leaves.group_by("parent", maintain_order=True)
            for region, row in family.select("region", ROW).iter_rows()
            if (heir := _heir(region, family["region"].to_list(), totals)) is not None
        ]
        if problems:
            return problems
    return []


def _totals(activity: pl.DataFrame, measure: str) -> dict[int, dict[str, float]]:
    """Total of each region over its industries, by year in order; without what is not known."""
    rows = activity.drop_nulls(["region", "industry", "year"])
    known = (
        rows.drop_nulls(measure)
        .group_by("region", "year", maintain_order=True)
        .agg(pl.col(measure).sum())
    )
    totals: dict[int, dict[str, float]] = {year: {} for year in sorted(rows["year"].unique())}
    for region, year, total in known.iter_rows():
        totals[year][region] = total
    # A year of which nothing is known tells nothing of a single region.
    return {year: of for year, of in totals.items() if of}


def _heir(
    region: str, family: list[str], totals: Mapping[int, Mapping[str, float]]
) -> dict[str, object] | None:
    """The sibling that takes over the figures of a region, with its last year and the next."""
    years = [year for year in totals if totals[year].get(region, 0.0) > 0]
    later = [year for year in totals if years and year > years[-1]]
    if not later:
        return None
    before, after = totals[years[-1]], totals[later[0]]
    siblings = [other for other in family if other != region and other in before and other in after]
    rises = {}
    for sibling in siblings:
        others = [other for other in siblings if other != sibling]
        base = sum(before[other] for other in others)
        growth = sum(after[other] for other in others) / base if base > 0 else 1.0
        rises[sibling] = after[sibling] - before[sibling] * growth
    heir = max(rises, key=lambda sibling: rises[sibling], default=None)
    if heir is None or rises[heir] < NEARLY * before[region]:
        return None
    return {"heir": heir, "last": years[-1], "after": later[0]}
