"""Whole columns, years and regions in another unit, found by their magnitude and told once.

A figure alone may be small or large; all figures of a year that are ten times those of the year
before, or of a region that are a thousand times those of the others, are in another unit.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.study.about import About
from yanzhen.study.accepted import Accepted
from yanzhen.study.cells import TypedTable
from yanzhen.study.problem import Problem, Words
from yanzhen.study.units import UNITS, factor
from yanzhen.study.words import message, words

Tables = Mapping[str, TypedTable]
Floats = NDArray[np.float64]

MEASURES = ("output", "value_added", "employment", "energy", "emissions", "enterprises")
CELLS = 4
"""Cells from which on a whole year, region or column can be judged."""
SLIP = 5.0
"""Change of the median cell from one year to the next, at least, that is no economy's."""
GROWTH = 1.35
"""Most that the median cell grows by in one year, over longer gaps."""
ALIKE = 0.9
"""Share of the cells that must have changed so."""
APART = 50.0
"""How far output per worker of one region may be from the others' median."""
FACTORS = (10.0, 100.0, 1e3, 1e4, 1e6, 1e8)


@dataclass(frozen=True)
class Slip:
    """A year whose figures of a measure are in another unit than the other years'.

    Attributes
    ----------
    measure : column
    year, other : the year, and the nearest of those it is held against
    ratio : of the year's figures to the other's, a power of ten
    either : whether as many years are like the one as like the other, so that either may be wrong
    """

    measure: str
    year: int
    other: int
    ratio: float
    either: bool


def check_years_of_other_units(
    about: About | None, tables: Tables, accepted: Accepted
) -> list[Problem]:
    """Report years of which a whole column is in another unit than its neighbours."""
    if "activity" not in tables:
        return []
    activity = tables["activity"]
    return [
        _of_either(about, activity, slip) if slip.either else _of_year(about, activity, slip)
        for slip in slips(tables, accepted)
    ]


def slips(tables: Tables, accepted: Accepted) -> list[Slip]:
    """Years and measures in another unit than most years are, by whole decades."""
    found = []
    frame = tables["activity"].frame.drop_nulls(["region", "industry", "year"])
    order = pl.struct("region", "industry").rank("dense").cast(pl.Int64) - 1
    cell = frame.select(order).to_series().to_numpy()
    for measure in MEASURES:
        if frame[measure].count() < CELLS:
            continue
        years, decades = _decades(frame, cell, measure)
        level = _levels(years, decades)
        if len(set(level.values())) < 2:
            continue
        levels = list(level.values())
        usual = _usual(levels)
        for year, own in level.items():
            if own == usual or accepted.year("activity", year, measure):
                continue
            others = [y for y in years if level[y] == usual]
            nearest = min(others, key=lambda other: abs(other - year))
            either = levels.count(own) == levels.count(usual)
            if either and accepted.year("activity", nearest, measure):
                continue
            found.append(Slip(measure, year, nearest, 10.0 ** (own - usual), either))
    return found


def _decades(
    frame: pl.DataFrame, cell: NDArray[np.int64], measure: str
) -> tuple[list[int], Floats]:
    """Years with figures above 0, and these of each (years, cells) as decades, nan without."""
    figures = frame[measure].cast(pl.Float64).fill_null(0.0).to_numpy()
    above = figures > 0
    years, at = np.unique(frame["year"].to_numpy()[above], return_inverse=True)
    decades = np.full((years.size, int(cell.max(initial=-1)) + 1), np.nan)
    decades[at, cell[above]] = np.log10(figures[above])
    return years.tolist(), decades


def _levels(years: list[int], decades: Floats) -> dict[int, int]:
    """Of each year by how many decades it lies above the first."""
    level = {year: 0 for year in years[:1]}
    for (before, there), (after, here) in pairwise(zip(years, decades, strict=True)):
        ratio = _step(here - there, after - before)
        level[after] = level[before] + (0 if ratio is None else round(ratio))
    return level


def _step(change: Floats, years: int) -> float | None:
    """Decades by which nearly all cells changed, None where no unit can have changed."""
    change = change[~np.isnan(change)]
    if change.size < CELLS:
        return None
    median = float(np.median(change))
    if abs(median) < math.log10(max(SLIP, GROWTH**years)):
        return None
    if (np.sign(median) * change > abs(median) / 2).mean() < ALIKE:
        return None
    return median


def _usual(levels: list[int]) -> int:
    """The level of most years; of two equally frequent the earlier."""
    return max(dict.fromkeys(levels), key=levels.count)


def check_totals_of_other_units(about: About | None, tables: Tables) -> list[Problem]:
    """Report measures of which the parts are several times their total."""
    if "activity" not in tables or "regions" not in tables:
        return []
    parent = tables["regions"].frame.select("region", "parent").drop_nulls()
    frame = tables["activity"].frame
    problems = []
    for measure in MEASURES if parent.height else ():
        if frame[measure].count() < CELLS:
            continue
        figures = frame.select("region", "industry", "year", figure=measure).drop_nulls()
        parts = (
            figures.join(parent, on="region")
            .group_by("industry", "year", region="parent", maintain_order=True)
            .agg(parts=pl.col("figure").sum())
        )
        both = figures.join(parts, on=["region", "industry", "year"]).filter(
            pl.col("figure") > 0, pl.col("parts") > 0
        )
        if both.height < CELLS:
            continue
        ratio = (both["parts"] / both["figure"]).to_numpy()
        if np.median(ratio) >= SLIP and (ratio >= SLIP / 2).mean() >= ALIKE:
            median = float(np.median(ratio))
            found = words("parts_beyond_total", median=median)
            unit = _in_unit(about, measure, median)
            problems.append(_of_activity(tables["activity"], measure, found, unit))
    return problems


