"""One draw of the tastes: Gumbel numbers from a counter-based hash, never stored.

ε_ij is a function of the seed, the enterprise's row and the site alone, so that any pass anywhere
finds the same. It is −log E with E exponential; E ≥ 1 − U for U = e^−E uniform, so that most pairs
are seen to be out of question without a logarithm.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from yanzhen.market.large.demand_loops import ROWS_A_SUM
from yanzhen.market.large.demand_pass import chunk_bounds, run_chunks
from yanzhen.market.large.listed_pass import Candidates
from yanzhen.market.problem.choice import stay_payoff, total_premium
from yanzhen.market.problem.market import Floats, Integers, Market, Prices

STAYING = -1
"""The option of staying, where others are sites."""


def taste(seed: int, row: int, option: int) -> float:
    """ε of one enterprise for a site, or for `STAYING`."""
    return float(-np.log(_exponential(np.uint64(seed), np.uint64(row), np.int64(option))))


def realised_stay(market: Market, prices: Prices, seed: int) -> Floats:
    """(I,) v_i0 + a + σ ε_i0."""
    stay = stay_payoff(market, prices)
    realised: Floats = _with_tastes(stay, market.sigma, np.uint64(seed))
    return realised


def realised_candidates(
    market: Market, prices: Prices, seed: int, margin: float, threads: int | None = None
) -> Candidates:
    """Sites within a margin of each enterprise's best option, with v_ij + σ ε_ij.

    Parameters
    ----------
    market : the market, each row a single enterprise
    prices : prices at which options are compared
    seed : of the tastes
    margin : in margin on output; inf for every admitted site
    """
    premium = total_premium(market, prices)
    stay = realised_stay(market, prices, seed)
    bounds = chunk_bounds(market.mass.size, ROWS_A_SUM)
    qualities, base = np.ascontiguousarray(market.qualities.T), np.asarray(market.base)
    found: list[tuple[NDArray[np.int64], Integers, Floats]] = [
        (np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0))
    ] * len(bounds)

    def one_chunk(chunk: int) -> None:
        rows = slice(*bounds[chunk])
        found[chunk] = _near_best(
            rows.start,
            market.needs[rows],
            stay[rows],
            market.cell[rows],
            base,
            market.intensities[rows],
            qualities,
            np.ascontiguousarray(premium.T),
            market.sigma,
            np.uint64(seed),
            margin,
        )

    run_chunks(one_chunk, len(bounds), threads)
    lengths = np.concatenate([np.diff(start) for start, _, _ in found])
    return Candidates(
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        np.concatenate([site for _, site, _ in found]),
        np.concatenate([value for _, _, value in found]),
    )


@njit(cache=True, nogil=True)
def _exponential(seed, row, option):  # type: ignore[no-untyped-def]
    return -np.log(_uniform(seed, row, option))


@njit(cache=True, nogil=True)
def _uniform(seed, row, option):  # type: ignore[no-untyped-def]
    """Uniform in (0, 1) from the counters, mixed as SplitMix64 does (Steele, Lea, Flood 2014)."""
    z = seed * np.uint64(0x9E3779B97F4A7C15) + row * np.uint64(0xD1342543DE82EF95)
    z += np.uint64(option + 1) * np.uint64(0xAF251AF3B0F025B5)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (np.float64(z >> np.uint64(12)) + 0.5) * 2.0**-52


@njit(cache=True, nogil=True)
def _with_tastes(stay, sigma, seed):  # type: ignore[no-untyped-def]
    realised = np.empty_like(stay)
    for i in range(stay.size):
        realised[i] = stay[i] - sigma * np.log(_exponential(seed, np.uint64(i), np.int64(-1)))
    return realised


# Kept wide: Numba takes arrays and numbers, not dataclasses.
@njit(cache=True, nogil=True, error_model="numpy")
def _near_best(  # type: ignore[no-untyped-def]
    first,
    needs,
    stay,
    cell,
    base,
    intensities,
    qualities,
    premium,
    sigma,
    seed,
    margin,
):
    resources, sites = premium.shape
    value = np.empty(sites)
    race = np.empty(sites)
    start = np.zeros(stay.size + 1, np.int64)
    room = 4 * stay.size + sites
    site = np.empty(room, np.int32)
    kept = np.empty(room)
    used = 0
    for i in range(stay.size):
        row = np.uint64(first + i)
        for j in range(sites):
            value[j] = base[cell[i], j]
        for k in range(qualities.shape[0]):
            x = intensities[i, k]
            for j in range(sites):
                value[j] += x * qualities[k, j]
        reference = stay[i]
        for j in range(sites):
            race[j] = value[j]
        for r in range(resources):
            q = needs[i, r]
            for j in range(sites):
                race[j] -= q * premium[r, j]
        for j in range(sites):
            race[j] = np.exp((reference - race[j]) / sigma)
        shortest = 1.0
        for j in range(sites):
            uniform = _uniform(seed, row, np.int64(j))
            if (1.0 - uniform) * race[j] < shortest:
                shortest = min(shortest, -np.log(uniform) * race[j])
        longest = shortest * np.exp(margin / sigma)
        if used + sites > room:
            room = 2 * room + sites
            site = _extended(site, used, room)
            kept = _extended(kept, used, room)
        for j in range(sites):
            uniform = _uniform(seed, row, np.int64(j))
            if (1.0 - uniform) * race[j] <= longest and base[cell[i], j] > -np.inf:
                exponential = -np.log(uniform)
                if exponential * race[j] <= longest:
                    site[used] = j
                    kept[used] = value[j] - sigma * np.log(exponential)
                    used += 1
        start[i + 1] = used
    return start, site[:used].copy(), kept[:used].copy()


@njit(cache=True, nogil=True)
def _extended(array, used, room):  # type: ignore[no-untyped-def]
    extended = np.empty(room, array.dtype)
    extended[:used] = array[:used]
    return extended
