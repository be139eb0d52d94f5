"""Years that are missing from the panel of activity.

A single missing cell is no fault: what is not known is left out. A whole year missing between
evenly spaced ones, or a region or industry that lacks a year all others have, is most often a
file that was not appended; a study that knows better says so, in `missing_years` of its
settings or by rows of that year with empty figures.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise, product

import polars as pl

from yanzhen.study.about import About
from yanzhen.study.cells import TypedTable
from yanzhen.study.movable import movable_industries
from yanzhen.study.problem import Problem
from yanzhen.study.size import Size
from yanzhen.study.successions import ended_years
from yanzhen.study.tables import REQUIRED_TABLES


def check_years(about: About | None, tables: dict[str, TypedTable]) -> list[Problem]:
    """Report years that are missing from the table of activity."""
    if any(name not in tables for name in REQUIRED_TABLES):
        return []
    activity = tables["activity"]
    present = (
        activity.frame.select("region", "industry", "year")
        .drop_nulls()
        .join(tables["regions"].frame, on="region", how="semi")
        .join(tables["industries"].frame, on="industry", how="semi")
    )
    known_missing = set(about.missing_years) if about else set()
    years = sorted(present["year"].unique())
    parents = tables["regions"].frame["parent"].drop_nulls().unique()
    leaves = present.filter(~pl.col("region").is_in(parents.implode()))
    ended = ended_years(tables["regions"].frame)
    problems = [_gap(activity, year, years) for year in gaps(years) if year not in known_missing]
    for column in ("region", "industry"):
        for code, year in _lacking(leaves, column):
            merged = column == "region" and code in ended and year >= ended[code]
            if year not in known_missing and not merged:
                at = activity.file, "activity", None, f"{column}, year"
                problems.append(Problem.of(f"{column}_lacks_year", *at, code=code, year=year))
    return problems


def last_movable(size: Size, tables: Mapping[str, pl.DataFrame]) -> int | None:
    """Last year with output that may move; None where there is none.

    That is output, or another measure of size, of manufacturing in a region that is nobody's
    parent; later rows of other sectors start nothing.

    Parameters
    ----------
    tables : regions, industries and activity, by name
    """
    regions, industries, activity = (tables[name] for name in REQUIRED_TABLES)
    movable = movable_industries(industries)["industry"]
    parents = regions["parent"].drop_nulls()
    years = activity.filter(
        pl.col("industry").is_in(movable.implode()),
        ~pl.col("region").is_in(parents.implode()),
        pl.col(size.measure).is_not_null(),
    )["year"].drop_nulls()
    return None if years.is_empty() else int(years.to_numpy().max())


def with_base_year(about: About, tables: Mapping[str, pl.DataFrame]) -> About:
    """Return settings whose base year is the last with output that may move, and never earlier.

    Without such output, settings that have no base year yet take the last year with any figure.
    """
    last = last_movable(about.measured_by, tables)
    years = tables["activity"]["year"].drop_nulls()
    if last is None and about.base_year == 0 and years.len():
        last = int(years.to_numpy().max())
    return about if last is None else replace(about, base_year=max(last, about.base_year))


def gaps(years: list[int]) -> list[int]:
    """Return the years missing between years of which most are evenly spaced.

    Examples
    --------
    >>> gaps([2010, 2011, 2013, 2014])
    [2012]
    >>> gaps([2012, 2015, 2017])
    []
    """
    steps = Counter(later - earlier for earlier, later in pairwise(years))
    if not steps:
        return []
    step, count = min(steps), steps[min(steps)]
    if 2 * count <= steps.total():
        return []
    return [
        year
        for earlier, later in pairwise(years)
        if (later - earlier) % step == 0
        for year in range(earlier + step, later, step)
    ]


def _lacking(present: pl.DataFrame, column: str) -> list[tuple[str, int]]:
    """Codes without any row in a year that most of the others have."""
    pairs = set(present.select(column, "year").unique().iter_rows())
    codes = {code for code, _ in pairs}
    usual = [year for year, there in Counter(y for _, y in pairs).items() if 2 * there > len(codes)]
    return sorted(set(product(codes, usual)) - pairs)


def _gap(activity: TypedTable, year: int, years: list[int]) -> Problem:
    before = max(other for other in years if other < year)
    after = min(other for other in years if other > year)
    values = {"year": year, "before": before, "after": after}
    return Problem.of("missing_year", activity.file, "activity", None, "year", **values)
