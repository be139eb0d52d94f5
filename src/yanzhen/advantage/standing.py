"""Where a region stands among the others, so that reasons of different units compare."""

import numpy as np
import polars as pl

from yanzhen.advantage.cross_table import Floats


def standing(x: Floats) -> Floats:
    """Share of the other known regions that each is above, column by column, ties half.

    0 for the lowest and 1 for the highest; NaN where the value is missing or no other is known.

    Parameters
    ----------
    x : (N, S)
    """
    others = (~np.isnan(x)).sum(axis=0) - 1
    below = pl.from_numpy(x).select(pl.all().fill_nan(None).rank("average") - 1).to_numpy()
    share: Floats = below / np.maximum(others, 1)
    return np.where(np.isnan(x) | (others < 1), np.nan, share)
