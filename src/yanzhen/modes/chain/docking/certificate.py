"""Whether prices clear a market of pairs and its lists are the best: a check by code of its own.

Scores are added up again from their terms in NumPy, choices and sums of them too; that nobody
better was left out is seen by looking at every supplier for a sample of the needs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yanzhen.market.problem.market import Floats
from yanzhen.modes.chain.docking.clearing import DockingMarket
from yanzhen.modes.chain.docking.parties import Needs, Parties
from yanzhen.modes.chain.docking.weights import TERMS, DockingWeights

SAMPLE = 500


@dataclass(frozen=True)
class DockingCertificate:
    """Distance of docking lists from what they should be.

    Attributes
    ----------
    supplier_excess : max (sold − spare)⁺ / spare at the prices, before sales are cut to it
    slackness : max (spare − sold)⁺ / spare of a priced supplier, weighed by min(1, price / mean)
    duality_gap : (dual − value of the pairs after the cut) over the dual, which is what pairs are
        worth to buyers and suppliers together
    oversold, overbought : max excess over spare and over needs in the tables, after the cut
    left_out_share : pairs that beat a listed one and are not listed, over the best of all
    regret : the most by which one of them does, margin on the goods
    sampled_needs : needs for which every supplier was looked at
    sampled_regret : the most by which a supplier not listed beats a listed one among them
    indifference : what `regret` and `sampled_regret` must not exceed
    tolerance : what each other check must not exceed
    """

    supplier_excess: float
    slackness: float
    duality_gap: float
    oversold: float
    overbought: float
    left_out_share: float
    regret: float
    sampled_needs: int
    sampled_regret: float
    indifference: float
    tolerance: float

    @property
    def checks(self) -> dict[str, tuple[float, float]]:
        """The measures that decide, each with what it must not exceed."""
        return {
            "supplier_excess": (self.supplier_excess, self.tolerance),
            "slackness": (self.slackness, self.tolerance),
            "duality_gap": (abs(self.duality_gap), self.tolerance),
            "oversold": (self.oversold, 1e-12),
            "overbought": (self.overbought, 1e-12),
            "regret": (self.regret, self.indifference),
            "sampled_regret": (self.sampled_regret, self.indifference),
        }

    @property
    def passed(self) -> bool:
        """Whether every check holds; no number is a failure."""
        return all(value <= bound for value, bound in self.checks.values())


@dataclass(frozen=True)
class Flows:
    """What is traded on the listed pairs.

    Attributes
    ----------
    row : (n,) need of every listed pair
    net : (n,) score less price
    share : (n,) of the need
    inclusive : (I,) σ log Σ exp(net / σ), what a unit of the need is worth beyond its present
        supplier: the price of the need
    scale : (P,) share of what is wanted of a supplier that it can spare
    amount : (n,) money a year, cut to what suppliers can spare
    """

    row: NDArray[np.int64]
    net: Floats
    share: Floats
    inclusive: Floats
    scale: Floats
    amount: Floats


def terms_of(
    parties: Parties,
    needs: Needs,
    weights: DockingWeights,
    row: NDArray[np.int64],
    supplier: NDArray[np.int64],
) -> dict[str, Floats]:
    """(n,) the terms of pairs by name, in the order in which the score adds them up."""
    buyer = needs.buyer[row]
    apart = np.abs(parties.log_size[buyer] - parties.log_size[supplier])
    found = (
        np.full(row.size, -weights.present),
        weights.input_share * needs.share[row],
        weights.coverage * np.minimum(1.0, parties.spare[supplier] / needs.amount[row]),
        0.0 - weights.size * np.where(np.isnan(apart), 0.0, apart),
        0.0 - parties.freight[parties.region[supplier], parties.region[buyer]],
    )
    return dict(zip(TERMS, found, strict=True))


def net_of(terms: dict[str, Floats], price: Floats) -> Floats:
    """(n,) terms added up in order, less the price."""
    total = terms[TERMS[0]]
    for name in TERMS[1:]:
        total = total + terms[name]
    net: Floats = total - price
    return net


def flows_of(market: DockingMarket) -> Flows:
    """Choices of every need at the prices, cut to what suppliers can spare."""
    parties, needs, sigma = market.parties, market.needs, market.weights.sigma
    start, supplier = market.listed.start, market.listed.site
    count = np.diff(start)
    row = np.repeat(np.arange(count.size), count)
    terms = terms_of(parties, needs, market.weights, row, supplier.astype(np.int64))
    net = net_of(terms, market.price[supplier])
    del terms
    top, total = np.zeros(count.size), np.zeros(count.size)
    filled = np.flatnonzero(count)
    top[filled] = np.maximum(np.maximum.reduceat(net, start[filled]), 0.0)
    share = np.exp((net - top[row]) / sigma)
    total[filled] = np.add.reduceat(share, start[filled])
    total += np.exp(-top / sigma)
    share /= total[row]
    amount = needs.amount[row] * share
    wanted = np.bincount(supplier, amount, parties.spare.size)
    scale = np.minimum(1.0, parties.spare / np.where(wanted > 0, wanted, 1.0))
    scale = np.where(wanted > 0, scale, 1.0)
    return Flows(row, net, share, top + sigma * np.log(total), scale, amount * scale[supplier])


def certify_docking(
    market: DockingMarket, flows: Flows, indifference: float, tolerance: float
) -> DockingCertificate:
    """Measure how far prices and lists are from clearing and from being the best."""
    parties, needs, sigma = market.parties, market.needs, market.weights.sigma
    supplier = market.listed.site
    mass = needs.amount
    wanted = np.bincount(supplier, mass[flows.row] * flows.share, parties.spare.size)
    offers = (parties.spare > 0) & (wanted > 0)
    room, price = parties.spare[offers], market.price[offers]
    used = wanted[offers] / room
    priced = price[price > 0]
    weight = np.minimum(1.0, price / priced.mean()) if priced.size else price
    kept = flows.share * flows.scale[supplier]
    home = np.maximum(1.0 - np.bincount(flows.row, kept, mass.size), 0.0)
    before = np.where(kept > 0, flows.net + market.price[supplier], 0.0)
    entropy = kept * np.log(np.where(kept > 0, kept, 1.0))
    at_home = home * np.log(np.where(home > 0, home, 1.0))
    value = float(mass[flows.row] @ (kept * before - sigma * entropy)) - sigma * float(
        mass @ at_home
    )
    dual = float(mass @ flows.inclusive) + float(parties.spare @ market.price)
    sold = np.bincount(supplier, flows.amount, parties.spare.size)
    bought = np.bincount(flows.row, flows.amount, mass.size)
    rows = _sampled(mass.size)
    return DockingCertificate(
        supplier_excess=float((used - 1.0).max(initial=0.0)),
        slackness=float((weight * (1.0 - used)).max(initial=0.0)),
        duality_gap=(dual - value) / dual if dual > 0 else dual - value,
        oversold=float((sold[offers] / room - 1.0).max(initial=0.0)),
        overbought=float((bought / mass - 1.0).max(initial=0.0)),
        left_out_share=market.left_out / max(market.wanted, 1),
        regret=market.regret,
        sampled_needs=rows.size,
        sampled_regret=max((_regret(market, flows, int(i)) for i in rows), default=0.0),
        indifference=indifference,
        tolerance=tolerance,
    )


def _sampled(count: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, count - 1, min(SAMPLE, count)).astype(np.int64))


def _regret(market: DockingMarket, flows: Flows, i: int) -> float:
    """The most by which any supplier not listed beats the worst of the best listed for a need."""
    parties, needs = market.parties, market.needs
    may = (
        (parties.industry == needs.input[i])
        & (parties.spare > 0)
        & np.isfinite(parties.freight[parties.region, parties.region[needs.buyer[i]]])
    )
    may[needs.buyer[i]] &= not parties.single[needs.buyer[i]]
    entries = slice(market.listed.start[i], market.listed.start[i + 1])
    listed = market.listed.site[entries]
    may[listed] = False
    others = np.flatnonzero(may)
    if not others.size:
        return 0.0
    terms = terms_of(parties, needs, market.weights, np.full(others.size, i), others)
    best = float(net_of(terms, market.price[others]).max())
    nets = np.sort(flows.net[entries])[::-1]
    if nets.size < market.most:
        return np.inf
    return max(best - float(nets[market.most - 1]), 0.0)
