"""Where a region stands among the others, so that reasons of different units compare."""

import numpy as np
import polars as pl

from yanzhen.advantage.cross_table import Floats
from yanzhen.advantage.specialisation import ROUNDING


def percentile_rank(x: Floats) -> Floats:
    """Share of the other known regions that each is above, column by column, ties half.

    0 for the lowest and 1 for the highest; NaN where the value is missing or no other is known.
    Values that differ by less than `ROUNDING` of the column's largest are tied.

    Parameters
    ----------
    x : (N, S)
    """
    others = (~np.isnan(x)).sum(axis=0) - 1
    steps = pl.from_numpy(_without_rounding(x))
    below = steps.select(pl.all().fill_nan(None).rank("average") - 1).to_numpy()
    share: Floats = below / np.maximum(others, 1)
    return np.where(np.isnan(x) | (others < 1), np.nan, share)


def _without_rounding(x: Floats) -> Floats:
    """Columns in steps of `ROUNDING` of their largest value."""
    size = np.abs(np.nan_to_num(x)).max(axis=0, initial=0.0)
    step = np.where(size > 0, size * ROUNDING, 1.0)
    steps: Floats = np.round(x / step) + 0.0
    return steps
