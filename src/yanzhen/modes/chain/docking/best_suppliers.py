"""The best suppliers of every need, without looking at every pair.

Suppliers of one industry in one region, a cell, are kept by size in groups of at most `GROUP`. A
group's score for a need can't exceed the one of its best terms together: its most spare supplier,
the size of its range nearest to the buyer's, its lowest price. Regions are looked at by freight
cost to the buyer, groups of a cell from the buyer's own size outwards, and once even the best terms
at a freight cost or size fall short of the worst pair kept, so do all that follow. A bound is added
up in the order of the score itself, so that rounding can't push a score above it: the result is
that of all pairs, for whatever prices.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from yanzhen.market.large.demand_pass import run_chunks
from yanzhen.market.large.listed_pass import Candidates
from yanzhen.market.problem.market import Floats, Integers
from yanzhen.modes.chain.docking.candidate_lists import NOBODY
from yanzhen.modes.chain.docking.parties import Needs, Parties
from yanzhen.modes.chain.docking.weights import DockingWeights

GROUP = 32
ROWS_AT_A_TIME = 20_000


@dataclass(frozen=True)
class Thinning:
    """Which suppliers each need looks at.

    Attributes
    ----------
    every : one of so many, drawn for each need by a hash; 1 for all
    turn : number that another draw has another of
    """

    every: int
    turn: int


EVERYBODY = Thinning(1, 0)


@dataclass(frozen=True)
class SupplierGroups:
    """Suppliers of one industry and region with sizes near one another.

    Attributes
    ----------
    member : (M,) places in `Parties` of all that have something to spare
    start : (G + 1,) first member of every group
    of_cell : (S·N + 1,) first group of every industry and region
    smallest, largest : (G,) log sizes, NaN where they are not known
    most_spare : (G,)
    nearest : (N, N) regions of suppliers by freight cost to the buyer's region, its row
    """

    member: Integers
    start: Integers
    of_cell: Integers
    smallest: Floats
    largest: Floats
    most_spare: Floats
    nearest: Integers


def supplier_groups(parties: Parties) -> SupplierGroups:
    """Lay out the suppliers for the search."""
    member = np.flatnonzero(parties.spare > 0).astype(np.int32)
    cells = len(parties.industries) * len(parties.regions)
    cell = parties.industry[member].astype(np.int64) * len(parties.regions) + parties.region[member]
    first = np.searchsorted(cell, np.arange(cells + 1))
    groups = -(-np.diff(first) // GROUP)
    of_cell = np.concatenate([[0], np.cumsum(groups)])
    within = np.arange(of_cell[-1]) - np.repeat(of_cell[:-1], groups)
    start = np.append(np.repeat(first[:-1], groups) + GROUP * within, member.size)
    size = parties.log_size[member]
    at = start[:-1]
    return SupplierGroups(
        member,
        start.astype(np.int32),
        of_cell.astype(np.int32),
        np.minimum.reduceat(size, at),
        np.maximum.reduceat(size, at),
        np.maximum.reduceat(parties.spare[member], at),
        np.argsort(parties.freight.T, axis=1, kind="stable").astype(np.int32),
    )


# Kept whole: most of it names the arrays that the compiled search reads.
def best_suppliers(
    parties: Parties,
    needs: Needs,
    groups: SupplierGroups,
    weights: DockingWeights,
    price: Floats,
    most: int,
    threads: int | None = None,
    thinning: Thinning = EVERYBODY,
) -> tuple[Integers, Floats]:
    """(I, most) the suppliers of highest score less price for every need, best first, and these.

    Among equals the one that comes first in `Parties`. −1 where there are no more. A single
    enterprise is not its own supplier.

    Parameters
    ----------
    price : (P,) of every supplier, at least 0
    most : length of every list
    threads : threads to use; the result does not depend on it
    thinning : which suppliers each need looks at
    """
    found = np.full((needs.buyer.size, most), NOBODY, np.int32)
    net = np.full((needs.buyer.size, most), -np.inf)
    lowest = np.minimum.reduceat(price[groups.member], groups.start[:-1])
    cell_lowest = np.full(groups.of_cell.size - 1, np.inf)
    filled = np.flatnonzero(np.diff(groups.of_cell))
    cell_lowest[filled] = np.minimum.reduceat(lowest, groups.of_cell[filled])
    base = base_score(needs, weights)

    def one_chunk(chunk: int) -> None:
        rows = slice(chunk * ROWS_AT_A_TIME, (chunk + 1) * ROWS_AT_A_TIME)
        _search(
            needs.buyer[rows],
            needs.input[rows],
            needs.amount[rows],
            base[rows],
            parties.region,
            parties.log_size,
            parties.spare,
            parties.single,
            parties.freight,
            price,
            groups.member,
            groups.start,
            groups.of_cell,
            groups.smallest,
            groups.largest,
            groups.most_spare,
            lowest,
            cell_lowest,
            groups.nearest,
            weights.coverage,
            weights.size,
            thinning.every,
            thinning.turn,
            found[rows],
            net[rows],
        )

    run_chunks(one_chunk, -(-needs.buyer.size // ROWS_AT_A_TIME), threads)
    return found, net


def base_score(needs: Needs, weights: DockingWeights) -> Floats:
    """(I,) the terms of a score that no supplier changes: present and input share."""
    base: Floats = -weights.present + weights.input_share * needs.share
    return base


def scored(
    parties: Parties,
    needs: Needs,
    weights: DockingWeights,
    start: NDArray[np.int64],
    site: Integers,
) -> Candidates:
    """Lists with the scores of their pairs, from the first entry of each need and the suppliers."""
    value = np.empty(site.size)
    _score_listed(
        start,
        site,
        needs.buyer,
        needs.amount,
        base_score(needs, weights),
        parties.region,
        parties.log_size,
        parties.spare,
        parties.freight,
        weights.coverage,
        weights.size,
        value,
    )
    return Candidates(start, site, value)


@njit(cache=True, nogil=True, inline="always")
def _score(base, coverage, spare, amount, size, own_size, their_size, freight):  # type: ignore[no-untyped-def]
    apart = abs(own_size - their_size)
    lost = size * apart if apart == apart else 0.0
    return ((base + coverage * min(1.0, spare / amount)) - lost) - freight


# Kept wide: Numba takes arrays and numbers, not dataclasses.
@njit(cache=True, nogil=True)
def _score_listed(  # type: ignore[no-untyped-def]
    start, site, buyer, amount, base, region, log_size, spare, freight, coverage, size, value
):
    for i in range(buyer.size):
        b = buyer[i]
        for k in range(start[i], start[i + 1]):
            a = site[k]
            value[k] = _score(
                base[i],
                coverage,
                spare[a],
                amount[i],
                size,
                log_size[b],
                log_size[a],
                freight[region[a], region[b]],
            )


# Kept wide: Numba takes arrays and numbers, not dataclasses.
# Kept whole: a call inside its loops would cost more than what it does there.
@njit(cache=True, nogil=True)
def _search(  # type: ignore[no-untyped-def]
    buyer,
    number,
    amount,
    base,
    region,
    log_size,
    spare,
    single,
    freight,
    price,
    member,
    start,
    of_cell,
    smallest,
    largest,
    most_spare,
    lowest,
    cell_lowest,
    nearest,
    coverage,
    size,
    every,
    turn,
    found,
    nets,
):
    regions = freight.shape[0]
    most = found.shape[1]
    for i in range(buyer.size):
        b = buyer[i]
        own, here = log_size[b], region[b]
        kept, net = 0, nets[i]
        for order in range(regions):
            there = nearest[here, order]
            cost = freight[there, here]
            if not cost < np.inf:
                break
            top = (base[i] + coverage) - cost
            if kept == most and top < net[most - 1]:
                break
            cell = number[i] * regions + there
            first, last = of_cell[cell], of_cell[cell + 1]
            if first == last or (kept == most and top - cell_lowest[cell] < net[most - 1]):
                continue
            middle = _group_of(largest, own, first, last)
            for upwards in (True, False):
                g = middle if upwards else middle - 1
                while first <= g < last:
                    if kept == most:
                        within = min(max(own, smallest[g]), largest[g])
                        bound = _score(
                            base[i], coverage, np.inf, amount[i], size, own, within, cost
                        )
                        if bound - cell_lowest[cell] < net[most - 1]:
                            break
                        bound = _score(
                            base[i], coverage, most_spare[g], amount[i], size, own, within, cost
                        )
                    if kept < most or bound - lowest[g] >= net[most - 1]:
                        for m in range(start[g], start[g + 1]):
                            a = member[m]
                            if a == b and single[a]:
                                continue
                            if every > 1 and _drawn(b, number[i], a, turn) % every:
                                continue
                            score = _score(
                                base[i], coverage, spare[a], amount[i], size, own, log_size[a], cost
                            )
                            kept = _insert(found[i], net, kept, a, score - price[a])
                    g += 1 if upwards else -1


@njit(cache=True, nogil=True, inline="always")
def _drawn(buyer, number, supplier, turn):  # type: ignore[no-untyped-def]
    """A number of 32 bits that is as good as random, the same for the same four (SplitMix64)."""
    x = np.uint64(buyer) * np.uint64(0x9E3779B97F4A7C15)
    x ^= np.uint64(supplier) * np.uint64(0xBF58476D1CE4E5B9)
    x ^= np.uint64(turn * 64 + number) * np.uint64(0x94D049BB133111EB)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.int64(x >> np.uint64(32))


@njit(cache=True, nogil=True)
def _group_of(largest, own, first, last):  # type: ignore[no-untyped-def]
    """First group of a cell that reaches up to a size; the first of all where it isn't known."""
    while first < last:
        middle = (first + last) // 2
        if largest[middle] < own:
            first = middle + 1
        else:
            last = middle
    return first


@njit(cache=True, nogil=True)
def _insert(found, net, kept, supplier, worth):  # type: ignore[no-untyped-def]
    """Put a supplier among the best kept, and return how many are kept then."""
    k = kept
    while k > 0 and (net[k - 1] < worth or (net[k - 1] == worth and found[k - 1] > supplier)):
        k -= 1
    if k == net.size:
        return kept
    kept = min(kept + 1, net.size)
    for later in range(kept - 1, k, -1):
        net[later] = net[later - 1]
        found[later] = found[later - 1]
    net[k] = worth
    found[k] = supplier
    return kept
