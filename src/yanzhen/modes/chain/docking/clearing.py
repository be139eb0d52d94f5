"""Prices on suppliers that clear what buyers want of them, and lists that are the best at them.

A buyer's need of amount D spreads over its list and the present supplier by the logit of score
less price, so that it never takes more than D; what a unit of it is worth beyond the present
supplier, σ log Σ exp(net / σ), is the price of the need. A supplier's price rises until no more is
wanted of it than it can spare: the market of `yanzhen.market` with needs as the enterprises,
suppliers as the sites and the present supplier as staying.

Prices change who is best, so lists and prices are found in turn: suppliers that at the prices beat
the worst listed one join the lists, and prices move. First only a little at a time, for prices that
clear short lists are too high on them and too low elsewhere; then all the way, until nobody joins.
Where many suppliers are alike, all the buyers near them would want the same few, price them up and
move on together to the next; so a supplier joins no more lists in a round than its price, rising
with each, would allow (`admitted`), and each buyer looks at one supplier of several first, drawn
anew every round, then at one of fewer, then at all. Lists that are nearly the best are completed
without either (`completed`): the last small leads are too small for any wait to be worth it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from yanzhen.market.large.full_market import NotConverged
from yanzhen.market.large.listed_pass import Candidates
from yanzhen.market.large.solver import solve_listed
from yanzhen.market.problem.market import Floats, Integers, Market, Prices
from yanzhen.market.problem.no_prices import NoPrices
from yanzhen.market.problem.tolerance import without_dust
from yanzhen.modes.chain.docking.best_suppliers import (
    Thinning,
    best_suppliers,
    scored,
    supplier_groups,
)
from yanzhen.modes.chain.docking.candidate_lists import (
    NOBODY,
    admitted,
    joined,
    not_listed,
    worst_listed,
)
from yanzhen.modes.chain.docking.parties import Needs, Parties
from yanzhen.modes.chain.docking.sinkhorn import Balance, balanced
from yanzhen.modes.chain.docking.weights import DockingWeights

MOST_SWEEPS = 3_000
FIRST_SWEEPS = 2
FIRST_ROUNDS = 60
FEW = 0.005
"""Share of needs whose list still changes at which prices are moved all the way."""
FEW_OF_SOME = 0.02
"""The same at which fewer suppliers are passed over."""
ALIKE = 25
"""Suppliers of one industry and region from which on some are passed over in the first rounds."""
MOST_PASSED = 32
ROUNDS_OF_A_SHARE = 8
"""Rounds after which half as many are passed over, or earlier where few lists change."""
Progress = Callable[[int, int, int], None]
"""Told needs, the round, and of how many needs the list changes in it."""


class NotDocked(NoPrices):
    """No prices that clear the market of pairs were found."""

    def text(self, language: Literal["zh", "en"] = "en") -> str:
        """Return one sentence that says so, in the language asked."""
        return str(self) if language == "en" else f"没有求出对接价格：{self}"


@dataclass(frozen=True)
class DockingMarket:
    """Needs, suppliers, the pairs that are listed and the prices that clear them.

    Attributes
    ----------
    parties, needs, weights : who, what, and how pairs are scored
    listed : suppliers of every need with their scores
    price : (P,) of every supplier, margin on the goods
    left_out : pairs, of the best of all at the prices, that beat a listed one and are not listed
    regret : the most by which one of them does, margin on the goods
    wanted : pairs that are the best of all at the prices
    most : suppliers that each need looks for
    rounds : rounds of lists and prices
    sweeps : passes over the lists that the prices took
    """

    parties: Parties
    needs: Needs
    weights: DockingWeights
    listed: Candidates
    price: Floats
    left_out: int
    regret: float
    wanted: int
    most: int
    rounds: int
    sweeps: int


# Kept wide: what is cleared, and the bounds of the search, which tests vary one by one.
# Kept whole: a loop whose lists, prices and pace pass from round to round.
def clear_docking(
    parties: Parties,
    needs: Needs,
    weights: DockingWeights,
    most: int,
    tolerance: float,
    indifference: float,
    most_rounds: int,
    threads: int | None = None,
    progress: Progress | None = None,
) -> DockingMarket:
    """Find lists and prices.

    Parameters
    ----------
    most : suppliers that each need looks for at the prices
    tolerance : bound of the relative excess demand and slackness
    indifference : margin on the goods by which a supplier must beat the worst listed to join
    most_rounds : rounds after which pairs that would still join are left out, and counted
    threads : threads to use; the result does not depend on it
    progress : told each round

    Raises
    ------
    NotDocked
        When prices within the tolerance were not found.
    """
    tell = progress or _unreported
    groups = supplier_groups(parties)
    price = np.zeros(parties.spare.size)
    every = _passed_over(parties) if most_rounds > 1 else 1
    drawn = Thinning(every, 0)
    best, _ = best_suppliers(parties, needs, groups, weights, price, most, threads, drawn)
    nothing = Candidates(
        np.zeros(needs.buyer.size + 1, np.int64), np.empty(0, np.int32), np.empty(0)
    )
    listed = scored(parties, needs, weights, *joined(nothing, best, best != NOBODY))
    sweeps, gently, since = 0, most_rounds > 1, 0
    for rounds in range(1, most_rounds + 1):
        if gently:
            prices = balanced(
                parties, needs, weights.sigma, listed, price, tolerance, FIRST_SWEEPS, threads
            )
        else:
            prices = _cleared(parties, needs, weights, listed, price, tolerance, threads)
        price = prices.price
        sweeps += prices.sweeps
        drawn = Thinning(every, rounds)
        best, net = best_suppliers(parties, needs, groups, weights, price, most, threads, drawn)
        beats = _leads(listed, price, best, net)
        joins = beats > indifference
        changed = int(joins.any(axis=1).sum())
        tell(needs.buyer.size, rounds, changed)
        if not gently and (changed == 0 or rounds == most_rounds):
            break
        joins = admitted(
            listed,
            price,
            weights.sigma,
            needs.amount,
            parties.spare,
            prices.wanted,
            best,
            net,
            beats,
            joins,
        )
        listed = scored(parties, needs, weights, *joined(listed, best, joins))
        since += 1
        settled = changed <= (FEW if every == 1 else FEW_OF_SOME) * needs.buyer.size
        if rounds >= min(FIRST_ROUNDS, most_rounds - 1) or (settled and every == 1):
            gently, every = False, 1
        elif settled or since == ROUNDS_OF_A_SHARE:
            since, every = 0, max(every // 2, 1)
    better = beats > 0
    return DockingMarket(
        parties,
        needs,
        weights,
        listed,
        price,
        int(better.sum()),
        float(beats[better].max(initial=0.0)),
        int((best != NOBODY).sum()),
        most,
        rounds,
        sweeps,
    )


def completed(
    market: DockingMarket,
    tolerance: float,
    most_rounds: int,
    threads: int | None = None,
    progress: Progress | None = None,
) -> DockingMarket:
    """Add suppliers to the lists until none that is left out would be better than one listed.

    Whoever is better than a listed supplier, however little, joins at once. The market is returned
    unchanged where the rounds do not suffice, as when so many suppliers are alike that nearly all
    would have to be listed, or where no prices are found for lists so long.

    Parameters
    ----------
    market : with lists that are nearly the best
    tolerance, threads, progress : as in `clear_docking`
    most_rounds : rounds after which the market is left as it was
    """
    tell = progress or _unreported
    parties, needs, weights = market.parties, market.needs, market.weights
    groups = supplier_groups(parties)
    listed, price, sweeps = market.listed, market.price, market.sweeps
    for rounds in range(market.rounds + 1, market.rounds + most_rounds + 1):
        best, net = best_suppliers(parties, needs, groups, weights, price, market.most, threads)
        joins = _leads(listed, price, best, net) > 0
        changed = int(joins.any(axis=1).sum())
        tell(needs.buyer.size, rounds, changed)
        if changed == 0:
            return replace(
                market,
                listed=listed,
                price=price,
                left_out=0,
                regret=0.0,
                wanted=int((best != NOBODY).sum()),
                rounds=rounds,
                sweeps=sweeps,
            )
        listed = scored(parties, needs, weights, *joined(listed, best, joins))
        try:
            prices = _cleared(parties, needs, weights, listed, price, tolerance, threads)
        except NotDocked:
            break
        price, sweeps = prices.price, sweeps + prices.sweeps
    return market


def _unreported(needs: int, rounds: int, changed: int) -> None:
    """Report no progress."""


def _leads(listed: Candidates, price: Floats, best: Integers, net: Floats) -> Floats:
    """(I, most) by how much suppliers beat the worst of the best listed, 0 where listed."""
    worst = worst_listed(listed, price, best.shape[1])[:, None]
    absent = not_listed(listed, best)
    return np.subtract(net, worst, out=np.zeros_like(net), where=absent)


def _passed_over(parties: Parties) -> int:
    """Of how many suppliers one is looked at in the first rounds, a power of two."""
    alike = parties.spare.size / (len(parties.industries) * len(parties.regions) * ALIKE)
    return 1 << int(np.log2(min(max(alike, 1.0), MOST_PASSED)))


def market_of(parties: Parties, needs: Needs, sigma: float) -> Market:
    """The market of needs and suppliers; its payoffs are in the lists."""
    suppliers, buyers = parties.spare.size, needs.buyer.size
    return Market(
        mass=needs.amount,
        needs=np.ones((buyers, 1)),
        stay=np.zeros(buyers),
        cell=np.zeros(buyers, np.int32),
        base=np.zeros((1, suppliers)),
        intensities=np.zeros((buyers, 0)),
        qualities=np.zeros((suppliers, 0)),
        capacity=parties.spare[:, None],
        floor=np.zeros((suppliers, 1)),
        group_member=np.zeros((0, suppliers), np.bool_),
        group_resource=np.zeros(0, np.int32),
        group_capacity=np.zeros(0),
        group_floor=np.zeros(0),
        calibration=np.full(buyers, -1, np.int32),
        stayers=np.zeros(0),
        sigma=sigma,
    )


def _cleared(
    parties: Parties,
    needs: Needs,
    weights: DockingWeights,
    listed: Candidates,
    start: Floats,
    tolerance: float,
    threads: int | None,
) -> Balance:
    """Prices that clear the lists, by the kernel's Newton where balancing is slow.

    Balancing sets u_i = D_i / Z_i and v_a = min(1, K_a / Σ_i u_i k_ia) in turn, k = exp(score / σ)
    and v = exp(−p / σ): Sinkhorn's iteration with suppliers free to keep what is not wanted, each
    step of log v taken ω times as far (Thibault, Chizat, Dossal and Papadakis 2021). A pass costs
    no exponential of pairs, and no array of suppliers for every thread.
    """
    found = balanced(
        parties, needs, weights.sigma, listed, start, 0.5 * tolerance, MOST_SWEEPS, threads
    )
    if found.off <= 0.5 * tolerance:
        return found
    market = market_of(parties, needs, weights.sigma)
    first = Prices(found.price[:, None], np.zeros(0), np.zeros(0))
    try:
        exact = solve_listed(market, listed, tolerance, first, threads)
    except NotConverged as error:
        raise NotDocked(str(error)) from None
    return Balance(
        without_dust(exact.prices.site[:, 0], 0.0, 1.0, weights.sigma),
        exact.demand[:, 0],
        found.sweeps + exact.passes,
        tolerance,
    )
