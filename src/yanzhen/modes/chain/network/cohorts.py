"""Cohorts: a lead enterprise and suppliers that are offered a site together.

Member m makes y_m a year of industry s(m); u_mj is its margin on output at site j less that of
staying, at the market's prices and with its calibrated constant. Alone it is worth

    V_j({m}) = y_m u_mj.

At one site members sell to one another what they would otherwise buy and sell farther away. Of
product k they trade

    T_jk(S) = min((Σ_{m∈S, s(m)≠k} a_k,s(m) y_m − E_jk)⁺, h_k Σ_{m∈S, s(m)=k} y_m),

what members of other industries need of it (a the domestic input coefficients) beyond what the
place already has to spare, E, and no more than members of industry k sell to industry (h_k, the
share of its output that industry takes). Each unit of that trade is worth γ to the seller and γ to
the buyer, as in `market.externality`, where γ is the margin gained when everything that an
industry buys from and sells to others moves with it:

    V_j(S) = Σ_{m∈S} y_m u_mj + 2 γ Σ_k T_jk(S).

The cohort's value beyond the sum of its members' is V_j(C) − Σ_m V_j({m}) = 2 γ Σ_k T_jk(C). Prices
and other enterprises' moves are taken as they are: a cohort is small beside the market.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit, logit

from yanzhen.accounts.panel import Floats
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.problem.choice import payoff_before_prices, stay_payoff, total_premium
from yanzhen.study.result_columns import columns

MOST_SUPPLIERS = 4
MOST_LEADS = 60
LEAST_INPUT = 0.01
"""Inputs below this share of the lead's output make no supplier."""
PROPOSALS = columns(
    """cohort industry origin members output site value alone beyond alone_best moves_together
    moves_alone strength_needed"""
)
"""Of the lead are `industry` and `origin`; `site` is the best. Money a year are `value`, `alone`
(sum of its members' at that site), `beyond` and `alone_best` (sum of what each gets at its own best
site, or nothing by staying). `moves_alone` counts members that would move by themselves;
`strength_needed` is the γ from which it moves together, worth as much as its members by
themselves, null where it trades nothing."""
MEMBERS = columns(
    "cohort role industry output input_share gain gain_alone chance_alone chance_together"
)
"""`role` is lead or supplier, `input_share` of the lead's output; margins are `gain`, at the
cohort's best site, and `gain_alone`, at its own best; the chances are of choosing the cohort's
site by itself, and with the others there."""
SITES = columns("cohort site value alone beyond")


@dataclass(frozen=True)
class Members:
    """What may be offered a site together.

    Attributes
    ----------
    output : (M,) y a year
    industry : (M,) position in a, h and E
    gain : (M, J) u, −inf where a site is refused
    """

    output: Floats
    industry: NDArray[np.int64]
    gain: Floats


@dataclass(frozen=True)
class Linkage:
    """What trade within a site is worth.

    Attributes
    ----------
    a : (S, S) domestic input coefficients
    sold : (S,) h, share of an industry's output that industry takes
    spare : (J, S) E
    strength : γ, margin on output
    """

    a: Floats
    sold: Floats
    spare: Floats
    strength: float


def trade_within(members: Members, chosen: Sequence[int], linkage: Linkage) -> Floats:
    """(J,) Σ_k T_jk of the chosen members at every site."""
    at = list(chosen)
    kinds = linkage.a.shape[0]
    made = np.bincount(members.industry[at], weights=members.output[at], minlength=kinds)
    used = linkage.a @ made - np.diag(linkage.a) * made
    beyond = np.maximum(used[None, :] - linkage.spare, 0.0)
    total: Floats = np.minimum(beyond, (linkage.sold * made)[None, :]).sum(axis=1)
    return total


def value(members: Members, chosen: Sequence[int], linkage: Linkage) -> Floats:
    """(J,) V_j of the chosen members at every site, −inf where one of them is refused."""
    at = list(chosen)
    alone: Floats = (members.output[at, None] * members.gain[at]).sum(axis=0)
    return alone + 2 * linkage.strength * trade_within(members, at, linkage)


def by_themselves(members: Members, chosen: Sequence[int]) -> Floats:
    """Margin of each chosen member at its own best site, or 0 by staying."""
    best: Floats = np.maximum(members.gain[list(chosen)].max(axis=1), 0.0)
    return best


def strength_needed(members: Members, chosen: Sequence[int], linkage: Linkage) -> float | None:
    """γ from which the chosen are worth as much together as each by itself; None without trade."""
    at = list(chosen)
    traded = trade_within(members, at, linkage)
    apart = (members.output[at, None] * members.gain[at]).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        short = np.maximum(members.output[at] @ by_themselves(members, at) - apart, 0.0)
        needed = np.where(traded > 0, short / (2 * traded), np.inf)
    least = float(needed.min())
    return least if np.isfinite(least) else None


@dataclass(frozen=True)
class Cohorts:
    """Cohorts, the best first."""

    proposals: Annotated[pl.DataFrame, PROPOSALS]
    members: Annotated[pl.DataFrame, MEMBERS]
    sites: Annotated[pl.DataFrame, SITES]


