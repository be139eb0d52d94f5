"""Systematic samples of enterprises with probability proportional to size."""

import numpy as np
from numpy.typing import NDArray

from yanzhen.market.problem.market import Floats


def systematic_sample(
    size: Floats, count: int, random: np.random.Generator
) -> tuple[NDArray[np.int64], Floats]:
    """Draw about `count` units, the largest with certainty, the others in proportion to size.

    Units are drawn in the order given, at equal steps of cumulated probability from a random start
    (Madow 1949), so that an order by cell spreads the sample over cells.

    Parameters
    ----------
    size : (N,) ≥ 0
    count : units wanted, at most N
    random : source of the start

    Returns
    -------
    units : (n,) those drawn, ascending
    factor : (n,) one over each one's probability
    """
    probability = _inclusion(size, count)
    drawn_at = np.floor(np.cumsum(probability) + random.random())
    units = np.flatnonzero((np.diff(drawn_at, prepend=0.0) > 0) & (probability > 0))
    return units, 1.0 / probability[units]


def _inclusion(size: Floats, count: int) -> Floats:
    """Probabilities min(1, c size) that sum to `count`."""
    if count >= np.count_nonzero(size):
        return (size > 0).astype(np.float64)
    certain = np.zeros(size.size, np.bool_)
    while True:
        rate = (count - np.count_nonzero(certain)) / size[~certain].sum()
        more = ~certain & (rate * size >= 1.0)
        if not more.any():
            return np.where(certain, 1.0, rate * size)
        certain |= more
