"""A proxy of labour cost where no wages are known: GDP per head."""

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats


def gdp_per_head(indicators: pl.DataFrame, regions: tuple[str, ...], year: int) -> Floats:
    """(N,) GDP over population of each region in a year, NaN where either is missing.

    In the indicator table's money unit per person unit.
    """
    wide = (
        indicators.filter(pl.col("year") == year, pl.col("indicator").is_in(["gdp", "population"]))
        .pivot(on="indicator", on_columns=["gdp", "population"], index="region", values="value")
        .with_columns(per_head=pl.col("gdp") / pl.col("population"))
    )
    found = pl.DataFrame({"region": regions}).join(
        wide, on="region", how="left", maintain_order="left"
    )
    return found["per_head"].cast(pl.Float64).fill_null(np.nan).to_numpy()


def relative_cost(per_head: Floats, weights: Floats) -> Floats:
    """(N,) GDP per head relative to the mean weighted by population; 1 is the national level."""
    known = np.isfinite(per_head) & np.isfinite(weights)
    return per_head / np.average(per_head[known], weights=weights[known])