def market_members(cleared: ClearedStudy) -> Members:
    """The market's blocks as members, at its prices.

    One enterprise of a block where the study lists enterprises with their number; otherwise the
    part of the block that leaves by the plan.
    """
    market, choice = cleared.formulation.market, cleared.clearing.choice
    prices = cleared.clearing.prices
    staying = stay_payoff(market, prices)
    moving = payoff_before_prices(market) - market.needs @ total_premium(market, prices).T
    count = cleared.formulation.blocks["enterprises"].fill_null(np.nan).to_numpy()
    leaving = market.mass * choice.moving
    size = np.where(count > 0, market.mass / np.where(count > 0, count, 1.0), leaving)
    return Members(size, cleared.formulation.industry, moving - staying[:, None])


def _member(
    cleared: ClearedStudy,
    members: Members,
    chosen: list[int],
    m: int,
    linkage: Linkage,
    best: int,
) -> tuple[object, ...]:
    """One of the chosen, of whom the first leads, at the site that is best for all together."""
    lead, chance = chosen[0], float(cleared.clearing.choice.probability[m, best])
    drawn = _drawn(members, chosen, m, linkage)[best] / cleared.formulation.market.sigma
    return (
        "lead" if m == lead else "supplier",
        cleared.formulation.blocks["industry"][m],
        members.output[m],
        None if m == lead else linkage.a[members.industry[m], members.industry[lead]],
        members.gain[m, best],
        members.gain[m].max(),
        chance,
        float(expit(logit(chance) + drawn)),
    )


def cohorts(cleared: ClearedStudy, linkage: Linkage, industry: str | None = None) -> Cohorts:
    """Form a cohort around every lead and value it at every site.

    A lead is one of the largest members (of the industry asked for); its suppliers are members of
    the same origin in the industries whose input coefficient into the lead's is the largest, the
    largest member of each.

    Parameters
    ----------
    linkage : with a and h in the order of the market's industries
    industry : of the leads, all without it
    """
    formulation = cleared.formulation
    members = market_members(cleared)
    labels = formulation.blocks.select("industry", "origin").rows()
    names = formulation.room.sites["site"].to_list()
    leads = [
        int(m)
        for m in np.argsort(-members.output, kind="stable")
        if members.output[m] > 0 and (industry is None or labels[m][0] == industry)
    ][:MOST_LEADS]
    proposals: list[tuple[object, ...]] = []
    rows: list[tuple[object, ...]] = []
    sites: list[tuple[object, ...]] = []
    for lead in leads:
        chosen = [lead, *_suppliers(formulation.origin, members, linkage.a, lead)]
        together = value(members, chosen, linkage)
        if len(chosen) == 1 or not np.isfinite(together).any():
            continue
        code = f"{labels[lead][1]}:{labels[lead][0]}:{lead}"
        proposals.append((code, *labels[lead], *_proposal(members, chosen, linkage, names)))
        best = int(together.argmax())
        rows += [(code, *_member(cleared, members, chosen, m, linkage, best)) for m in chosen]
        alone = (members.output[chosen, None] * members.gain[chosen]).sum(axis=0)
        sites += [
            (code, names[j], together[j], alone[j], together[j] - alone[j])
            for j in np.flatnonzero(np.isfinite(together))
        ]
    table = PROPOSALS.frame(proposals).sort(
        "moves_together", pl.col("value") / pl.col("output"), "cohort",
        descending=[True, True, False],
    )  # fmt: skip
    return Cohorts(
        table,
        MEMBERS.frame(rows),
        SITES.frame(sites).sort("cohort", "value", "site", descending=[False, True, False]),
    )


def _proposal(
    members: Members, chosen: list[int], linkage: Linkage, names: list[str]
) -> tuple[object, ...]:
    """Columns of `proposals` from `members` on."""
    together = value(members, chosen, linkage)
    best = int(together.argmax())
    alone = float((members.output[chosen] * members.gain[chosen, best]).sum())
    own = by_themselves(members, chosen)
    return (
        len(chosen),
        float(members.output[chosen].sum()),
        names[best],
        float(together[best]),
        alone,
        float(together[best]) - alone,
        float(members.output[chosen] @ own),
        bool(together[best] > members.output[chosen] @ own),
        int((own > 0).sum()),
        strength_needed(members, chosen, linkage),
    )


def _drawn(members: Members, chosen: list[int], m: int, linkage: Linkage) -> Floats:
    """(J,) margin that a member gains by the others' being there: half of the trade it adds.

    The chance of a site of margin u is in its logit odds, which rise by the margin over σ.
    """
    others = [n for n in chosen if n != m]
    added = trade_within(members, chosen, linkage) - trade_within(members, others, linkage)
    gained: Floats = linkage.strength * added / members.output[m]
    return gained


def _suppliers(origin: NDArray[np.int64], members: Members, a: Floats, lead: int) -> list[int]:
    """The largest member of each industry that the lead buys most from, at the lead's origin."""
    s = members.industry[lead]
    found = []
    for k in np.argsort(-a[:, s], kind="stable"):
        if k == s or a[k, s] < LEAST_INPUT:
            continue
        there = np.flatnonzero((origin == origin[lead]) & (members.industry == k))
        there = there[members.output[there] > 0]
        if there.size:
            found.append(int(there[members.output[there].argmax()]))
        if len(found) == MOST_SUPPLIERS:
            break
    return found
