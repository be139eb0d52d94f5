"""Figures of the table `indicators` as arrays, in the study's own units."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.study import Study
from yanzhen.study.units import UNITS


def indicators_of(study: Study) -> pl.DataFrame:
    """The table with GDP and population in the study's units of money and persons.

    Rows in another unit of the same kind and currency are converted; everything else stands as it
    is given.
    """
    units = study.about.units
    rows = study.tables["indicators"]
    factor = pl.lit(1.0)
    for code, own in (("gdp", units.money), ("population", units.persons)):
        for unit in rows.filter(indicator=code)["unit"].drop_nulls().unique():
            here = (pl.col("indicator") == code) & (pl.col("unit") == unit)
            factor = pl.when(here).then(_factor(unit, own)).otherwise(factor)
    return rows.with_columns(value=pl.col("value") * factor)


def _factor(unit: str, own: str) -> float:
    given, wanted = UNITS.get(unit), UNITS.get(own)
    if given is None or wanted is None:
        return 1.0
    alike = (given.kind, given.currency) == (wanted.kind, wanted.currency)
    return given.factor / wanted.factor if alike else 1.0


def indicator_of(indicators: pl.DataFrame, code: str, regions: Sequence[str], year: int) -> Floats:
    """(N,) values of an indicator in a year, NaN where missing; of `indicators_of`."""
    rows = indicators.filter(pl.col("indicator") == code, pl.col("year") == year)
    values = dict(rows.select("region", "value").iter_rows())
    return np.array([values.get(region) for region in regions], dtype=np.float64)


def gdp_per_head(indicators: pl.DataFrame, regions: Sequence[str], year: int) -> Floats:
    """(N,) GDP over population of each region in a year, NaN where either is missing.

    In the study's unit of money per unit of persons, of `indicators_of`.
    """
    gdp, population = (
        indicator_of(indicators, code, regions, year) for code in ("gdp", "population")
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return gdp / population
