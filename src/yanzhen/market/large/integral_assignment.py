"""The integral outcome: one realised taste each, prices at which every enterprise's place is best.

At realised tastes the market is a linear program. It is cleared with a small σ first; enterprises
that are then all but decided are fixed, HiGHS solves the rest, and whoever would rather be
elsewhere at its prices joins the rest until nobody does. At the vertex only as many enterprises
are split as constraints bind; they are indifferent between their places and are rounded to one.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from yanzhen.market.large.full_market import NotConverged
from yanzhen.market.large.listed_pass import Candidates, evaluate_listed_demand
from yanzhen.market.large.solver import solve_listed
from yanzhen.market.large.taste_draws import STAYING, realised_candidates, realised_stay, taste
from yanzhen.market.problem.choice import group_demand, held, total_premium
from yanzhen.market.problem.market import Booleans, Floats, Integers, Market, Prices
from yanzhen.market.problem.no_prices import NoPrices

SMOOTHING = 0.01
"""σ of the smoothed clearing, as a share of the market's."""
SMOOTHED_TOLERANCE = 1e-2
DECIDED = 1e-2
SPLIT = 1e-7
INDIFFERENT = 1e-7
"""Payoffs closer than this, relative to σ, are the same."""
MOST_ROUNDS = 40
WIDENINGS = 4
"""Times that the margin is doubled while somebody would rather be elsewhere."""


class Unrealised(NoPrices):
    """The linear program of the realised tastes was not solved."""


@dataclass(frozen=True)
class IntegralOutcome:
    """Where each enterprise goes at one draw of the tastes.

    Attributes
    ----------
    prices : premiums at the realised tastes; the constants are the market's
    destination : (I,) site, `STAYING` for none
    demand : (J, R)
    overshoot : (J, R) demand beyond room
    group_overshoot : (G,)
    split : enterprises that were indifferent and had to be rounded
    envious : enterprises that would rather be elsewhere at these prices
    worse_than_staying : enterprises that would rather have stayed
    """

    prices: Prices
    destination: Integers
    demand: Floats
    overshoot: Floats
    group_overshoot: Floats
    split: int
    envious: int
    worse_than_staying: int

    def as_json(self, market: Market) -> dict[str, float]:
        """Counts, and the largest overshoot as a share of the room that is overshot."""
        over = self.overshoot > 0
        groups = self.group_overshoot > 0
        shares = np.concatenate(
            [
                self.overshoot[over] / market.capacity[over],
                self.group_overshoot[groups] / market.group_capacity[groups],
            ]
        )
        return {
            "integral_moving": int(np.count_nonzero(self.destination != STAYING)),
            "integral_split": self.split,
            "integral_envious": self.envious,
            "integral_worse_than_staying": self.worse_than_staying,
            "integral_overshot_site_resources": int(over.sum()),
            "integral_overshot_groups": int(groups.sum()),
            "integral_largest_overshoot": float(shares.max(initial=0.0)),
        }


def realise(
    market: Market,
    prices: Prices,
    seed: int,
    margin: float = 3.0,
    never_over: bool = False,
    threads: int | None = None,
) -> IntegralOutcome:
    """Draw every enterprise's taste and settle who goes where.

    With one resource a site, the overshoot at each stays below the largest need there. With
    several no such bound holds and the overshoot is reported.

    Parameters
    ----------
    market : the market, each row a single enterprise
    prices : clearing prices, from which those at the realised tastes are found
    seed : of the tastes
    margin : in σ, how far below its best an option is still considered; doubled a few times while
        somebody would rather be elsewhere among all options, and who then still would is counted
    never_over : whether whoever is rounded onto room that is not there stays instead
    threads : threads to use; the result does not depend on it

    Raises
    ------
    Unrealised
        When the linear program is not solved.
    """
    stay = realised_stay(market, prices, seed)
    drawn = replace(held(market, stay), sigma=market.sigma * SMOOTHING)
    at = prices
    for _ in range(WIDENINGS):
        listed = realised_candidates(market, at, seed, margin * market.sigma, threads)
        start = Prices(at.site, at.group, np.zeros(0))
        smoothed = _smoothed(replace(drawn, sigma=market.sigma), listed, start, threads)
        settled, share = _settle(drawn, listed, smoothed, _decided(drawn, listed, smoothed))
        destination, split = _rounded(drawn, listed, share)
        at = Prices(settled.site, settled.group, prices.constants)
        outcome = _outcome(market, at, seed, stay, destination, int(split.sum()), threads)
        if outcome.envious == 0:
            break
        margin *= 2
    if not never_over:
        return outcome
    destination = _sent_back(drawn, destination, split)
    return _outcome(market, at, seed, stay, destination, int(split.sum()), threads)


