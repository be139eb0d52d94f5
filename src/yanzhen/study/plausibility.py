"""Figures that cannot be meant: wrong units by their magnitude, jumps, swapped coordinates.

The bounds are wide on purpose. They are far beyond what any industry or region shows, so that
what lies outside is a wrong unit or a slipped decimal point rather than an unusual economy.
"""

import math
from collections.abc import Mapping

import polars as pl

from yanzhen.study.about import About
from yanzhen.study.accepted import Accepted
from yanzhen.study.cells import TypedTable
from yanzhen.study.faults import ROW, faults_of
from yanzhen.study.magnitudes import MEASURES, slips
from yanzhen.study.problem import Problem
from yanzhen.study.units import UNITS, factor

Tables = Mapping[str, TypedTable]

# A thousandfold change between neighbouring years is a change of unit.
JUMP = 1000.0

# Output of one worker in a year: for the median of the table, and for any single cell, in CNY.
OUTPUT_PER_WORKER_MEDIAN = (5e3, 2e7)
OUTPUT_PER_WORKER_CELL = (1e3, 1e8)
# Gross domestic product per head, in CNY.
GDP_PER_HEAD = (1e2, 3e6)

# China's land lies within; used to tell swapped coordinates of GB/T 2260 regions.
_CHINA_LONGITUDE = (73.0, 136.0)
_CHINA_LATITUDE = (3.0, 54.0)


def check_coordinates(about: About | None, tables: Tables) -> list[Problem]:
    """Report places whose longitude and latitude were exchanged."""
    problems = []
    chinese = about is not None and about.region_classification.startswith("GB/T 2260")
    east, north = pl.col("longitude"), pl.col("latitude")
    swapped = (north.abs() > 90) & (east.abs() <= 90)
    if chinese:
        there = east.is_between(*_CHINA_LONGITUDE) & north.is_between(*_CHINA_LATITUDE)
        exchanged = north.is_between(*_CHINA_LONGITUDE) & east.is_between(*_CHINA_LATITUDE)
        swapped = swapped | (exchanged & ~there)
    for name in ("regions", "sites"):
        if name in tables:
            broken = tables[name].numbered().filter(swapped)
            for column, other in (("longitude", "latitude"), ("latitude", "longitude")):
                places = broken.with_columns(here=pl.col(column), there=pl.col(other))
                at = tables[name].file, name, column
                problems += faults_of("swapped", *at, places, column=column)
    return problems


def check_output_per_worker(
    about: About | None, tables: Tables, accepted: Accepted
) -> list[Problem]:
    """Report output and employment of which one must be in another unit than declared."""
    if about is None or about.currency != "CNY" or "activity" not in tables:
        return []
    activity = tables["activity"]
    scale = factor(about.units.money) / factor(about.units.persons)
    per_worker = (
        activity.numbered()
        .filter((pl.col("output") > 0) & (pl.col("employment") > 0))
        .with_columns(each=pl.col("output") / pl.col("employment") * scale)
    )
    codes = about.units.money, about.units.persons
    units = ", ".join(codes), "、".join(UNITS[code].zh for code in codes)
    median = per_worker["each"].median()
    low, high = OUTPUT_PER_WORKER_MEDIAN
    if isinstance(median, float) and not low <= median <= high:
        at = activity.file, "activity", None, "output, employment"
        values = {"median": median, "low": low, "high": high, "units": units}
        return [Problem.of("median_output_per_worker", *at, **values)]
    low, high = OUTPUT_PER_WORKER_CELL
    broken = per_worker.filter(~pl.col("each").is_between(low, high))
    broken = accepted.without("activity", "output", broken)
    bounds = {"low": low, "high": high, "units": units}
    return faults_of("output_per_worker", activity.file, "activity", "output", broken, **bounds)


def check_gdp_per_head(about: About | None, tables: Tables) -> list[Problem]:
    """Report gross domestic products that do not fit the population they stand beside."""
    if about is None or about.currency != "CNY" or "indicators" not in tables:
        return []
    indicators = tables["indicators"]
    factors = {name: unit.factor for name, unit in UNITS.items() if unit.currency in ("CNY", "")}
    own = {"gdp": about.units.money, "population": about.units.persons}
    based = (
        indicators.numbered()
        .filter(pl.col("indicator").is_in(list(own)))
        .with_columns(unit=pl.coalesce("unit", pl.col("indicator").replace(own)))
        .with_columns(
            base=pl.col("value")
            * pl.col("unit").replace_strict(factors, default=None, return_dtype=pl.Float64)
        )
    )
    gdp, population = (based.filter(pl.col("indicator") == name) for name in own)
    both = gdp.join(
        population.select("region", "year", people="value", heads="base"), on=["region", "year"]
    ).with_columns(each=pl.col("base") / pl.col("heads"))
    low, high = GDP_PER_HEAD
    broken = both.filter((pl.col("heads") > 0) & ~pl.col("each").is_between(low, high))
    at = indicators.file, "indicators", "value"
    return faults_of("gdp_per_head", *at, broken, low=low, high=high)


def check_jumps(tables: Tables, accepted: Accepted) -> list[Problem]:
    """Point out figures a thousandfold above or below those of the neighbouring year.

    A year that is in another unit throughout is told elsewhere, once.
    """
    problems = []
    if "activity" in tables:
        activity = tables["activity"]
        odd = {(slip.measure, slip.year) for slip in slips(tables, accepted)}
        for measure in MEASURES:
            years = [year for name, year in odd if name == measure]
            problems += _jumps(activity, measure, ["region", "industry"], years, accepted)
    if "indicators" in tables:
        problems += _jumps(tables["indicators"], "value", ["region", "indicator"], [], accepted)
    return problems


def _jumps(
    table: TypedTable, measure: str, cell: list[str], odd: list[int], accepted: Accepted
) -> list[Problem]:
    # Only where the largest figure is a thousandfold of the smallest can there be a jump.
    above = table.frame[measure].filter(table.frame[measure] > 0)
    if above.is_empty() or above.max() < JUMP * above.min():  # type: ignore[operator]
        return []
    figures = table.numbered().filter(pl.col(measure) > 0, ~pl.col("year").is_in(odd))
    wide = (
        figures.group_by(cell, maintain_order=True)
        .agg(times=pl.col(measure).max() / pl.col(measure).min())
        .filter(pl.col("times") >= JUMP)
    )
    return _jumps_of(table, measure, cell, figures, wide, accepted) if wide.height else []


def _jumps_of(
    table: TypedTable,
    measure: str,
    cell: list[str],
    figures: pl.DataFrame,
    wide: pl.DataFrame,
    accepted: Accepted,
) -> list[Problem]:
    panel = (
        figures.join(wide.select(cell), on=cell, how="semi")
        .sort(*cell, "year")
        .with_columns(
            before=pl.col(measure).shift(1).over(cell),
            before_year=pl.col("year").shift(1).over(cell),
            step=pl.col(measure).log().diff().over(cell),
        )
    )
    far = math.log(JUMP)
    # After a single odd year the way back is as far; only the odd year itself is a fault.
    back = (pl.col("step").shift(1).over(cell) * pl.col("step") < 0) & (
        (pl.col("step").shift(1).over(cell).abs() >= far)
        & ((pl.col("step") + pl.col("step").shift(1).over(cell)).abs() < far)
    )
    broken = panel.filter((pl.col("step").abs() >= far) & ~back.fill_null(False)).sort(ROW)
    broken = accepted.without(table.table, measure, broken)

    broken = broken.rename({measure: "now"})
    return faults_of("jump", table.file, table.table, measure, broken, times=JUMP)