def check_regions_of_other_units(about: About | None, tables: Tables) -> list[Problem]:
    """Point out regions whose output per worker is far from that of the others."""
    if "activity" not in tables:
        return []
    each = (
        tables["activity"]
        .frame.filter((pl.col("output") > 0) & (pl.col("employment") > 0))
        .group_by("region", maintain_order=True)
        .agg(level=(pl.col("output") / pl.col("employment")).median(), cells=pl.len())
        .filter(pl.col("cells") >= CELLS)
        .sort("region")
    )
    if each.height < CELLS:
        return []
    ratio = each["level"] / each["level"].median()
    far = each.with_columns(ratio=ratio).filter(~pl.col("ratio").is_between(1 / APART, APART))
    return [
        _of_activity(
            tables["activity"],
            "output, employment",
            words("output_per_worker_apart", region=region, times=times),
            _in_unit(about, "output", times),
        )
        for region, times in far.select("region", "ratio").iter_rows()
    ]


def check_zeros(tables: Tables) -> list[Problem]:
    """Point out measures that are zero throughout a year, a region or the whole table."""
    if "activity" not in tables:
        return []
    table = tables["activity"]
    problems = []
    for measure in MEASURES:
        if (table.frame[measure] == 0).sum() < CELLS:
            continue
        figures = table.frame.select("region", "year", figure=measure).drop_nulls()
        if figures.height < CELLS:
            continue
        if not (figures["figure"] != 0).any():
            problems.append(_zeros(table, measure, words("all_figures")))
            continue
        for column in ("year", "region"):
            each = (
                figures.group_by(column, maintain_order=True)
                .agg(zero=(pl.col("figure") == 0).all(), cells=pl.len())
                .filter(pl.col("zero"), pl.col("cells") >= CELLS)
                .sort(column)
            )
            problems += [
                _zeros(table, measure, words(f"all_figures_of_{column}", value=value))
                for value in each[column]
            ]
    return problems


def likely(ratio: float) -> float:
    """The factor of units that a ratio most likely is, at least 10."""
    decades = abs(math.log10(ratio))
    return min(FACTORS, key=lambda each: abs(math.log10(each) - decades))


def _zeros(table: TypedTable, measure: str, which: Words) -> Problem:
    return _of_activity(table, measure, *message("zeros", which=which))


def _of_activity(activity: TypedTable, columns: str, found: Words, expected: Words) -> Problem:
    return Problem.at(activity.file, "activity", None, columns, found, expected)


def _of_year(about: About | None, activity: TypedTable, slip: Slip) -> Problem:
    years = {"year": slip.year, "other": slip.other, "ratio": slip.ratio}
    unit = _in_unit(about, slip.measure, slip.ratio)
    return _of_activity(activity, slip.measure, *message("year_of_other_unit", **years, unit=unit))


def _of_either(about: About | None, activity: TypedTable, slip: Slip) -> Problem:
    """Say that two years differ by a unit, with what speaks for one of them, blaming neither."""
    first, last = sorted((slip.year, slip.other))
    values = {
        "first": first,
        "last": last,
        "times": slip.ratio if last == slip.year else 1 / slip.ratio,
        "per_worker": _output_per_worker(about, activity, slip, (first, last)),
        "unit": _in_unit(about, slip.measure, max(slip.ratio, 1 / slip.ratio)),
    }
    return _of_activity(activity, slip.measure, *message("either_year", **values))


def _output_per_worker(
    about: About | None, activity: TypedTable, slip: Slip, years: tuple[int, int]
) -> Words:
    """Output per person employed in both years, where it bears on which of them is wrong."""
    if about is None or slip.measure not in ("output", "employment"):
        return "", ""
    scale = factor(about.units.money) / factor(about.units.persons)
    both = activity.frame.filter((pl.col("output") > 0) & (pl.col("employment") > 0))
    level = [
        both.filter(year=year).select((pl.col("output") / pl.col("employment")).median()).item()
        for year in years
    ]
    if None in level:
        return "", ""
    then, now = (scale * each for each in level)
    values = {"first": years[0], "last": years[1], "then": then, "now": now}
    return words("output_per_worker_then_and_now", **values, coin=about.currency)


def _in_unit(about: About | None, measure: str, ratio: float) -> Words:
    """The study's own unit, and the one that the figures are most likely in."""
    step = likely(ratio)
    put_right = words("factor_put_right", step=step)
    own = None if about is None else _unit_of(about, measure)
    if own is None:
        return words("one_unit_throughout", factor=put_right)
    unit = UNITS[own]
    meant = factor(own) / step if ratio > 1 else factor(own) * step
    other = next(
        (
            each
            for each in UNITS.values()
            if (each.kind, each.currency) == (unit.kind, unit.currency)
            and math.isclose(each.factor, meant, rel_tol=1e-6)
        ),
        None,
    )
    names = unit.en, unit.zh
    expected = words("in_unit_throughout", measure=measure, unit=names, factor=put_right)
    if other is None:
        return expected
    return words("perhaps_given_in", expected=expected, other=(other.en, other.zh))


def _unit_of(about: About, measure: str) -> str | None:
    units = about.units
    return {
        "output": units.money,
        "value_added": units.money,
        "employment": units.persons,
        "energy": units.energy,
        "emissions": units.emissions,
    }.get(measure)
