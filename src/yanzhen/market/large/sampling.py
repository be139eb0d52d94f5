"""Systematic samples of enterprises with probability proportional to size."""

import numpy as np
from numpy.typing import NDArray

from yanzhen.market.problem.market import Floats

TOGETHER = 1 << 20
"""Units drawn at once, so that little more than their probabilities is held."""


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
    begun = random.random()
    units, before, cumulated = [], np.floor(begun), 0.0
    for start in range(0, size.size, TOGETHER):
        sums = probability[start : start + TOGETHER].copy()
        sums[0] += cumulated
        np.cumsum(sums, out=sums)
        cumulated = float(sums[-1])
        drawn_at = np.floor(sums + begun)
        drawn = np.diff(drawn_at, prepend=before) > 0
        before = drawn_at[-1]
        units.append(start + np.flatnonzero(drawn & (probability[start : start + TOGETHER] > 0)))
    found = np.concatenate(units)
    return found, 1.0 / probability[found]


def _inclusion(size: Floats, count: int) -> Floats:
    """Probabilities min(1, c size) that sum to `count`."""
    if count >= np.count_nonzero(size):
        return (size > 0).astype(np.float64)
    certain = np.zeros(size.size, np.bool_)
    while True:
        rate = (count - np.count_nonzero(certain)) / size.sum(where=~certain)
        more = ~certain & (rate * size >= 1.0)
        if not more.any():
            return np.where(certain, 1.0, rate * size)
        certain |= more
