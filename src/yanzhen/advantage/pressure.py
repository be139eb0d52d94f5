"""Pressure to leave: where an industry finds it hard to stay, and why."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from yanzhen.advantage.cross_table import Floats, long_frame
from yanzhen.advantage.percentile_rank import percentile_rank
from yanzhen.study.quantiles import ENDS


def pressure_to_leave(
    regions: Sequence[str],
    industries: Sequence[str],
    present: Floats,
    reasons: Mapping[str, Floats],
    least: int = 2,
    draws: int = 2000,
    seed: int = 0,
) -> pl.DataFrame:
    """Pressure on every industry where it is, from several reasons of unknown weight.

    Each reason is turned into the percentile rank of a region among those that have the industry, 0
    for the lowest and 1 for the highest (`percentile_rank`). The pressure is the mean over the
    reasons that are there; its interval the 5 and 95 % of means with weights uniform on the
    simplex.

    Parameters
    ----------
    regions, industries : codes
    present : (N, S) amount; a cell that is zero or missing has nothing to leave
    reasons : (N, S) arrays in which more means more pressure, NaN where not known
    least : reasons that must be there for a pressure to be given
    draws, seed : of the interval

    Returns
    -------
    region, industry, the reasons as given, `<reason>_percentile` between 0 and 1, pressure,
    pressure_low, pressure_high, known (number of reasons); the highest first, those without last
    """
    if not reasons:
        raise ValueError("pressure to leave needs a reason")
    has = np.nan_to_num(present) > 0
    ranks = {name: percentile_rank(np.where(has, x, np.nan)) for name, x in reasons.items()}
    stacked = np.stack(list(ranks.values()), axis=-1)
    there = ~np.isnan(stacked)
    known = there.sum(axis=-1)
    drawn = _drawn_means(stacked, there, draws, seed)
    enough = has & (known >= least)
    low, high = np.quantile(drawn, ENDS, axis=0)
    mean = np.where(there, stacked, 0.0).sum(axis=-1) / np.maximum(known, 1)
    columns = dict(reasons)
    columns |= {f"{name}_percentile": rank for name, rank in ranks.items()}
    columns |= {
        "pressure": np.where(enough, mean, np.nan),
        "pressure_low": np.where(enough, low, np.nan),
        "pressure_high": np.where(enough, high, np.nan),
    }
    frame = long_frame(regions, industries, columns).with_columns(
        pl.Series("known", known.ravel(), dtype=pl.Int64), pl.Series("has", has.ravel())
    )
    return (
        frame.filter("has")
        .drop("has")
        .sort("pressure", "region", "industry", descending=[True, False, False], nulls_last=True)
    )


def _drawn_means(
    stacked: Floats, there: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], draws: int, seed: int
) -> Floats:
    """(draws, N, S) means of the reasons that are there, with random weights."""
    generator = np.random.default_rng(seed)
    weights = generator.dirichlet(np.ones(stacked.shape[-1]), size=draws)
    total = np.tensordot(weights, np.where(there, stacked, 0.0), axes=(1, 2))
    weight = np.tensordot(weights, there.astype(np.float64), axes=(1, 2))
    means: Floats = total / np.where(weight > 0, weight, 1.0)
    return means
