"""Figures of the table `indicators` as arrays."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats


def indicator_of(indicators: pl.DataFrame, code: str, regions: Sequence[str], year: int) -> Floats:
    """(N,) values of an indicator in a year, NaN where missing."""
    rows = indicators.filter(pl.col("indicator") == code, pl.col("year") == year)
    values = dict(rows.select("region", "value").iter_rows())
    return np.array([values.get(region) for region in regions], dtype=np.float64)


def gdp_per_head(indicators: pl.DataFrame, regions: Sequence[str], year: int) -> Floats:
    """(N,) GDP over population of each region in a year, NaN where either is missing.

    In the indicator table's money unit per person unit.
    """
    gdp, population = (
        indicator_of(indicators, code, regions, year) for code in ("gdp", "population")
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return gdp / population