def _smoothed(drawn: Market, listed: Candidates, prices: Prices, threads: int | None) -> Prices:
    """Prices near those of the linear program, by a σ halved to `SMOOTHING` of the market's.

    They only say who is all but decided, so that the best found are as good where none clear.
    """
    sigma = drawn.sigma
    while sigma > drawn.sigma * SMOOTHING:
        sigma = max(0.5 * sigma, drawn.sigma * SMOOTHING)
        try:
            smaller = replace(drawn, sigma=sigma)
            prices = solve_listed(smaller, listed, SMOOTHED_TOLERANCE, prices, threads).prices
        except NotConverged as unsettled:
            return unsettled.prices
    return prices


def _net(market: Market, listed: Candidates, prices: Prices) -> Floats:
    """(n,) payoff of every entry after prices."""
    premium = total_premium(market, prices)
    cost = (market.needs[listed.owner] * premium[listed.site]).sum(axis=1)
    net: Floats = listed.value - cost
    return net


def _decided(drawn: Market, listed: Candidates, prices: Prices) -> Floats:
    """(n,) shares of the smoothed clearing, 0 or 1 where decided, NaN where not."""
    swept = evaluate_listed_demand(
        drawn, listed, total_premium(drawn, prices), np.zeros(0), drawn.sigma
    )
    probability = np.concatenate([part[2] for part in swept.choices.parts]).astype(np.float64)
    share = np.round(probability)
    unsure = np.abs(probability - share) > DECIDED
    open_rows = np.zeros(drawn.mass.size, np.bool_)
    open_rows[listed.owner[unsure]] = True
    share[open_rows[listed.owner]] = np.nan
    return share


def _settle(
    drawn: Market, listed: Candidates, prices: Prices, share: Floats
) -> tuple[Prices, Floats]:
    """Solve for the undecided, letting in whoever would rather be elsewhere, until nobody does."""
    owner = listed.owner
    for _ in range(MOST_ROUNDS):
        undecided = np.isnan(share)
        found, solved = _program(drawn, listed, share, undecided)
        net = _net(drawn, listed, found) - drawn.stay[owner]
        best = np.zeros(drawn.mass.size)
        np.maximum.at(best, owner, net)
        filled = np.where(undecided, solved, share)
        gained = np.zeros(drawn.mass.size)
        np.add.at(gained, owner, filled * net)
        regret = best - gained > INDIFFERENT * drawn.sigma / SMOOTHING
        entering = regret[owner] & ~undecided
        if not entering.any():
            return found, filled
        share = np.where(entering, np.nan, share)
    raise Unrealised(f"enterprises still change places after {MOST_ROUNDS} rounds")


