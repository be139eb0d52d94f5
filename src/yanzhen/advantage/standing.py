"""Where a region stands among the others, so that reasons of different units compare."""

import numpy as np
from scipy.stats import rankdata

from yanzhen.advantage.cross_table import Floats


def standing(x: Floats) -> Floats:
    """Share of the other known regions that each is above, column by column, ties half.

    0 for the lowest and 1 for the highest; NaN where the value is missing or no other is known.

    Parameters
    ----------
    x : (N, S)
    """
    others = (~np.isnan(x)).sum(axis=0) - 1
    below = rankdata(x, method="average", axis=0, nan_policy="omit") - 1
    share: Floats = below / np.maximum(others, 1)
    return np.where(np.isnan(x) | (others < 1), np.nan, share)
