"""Intervals over the draws of a nation that cleared."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from yanzhen.market.large.shared_passes import DrawCleared
from yanzhen.market.problem.choice import total_premium
from yanzhen.market.problem.market import Market, Prices
from yanzhen.study.quantiles import QUANTILES

PRICES = pl.Schema(
    {
        "site": pl.Int32,
        "resource": pl.Int32,
        "price": pl.Float64,
        "p05": pl.Float64,
        "p50": pl.Float64,
        "p95": pl.Float64,
        "source": pl.String,
    }
)
"""Scarcity premium of a resource at a site, caps included, per unit and year: of the nation, and
its quantiles over the draws. Sites and resources are numbered from 0; `source` says SYNTHETIC."""


def price_intervals(sites: Market, prices: Prices, draws: Sequence[DrawCleared]) -> pl.DataFrame:
    """Premiums of every resource at every site, with their quantiles over draws.

    Parameters
    ----------
    sites : sites and limits of the nation; its groups are those of every draw
    prices : that clear the nation
    draws : that cleared; where there is none, quantiles are null

    Returns
    -------
    Table of the schema `PRICES`.
    """
    number, resources = sites.capacity.shape
    drawn = np.full((len(draws) or 1, number * resources), np.nan)
    for row, each in zip(drawn, draws, strict=False):
        row[:] = total_premium(sites, each.prices).ravel()
    low, median, high = np.quantile(drawn, QUANTILES, axis=0)
    return pl.DataFrame(
        {
            "site": np.repeat(np.arange(number), resources),
            "resource": np.tile(np.arange(resources), number),
            "price": total_premium(sites, prices).ravel(),
            "p05": low,
            "p50": median,
            "p95": high,
            "source": ["SYNTHETIC"] * (number * resources),
        },
        schema=PRICES,
        nan_to_null=True,
    )


def moving_interval(draws: Sequence[DrawCleared]) -> tuple[float, float, float]:
    """Quantiles of the share of output that moves, over at least one draw that cleared."""
    low, median, high = np.quantile([each.moving_share for each in draws], QUANTILES)
    return float(low), float(median), float(high)