def _uses(
    drawn: Market, site: Integers, row_of: NDArray[Any], site_row: NDArray[Any], use: Floats
) -> Any:
    """What each pair takes up: of its enterprise, of every limited site, and of every group.

    Parameters
    ----------
    site, row_of : (E,) of every pair, its site and its enterprise's row
    site_row : (J, R) place of every limit among those of sites, −1 where there is none
    use : (E, R) of the whole enterprise
    """
    line, column, weight = [row_of], [np.arange(site.size)], [np.ones(site.size)]
    offset = int(row_of.max()) + 1
    for r in range(site_row.shape[1]):
        at = site_row[site, r]
        line.append(offset + at[at >= 0])
        column.append(np.flatnonzero(at >= 0))
        weight.append(use[at >= 0, r])
    offset += int((site_row >= 0).sum())
    groups = drawn.group_capacity.size
    for g in range(groups):
        belongs = drawn.group_member[g, site].astype(np.float64)
        inside = np.flatnonzero(belongs)
        line.append(np.full(inside.size, offset + g))
        column.append(inside)
        weight.append(belongs[inside] * use[inside, drawn.group_resource[g]])
    return csr_array(
        (np.concatenate(weight), (np.concatenate(line), np.concatenate(column))),
        shape=(offset + groups, site.size),
    )


def _program(
    drawn: Market, listed: Candidates, share: Floats, undecided: Booleans
) -> tuple[Prices, Floats]:
    """Assign the undecided by value within what room is left; prices are its dual values."""
    owner = listed.owner
    placed = np.where(undecided, 0.0, np.nan_to_num(share)) * drawn.mass[owner]
    taken = np.zeros_like(drawn.capacity)
    np.add.at(taken, listed.site, placed[:, None] * drawn.needs[owner])
    entries = np.flatnonzero(undecided)
    if entries.size == 0:
        return Prices(drawn.floor, drawn.group_floor, np.zeros(0)), np.full(share.size, np.nan)
    rows, row_of = np.unique(owner[entries], return_inverse=True)
    limited = np.isfinite(drawn.capacity)
    site_row = np.full(drawn.capacity.shape, -1)
    site_row[limited] = np.arange(np.count_nonzero(limited))
    use = drawn.mass[owner[entries], None] * drawn.needs[owner[entries]]
    matrix = _uses(drawn, listed.site[entries], row_of, site_row, use)
    floors = np.concatenate([drawn.floor[limited], drawn.group_floor])
    left = np.concatenate(
        [
            (drawn.capacity - taken)[limited],
            drawn.group_capacity - group_demand(drawn, taken),
        ]
    )
    gain = listed.value[entries] - drawn.stay[owner[entries]]
    at_floor = Prices(np.where(limited, drawn.floor, 0.0), drawn.group_floor, np.zeros(0))
    gain = gain - (
        drawn.needs[owner[entries]] * total_premium(drawn, at_floor)[listed.site[entries]]
    ).sum(axis=1)
    result = linprog(
        -drawn.mass[owner[entries]] * gain,
        A_ub=matrix,
        b_ub=np.concatenate([np.ones(rows.size), np.maximum(left, 0.0)]),
        method="highs-ds",
    )
    if result.status != 0:
        raise Unrealised(result.message)
    price = floors - result.ineqlin.marginals[rows.size :]
    site = drawn.floor.copy()
    site[limited] = price[: site_row.max() + 1]
    solved = np.full(share.size, np.nan)
    solved[entries] = result.x
    return Prices(site, price[site_row.max() + 1 :], np.zeros(0)), solved


