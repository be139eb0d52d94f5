"""Enterprises that are the same in everything but size, taken together.

Payoffs and needs are per unit of output, so enterprises with the same cell, intensities, needs,
payoff of staying and calibration group choose with the same probabilities, and their output adds.
"""

from dataclasses import replace

import numpy as np
from numba import njit
from numpy.typing import NDArray

from yanzhen.market.problem.market import Booleans, Market


def collapsed(market: Market) -> Market:
    """The same market with one row for all enterprises that are the same, in order of the first.

    A market without any is given back as it is.
    """
    hashes = row_hashes(market)
    order = np.argsort(hashes, kind="stable")
    after = np.flatnonzero(hashes[order[1:]] == hashes[order[:-1]]) + 1
    if after.size == 0:
        return market
    repeated = np.zeros(order.size, np.bool_)
    repeated[after] = _equal(market, order[after - 1], order[after])
    leader = order[~repeated][np.cumsum(~repeated) - 1]
    first = np.empty_like(order)
    first[order] = leader
    kept, group = np.unique(first, return_inverse=True)
    return replace(
        market,
        mass=np.bincount(group, market.mass).astype(np.float64),
        needs=market.needs[kept],
        stay=market.stay[kept],
        cell=market.cell[kept],
        intensities=market.intensities[kept],
        calibration=market.calibration[kept],
    )


def _equal(market: Market, a: NDArray[np.int64], b: NDArray[np.int64]) -> Booleans:
    """Whether each row of `a` is the same as that of `b`."""
    same: Booleans = (
        (market.cell[a] == market.cell[b])
        & (market.calibration[a] == market.calibration[b])
        & (market.stay[a] == market.stay[b])
        & (market.needs[a] == market.needs[b]).all(axis=1)
        & (market.intensities[a] == market.intensities[b]).all(axis=1)
    )
    return same


def row_hashes(market: Market) -> NDArray[np.uint64]:
    """(I,) a hash of each row, equal for equal rows."""
    hashes = np.zeros(market.mass.size, np.uint64)
    for column in (market.stay, market.cell, market.calibration, market.needs, market.intensities):
        values = np.ascontiguousarray(column, np.float64).reshape(market.mass.size, -1)
        _mix(values.view(np.uint64), hashes)
    return hashes


@njit(cache=True, nogil=True)
def _mix(bits, hashes):  # type: ignore[no-untyped-def]
    """Mix the bits of floats into a hash a row (FNV-1a, word by word); −0 counts as 0."""
    for i in range(bits.shape[0]):
        h = hashes[i]
        for k in range(bits.shape[1]):
            word = bits[i, k]
            if word != np.uint64(1) << np.uint64(63):
                h ^= word
            h *= np.uint64(1099511628211)
            h ^= h >> np.uint64(29)
        hashes[i] = h
