"""The second form of the pass: each enterprise with a list of its own of sites and payoffs."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from yanzhen.market.large.demand_loops import ROWS_A_SUM
from yanzhen.market.large.demand_pass import (
    NOTHING_KEPT,
    Demand,
    SparseChoices,
    chunk_bounds,
    run_chunks,
)
from yanzhen.market.problem.market import Floats, Integers, Market


@dataclass(frozen=True)
class Candidates:
    """Sites that each enterprise considers, row after row.

    Attributes
    ----------
    start : (I + 1,) first entry of every enterprise, and their number
    site : (n,) sites of the entries
    value : (n,) v_ij of the entries, in place of base + x · z
    """

    start: NDArray[np.int64]
    site: Integers
    value: Floats

    @property
    def owner(self) -> NDArray[np.int64]:
        """(n,) enterprise of each entry."""
        return np.repeat(np.arange(self.start.size - 1), np.diff(self.start))


# Kept whole: most of it names the arrays that the compiled pass reads and writes.
def evaluate_listed_demand(
    market: Market,
    candidates: Candidates,
    premium: Floats,
    constants: Floats,
    sigma: float,
    threads: int | None = None,
) -> Demand:
    """Pass over the listed pairs in double precision; keeps every choice.

    Parameters
    ----------
    market : the market; its base payoffs, intensities and qualities are not read
    candidates : the lists
    premium : (J, R) p̃_jr
    constants : (M,) a_m
    sigma : scale of the taste
    threads : threads to use; the result does not depend on it
    """
    bounds = chunk_bounds(market.mass.size, ROWS_A_SUM)
    demand = np.zeros((len(bounds), *premium.shape))
    staying = np.zeros((len(bounds), constants.size + 1))
    totals = np.zeros((len(bounds), 2))
    padded = np.append(constants, 0.0)
    parts = [NOTHING_KEPT] * len(bounds)

    def one_chunk(chunk: int) -> None:
        rows = slice(*bounds[chunk])
        start = candidates.start[rows.start : rows.stop + 1]
        entries = slice(start[0], start[-1])
        probability = np.empty(start[-1] - start[0], np.float32)
        stayed = np.empty(rows.stop - rows.start, np.float32)
        _add_listed(
            market.mass[rows],
            market.needs[rows],
            market.stay[rows],
            market.calibration[rows],
            start - start[0],
            candidates.site[entries],
            candidates.value[entries],
            premium,
            padded,
            sigma,
            demand[chunk],
            staying[chunk],
            totals[chunk],
            probability,
            stayed,
        )
        parts[chunk] = (start - start[0], candidates.site[entries], probability, stayed)

    run_chunks(one_chunk, len(bounds), threads)
    stayed, inclusive = totals.sum(axis=0)
    return Demand(
        demand.sum(axis=0),
        staying.sum(axis=0)[:-1],
        float(stayed),
        float(inclusive),
        SparseChoices(tuple(parts), 0.0),
    )


# Kept wide: Numba takes arrays and numbers, not dataclasses.
@njit(cache=True, nogil=True, error_model="numpy")
def _add_listed(  # type: ignore[no-untyped-def]
    mass,
    needs,
    stay,
    calibration,
    start,
    site,
    value,
    premium,
    constants,
    sigma,
    demand,
    staying,
    totals,
    probability,
    stayed,
):
    resources = needs.shape[1]
    longest = 0
    for i in range(mass.size):
        longest = max(longest, start[i + 1] - start[i])
    payoff = np.empty(longest)
    for i in range(mass.size):
        own_stay = stay[i] + constants[calibration[i]]
        best = own_stay
        for k in range(start[i], start[i + 1]):
            net = value[k]
            for r in range(resources):
                net -= needs[i, r] * premium[site[k], r]
            payoff[k - start[i]] = net
            best = max(best, net)
        total = np.exp((own_stay - best) / sigma)
        share_stay = total
        for k in range(start[i + 1] - start[i]):
            payoff[k] = np.exp((payoff[k] - best) / sigma)
            total += payoff[k]
        for k in range(start[i], start[i + 1]):
            share = payoff[k - start[i]] / total
            probability[k] = share
            for r in range(resources):
                demand[site[k], r] += mass[i] * needs[i, r] * share
        share_stay /= total
        stayed[i] = share_stay
        staying[calibration[i]] += mass[i] * share_stay
        totals[0] += mass[i] * share_stay
        totals[1] += mass[i] * (best + sigma * np.log(total))
