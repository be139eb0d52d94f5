"""One phase-in profile for departures and arrivals over the years of the plan."""

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats


def yearly_shares(years: int, shape: float) -> Floats:
    """(T,) share of the plan that happens in each year; cumulative share (t / T)^shape."""
    cumulative = (np.arange(years + 1) / years) ** shape
    return np.diff(cumulative)


def schedule(flows: pl.DataFrame, first_year: int, shares: Floats) -> pl.DataFrame:
    """Spread departures and arrivals over the years of the plan.

    Parameters
    ----------
    flows : industry, region, departures, arrivals over the whole plan

    Returns
    -------
    pl.DataFrame
        year, industry, region, departures, arrivals of that year alone
    """
    profile = pl.DataFrame(
        {"year": first_year + np.arange(shares.size, dtype=np.int64), "share": shares}
    )
    return (
        profile.join(flows, how="cross")
        .select(
            "year",
            "industry",
            "region",
            pl.col("departures") * pl.col("share"),
            pl.col("arrivals") * pl.col("share"),
        )
        .sort("year", "industry", "region")
    )