def _rounded(drawn: Market, listed: Candidates, share: Floats) -> tuple[Integers, Booleans]:
    """Destinations, and who was split; each room takes at most one of these beyond itself.

    A vertex's split enterprises and the rooms between which they are split make a forest, so that
    a matching gives every enterprise a room of its own (Lenstra, Shmoys and Tardos 1990).
    """
    owner = listed.owner
    destination = np.full(drawn.mass.size, STAYING, np.int32)
    whole = share > 1.0 - SPLIT
    destination[owner[whole]] = listed.site[whole]
    partly = (share > SPLIT) & ~whole
    split = np.zeros(drawn.mass.size, np.bool_)
    split[owner[partly]] = True
    rows, row_of = np.unique(owner[partly], return_inverse=True)
    if rows.size == 0:
        return destination, split
    moved = np.bincount(row_of, share[partly])
    limited = int(np.isfinite(drawn.capacity).sum(axis=1).max()) + drawn.group_capacity.size
    sites = drawn.capacity.shape[0]
    places = [listed.site[partly] + copy * sites for copy in range(max(limited, 1))]
    may_stay = np.flatnonzero(moved < 1.0 - SPLIT)
    line = np.concatenate([*(row_of for _ in places), may_stay])
    column = np.concatenate([*places, len(places) * sites + may_stay])
    graph = csr_array(
        (np.ones(line.size), (line, column)), shape=(rows.size, len(places) * sites + rows.size)
    )
    matched = maximum_bipartite_matching(graph, perm_type="column")
    to_site = (matched >= 0) & (matched < len(places) * sites)
    destination[rows[to_site]] = matched[to_site] % sites
    return destination, split


def _demand(drawn: Market, destination: Integers) -> Floats:
    moving = destination != STAYING
    demand = np.zeros_like(drawn.capacity)
    np.add.at(demand, destination[moving], (drawn.mass[:, None] * drawn.needs)[moving])
    return demand


def _sent_back(drawn: Market, destination: Integers, split: Booleans) -> Integers:
    """Destinations with those who were rounded onto room that is not there staying instead."""
    destination = destination.copy()
    demand = _demand(drawn, destination)
    for i in np.flatnonzero(split & (destination != STAYING)):
        site = destination[i]
        in_group = drawn.group_member[:, site] > 0
        full = (demand[site] > drawn.capacity[site] * (1 + SPLIT)).any() or bool(
            (group_demand(drawn, demand) > drawn.group_capacity * (1 + SPLIT))[in_group].any()
        )
        if full:
            destination[i] = STAYING
            demand[site] -= drawn.mass[i] * drawn.needs[i]
    return destination


def _outcome(
    market: Market,
    prices: Prices,
    seed: int,
    stay: Floats,
    destination: Integers,
    split: int,
    threads: int | None,
) -> IntegralOutcome:
    """Count, over all pairs again, who would rather be elsewhere."""
    tolerance = 10 * INDIFFERENT * market.sigma
    best = realised_candidates(market, prices, seed, tolerance, threads)
    owner, net = best.owner, _net(market, best, prices)
    top = stay.copy()
    np.maximum.at(top, owner, net)
    content = (destination == STAYING) & (stay >= top - tolerance)
    content[owner[(best.site == destination[owner]) & (net >= top[owner] - tolerance)]] = True
    better_stay = np.zeros(stay.size, np.bool_)
    everyone = np.flatnonzero((destination != STAYING) & ~content)
    own_net = _own_net(market, prices, seed, everyone, destination[everyone])
    better_stay[everyone] = own_net < stay[everyone] - tolerance
    demand = _demand(market, destination)
    overshoot = np.where(
        np.isfinite(market.capacity), np.maximum(demand - market.capacity, 0.0), 0.0
    )
    return IntegralOutcome(
        prices,
        destination,
        demand,
        overshoot,
        np.maximum(group_demand(market, demand) - market.group_capacity, 0.0),
        split,
        int(np.count_nonzero(~content)),
        int(np.count_nonzero(better_stay)),
    )


def _own_net(
    market: Market, prices: Prices, seed: int, rows: NDArray[np.int64], sites: Integers
) -> Floats:
    value = np.asarray(market.base)[market.cell[rows], sites] + (
        market.intensities[rows] * market.qualities[sites]
    ).sum(axis=1)
    tastes = np.array([taste(seed, int(i), int(j)) for i, j in zip(rows, sites, strict=True)])
    cost = (market.needs[rows] * total_premium(market, prices)[sites]).sum(axis=1)
    net: Floats = value + market.sigma * tastes - cost
    return net
