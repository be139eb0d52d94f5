"""Industries that a receiving region could undertake, with the reasons for each."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import polars as pl

from yanzhen.advantage.cross_table import Floats, long_frame
from yanzhen.advantage.percentile_rank import percentile_rank
from yanzhen.advantage.specialisation import least


def opportunities(
    regions: Sequence[str],
    industries: Sequence[str],
    quotient: Floats,
    reasons: Mapping[str, Floats],
    against: Collection[str] = (),
    present: float = 1.0,
) -> pl.DataFrame:
    """The opportunity list of every region: what it is not yet strong in, and what speaks for it.

    A list to be read by any of its reasons, not one order: each reason stands beside the percentile
    rank of the region among all regions for the same industry (`<reason>_percentile`, 1 the best),
    so that reasons of different units can be compared. `mean_percentile` is their plain mean.

    Parameters
    ----------
    regions, industries : codes
    quotient : (N, S) location quotient; pairs at or above `present` are not opportunities, pairs
        that are missing are listed, with what is known of them
    reasons : (N, S) arrays such as relatedness, complexity gain, supply gap, cost, market
        access; (S,) arrays hold for every region and get no percentile rank
    against : reasons of which less is better
    present : quotient from which a region is strong in an industry

    Returns
    -------
    region, industry, location_quotient, the reasons, their percentile ranks, mean_percentile, known
    (number of percentile ranks); by region and falling mean percentile rank. Null is not known, and
    never ranks first
    """
    unknown = sorted(set(against) - set(reasons))
    if unknown:
        raise ValueError(f"no such reasons: {', '.join(unknown)}")
    open_to = ~(quotient >= least(present))
    columns: dict[str, Floats] = {"location_quotient": quotient}
    percentiles: dict[str, Floats] = {}
    for name, x in reasons.items():
        columns[name] = np.broadcast_to(x, quotient.shape)
        if x.ndim == 2:
            percentiles[f"{name}_percentile"] = percentile_rank(-x if name in against else x)
    nothing = np.full((1, *quotient.shape), np.nan)
    stacked = np.stack([*percentiles.values()]) if percentiles else nothing
    known = (~np.isnan(stacked)).sum(axis=0)
    mean = np.where(known > 0, np.nansum(stacked, axis=0) / np.maximum(known, 1), np.nan)
    frame = long_frame(regions, industries, {**columns, **percentiles, "mean_percentile": mean})
    return (
        frame.with_columns(pl.Series("known", known.ravel(), dtype=pl.Int64))
        .filter(pl.Series(open_to.ravel()))
        .sort(
            "region",
            "mean_percentile",
            "industry",
            descending=[False, True, False],
            nulls_last=True,
        )
    )
