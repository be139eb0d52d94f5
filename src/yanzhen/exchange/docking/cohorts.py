"""With which other listed projects a project is worth more at one site than apart.

A cohort is a lead and its suppliers (`yanzhen.modes.chain.network.cohorts`): members that trade
with one another at a site would otherwise buy and sell farther away. A project is told of cohorts
with projects that its owner sees anyway: its own, and those listed by name. Of a confidential
project of another organisation nothing enters, not even the value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from yanzhen.accounts.panel import Floats
from yanzhen.exchange.docking.clearing import ExchangeClearing
from yanzhen.exchange.docking.offers import NotTaken
from yanzhen.exchange.docking.shortlists import as_block, terms_of_gain
from yanzhen.exchange.listings.kinds import Project
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.modes.chain.network.cohorts import (
    LEAST_INPUT,
    MOST_SUPPLIERS,
    Linkage,
    Members,
    by_themselves,
    strength_needed,
    value,
)

MOST = 5
"""Cohorts that are told."""


@dataclass(frozen=True)
class ListedCohort:
    """A cohort of listed projects at the site that is best for all of them together.

    Attributes
    ----------
    lead : identity of the listing
    suppliers : identities, those it buys most from first
    site : identity
    value, beyond : money of the study a year over staying, and how much of it comes of being
        together
    apart : what each gets at the site that is best for itself, or nothing by staying, in all
    together : whether it is worth more than apart
    strength_needed : γ from which it is, None where they would trade nothing
    """

    lead: str
    suppliers: tuple[str, ...]
    site: str
    value: float
    beyond: float
    apart: float
    together: bool
    strength_needed: float | None


def listed_cohorts(
    clearing: ExchangeClearing,
    inputs: StudyInputs,
    listing: str,
    projects: Iterable[tuple[str, Project]],
    linkage: Linkage,
    most: int = MOST,
) -> tuple[ListedCohort, ...]:
    """Return the cohorts that one project leads or supplies, that worth most beyond apart first.

    It leads one with the largest project of each industry that it buys most from, and supplies one
    with each project that buys from it.

    Parameters
    ----------
    listing : identity of the project, one of `projects`
    projects : that may be told of, and the project itself; what the market cannot take is left out
    linkage : at the sites of the clearing
    """
    names, members = _members(clearing, inputs, projects)
    if listing not in names:
        return ()
    this, a = names.index(listing), linkage.a
    industry = members.industry
    chosen = [[this, *_suppliers(members, a, this)]]
    chosen += [
        [lead, this]
        for lead in range(len(names))
        if lead != this
        and industry[lead] != industry[this]
        and a[industry[this], industry[lead]] >= LEAST_INPUT
    ]
    found = [_cohort(clearing, names, members, each, linkage) for each in chosen if len(each) > 1]
    told = [each for each in found if each is not None and each.beyond > 0]
    return tuple(sorted(told, key=lambda each: (-(each.value - each.apart), each.lead)))[:most]


def _members(
    clearing: ExchangeClearing, inputs: StudyInputs, projects: Iterable[tuple[str, Project]]
) -> tuple[list[str], Members]:
    """Projects with their margins over staying at every site, −inf where a rule closes it."""
    terrain = clearing.terrain
    sites = terrain.room.sites["site"]
    names: list[str] = []
    output: list[float] = []
    industry: list[int] = []
    gains: list[Floats] = []
    for listing, project in projects:
        try:
            _, blocks = as_block(inputs, terrain, listing, project)
        except NotTaken:
            continue
        refused = terrain.refused.filter(industry=project.industry)["site"]
        admitted = ~sites.is_in(refused.implode()).to_numpy()
        names.append(listing)
        output.append(float(blocks.frame["output"][0]))
        industry.append(int(blocks.industry[0]))
        gains.append(np.where(admitted, terms_of_gain(clearing, blocks).sum(axis=0), -np.inf))
    gain = np.array(gains).reshape(len(names), sites.len())
    return names, Members(np.array(output), np.array(industry, dtype=np.int64), gain)


def _suppliers(members: Members, a: Floats, lead: int) -> list[int]:
    """The largest member of each industry that a lead buys most from."""
    s = members.industry[lead]
    found: list[int] = []
    for k in np.argsort(-a[:, s], kind="stable"):
        if k == s or a[k, s] < LEAST_INPUT or len(found) == MOST_SUPPLIERS:
            continue
        there = np.flatnonzero(members.industry == k)
        if there.size:
            found.append(int(there[members.output[there].argmax()]))
    return found


def _cohort(
    clearing: ExchangeClearing,
    names: Sequence[str],
    members: Members,
    chosen: list[int],
    linkage: Linkage,
) -> ListedCohort | None:
    """A cohort at its best site; None where no site admits all of them."""
    together = value(members, chosen, linkage)
    if not np.isfinite(together).any():
        return None
    best = int(together.argmax())
    output = members.output[chosen]
    alone = float(output @ members.gain[chosen, best])
    apart = float(output @ by_themselves(members, chosen))
    return ListedCohort(
        names[chosen[0]],
        tuple(names[m] for m in chosen[1:]),
        clearing.terrain.room.sites["site"][best],
        float(together[best]),
        float(together[best]) - alone,
        apart,
        bool(together[best] > apart),
        strength_needed(members, chosen, linkage),
    )
