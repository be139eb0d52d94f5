"""Figures of the table `indicators` as arrays, in the study's own units."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.study import Study
from yanzhen.study.indicator_units import KINDS, indicator_factor


def indicators_of(study: Study) -> pl.DataFrame:
    """The table with GDP and population in the study's units of money and persons.

    Other indicators stand as they are given, in whatever unit; of GDP and population `check`
    refuses every unit that is not converted here.
    """
    rows = study.tables["indicators"]
    factor = pl.lit(1.0)
    for code in KINDS:
        for unit in rows.filter(indicator=code)["unit"].drop_nulls().unique():
            here = (pl.col("indicator") == code) & (pl.col("unit") == unit)
            times = indicator_factor(code, unit, study.about)
            factor = pl.when(here).then(pl.lit(times, pl.Float64)).otherwise(factor)
    return rows.with_columns(value=pl.col("value") * factor)


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
