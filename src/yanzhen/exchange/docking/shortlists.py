"""What a clearing says to a project and to a site: where to go with reasons, and who may come.

A shortlist is its project's own. A site is told of likely projects what their owners allow, and who
they are only of those that are listed by name.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats, positions
from yanzhen.exchange.docking.clearing import ExchangeClearing
from yanzhen.exchange.docking.drawn import DrawnOutlook, drawn_outlook
from yanzhen.exchange.docking.listed_market import (
    ListedBlocks,
    Terrain,
    blocks_of_projects,
    logit_choice,
)
from yanzhen.exchange.docking.offers import PROJECTS, NotTaken, in_study, project_row
from yanzhen.exchange.listings.kinds import Fund, Project
from yanzhen.market.plan.moves import TERMS as TERMS_OF_MOVES
from yanzhen.market.problem.capacity import annuity
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study.coverage import regions_above
from yanzhen.study.quantiles import ENDS
from yanzhen.study.result_columns import columns

TERMS = tuple(term for term in TERMS_OF_MOVES if term != "inertia")
"""Terms whose sum a project gains at a site over staying; listed projects carry no inertia."""
MOST = 20
CHANGES = 0.01
"""Probability that a fund must add to be named."""


@dataclass(frozen=True)
class Shortlist:
    """Where a project would go.

    Attributes
    ----------
    sites : rank, site, region, kilometres, gain (margin on output), probability, each with its
        interval over the draws (_low, _high), the share of the draws in which the site is the best
        of all, the terms whose sum the gain is; the best first. Null without draws.
    refused : site, listing, rule of every site that a rule closes to it
    unevaluated : site, rule, requirement of those listed whose gates the study has no figure for
    staying, staying_low, staying_high : probability; NaN ends without draws
    draws : that the intervals are of
    output : that a margin is of, in the study's unit
    money_per_size : money of a margin of one on a unit of output; NaN where nothing tells
    """

    sites: pl.DataFrame
    refused: pl.DataFrame
    unevaluated: pl.DataFrame
    staying: float
    staying_low: float
    staying_high: float
    draws: int
    output: float
    money_per_size: float


@dataclass(frozen=True)
class Prospects:
    """Who may come to a site, (K,): project and probability, in the order of the identities."""

    projects: tuple[str, ...]
    probability: Floats


FUNDED = columns(
    "fund site added_probability added_margin",
    fund="text",
    added_probability="share",
    added_margin="share",
)
NOT_SCREENED = columns("fund reason", fund="text")
"""`reason` is no_investment, other_currency or grant_not_stated."""


@dataclass(frozen=True)
class FundScreen:
    """Which funds would change where a project goes: `FUNDED`, and `NOT_SCREENED` with why."""

    changing: pl.DataFrame
    not_screened: pl.DataFrame


# Kept wide: the clearing, the study, and the project.
def shortlist(
    clearing: ExchangeClearing,
    inputs: StudyInputs,
    listing: str,
    project: Project,
    most: int = MOST,
) -> Shortlist:
    """Rank the listed sites for a project at the clearing's prices.

    Parameters
    ----------
    inputs : of the study that was cleared over
    listing, project : identity and what it says now, whether or not it was in the clearing

    Raises
    ------
    NotTaken
        The market cannot take the project.
    """
    terrain = clearing.terrain
    asked, blocks = as_block(inputs, terrain, listing, project)
    room, terms = terrain.room, terms_of_gain(clearing, blocks)
    gain = terms.sum(axis=0)
    refused = terrain.refused.filter(industry=project.industry)
    admitted = ~room.sites["site"].is_in(refused["site"].implode()).to_numpy()
    probability, staying = logit_choice(gain, admitted, clearing.sigma)
    best = np.argsort(np.where(admitted, -gain, np.inf), kind="stable")[:most]
    best = best[admitted[best]]
    drawn = drawn_outlook(clearing.drawn, inputs, terrain, asked, blocks, admitted)
    low, high = _ends(drawn.staying[:, None])
    sites = pl.DataFrame(
        {
            "rank": np.arange(1, best.size + 1),
            "site": room.sites["site"].gather(best),
            "region": room.sites["region"].gather(best),
            "kilometres": terrain.kilometres[int(blocks.origin[0]), best],
            **_with_ends("gain", gain[best], drawn.gain[:, best]),
            **_with_ends("probability", probability[best], drawn.probability[:, best]),
            "first_share": _first_share(drawn, admitted)[best],
            **{term: terms[k, best] for k, term in enumerate(TERMS)},
        }
    ).with_columns(pl.selectors.float().fill_nan(None))
    unevaluated = terrain.unevaluated.filter(
        pl.col("industry") == project.industry, pl.col("site").is_in(sites["site"].implode())
    )
    return Shortlist(
        sites,
        refused.select("site", "listing", "rule"),
        unevaluated.select("site", "rule", "requirement"),
        staying,
        float(low[0]),
        float(high[0]),
        drawn.staying.size,
        float(blocks.frame["output"][0]),
        inputs.study.about.measured_by.money_per_size,
    )


def as_block(
    inputs: StudyInputs, terrain: Terrain, listing: str, project: Project
) -> tuple[pl.DataFrame, ListedBlocks]:
    """Return one project as `PROJECTS` and as a block.

    Raises
    ------
    NotTaken
        The market cannot take it.
    """
    row = project_row(listing, project, inputs.study, terrain.regions, terrain.industries)
    asked = pl.DataFrame([row], schema=PROJECTS)
    blocks = blocks_of_projects(inputs, terrain, asked)
    if blocks.frame.is_empty():
        raise NotTaken("need_unknown", ", ".join(blocks.left_out["resource"]))
    return asked, blocks


def prospects(clearing: ExchangeClearing, site: str) -> Prospects:
    """Return the projects that may come to a site, all of them by identity.

    For who asks on behalf of a site these still have to be told apart by what they may be told.
    """
    terrain, room = clearing.terrain, clearing.terrain.room
    sites = room.sites["site"].to_list()
    if site not in sites:
        return Prospects((), np.zeros(0))
    j = sites.index(site)
    place = terrain.regions.index(room.sites["region"][j])
    payoff = (
        terrain.place_terms[:, place].sum(axis=0)[clearing.industry]
        + terrain.move_terms[:, :, j].sum(axis=0)[clearing.origin]
        - clearing.needs @ (room.posted[j] + clearing.premium[j])
        + clearing.paid @ terrain.at_site[j]
    )
    barred = terrain.refused.filter(site=site)["industry"].to_list()
    closed = np.isin(np.array(terrain.industries)[clearing.industry], barred)
    probability = np.where(closed, 0.0, np.exp((payoff - clearing.inclusive) / clearing.sigma))
    projects = clearing.projects["project"]
    likely = np.flatnonzero(probability > 0)
    likely = likely[np.argsort(projects.gather(likely).to_numpy(), kind="stable")]
    return Prospects(tuple(projects.gather(likely)), probability[likely])


def funds_that_change(
    found: Shortlist, inputs: StudyInputs, project: Project, funds: list[tuple[str, Fund]]
) -> FundScreen:
    """Screen which funds would change where a project goes: P(support) − P(0) at these prices.

    The support's grant equivalent, as a yearly share of output, raises the payoff of one site in
    the fund's region at a time. Prices are held, so that the screen overstates what many supported
    projects would do together. A fund that does not support the project's industry is neither
    screened nor named.
    """
    rows, left_out = [], []
    for listing, fund in funds:
        if fund.industries and project.industry not in fund.industries:
            continue
        try:
            margin = _margin(found, inputs, project, fund)
        except NotTaken as why:
            left_out.append({"fund": listing, "reason": str(why)})
        else:
            rows += _changed(found, inputs, listing, fund, margin)
    changing = FUNDED.frame(rows)
    return FundScreen(
        changing.sort("added_probability", "fund", "site", descending=[True, False, False]),
        NOT_SCREENED.frame(left_out),
    )


def _margin(found: Shortlist, inputs: StudyInputs, project: Project, fund: Fund) -> float:
    """What a fund's support is worth a year, as a share of output.

    Raises
    ------
    NotTaken
        Neither project nor study tells, or one is in another currency.
    """
    if project.investment is None or not np.isfinite(found.money_per_size):
        raise NotTaken("no_investment")
    if fund.grant_equivalent is None:
        raise NotTaken("grant_not_stated")
    values, study = inputs.values, inputs.study
    investment = in_study(project.investment, project.investment_unit, study)
    most = fund.size if fund.most is None else min(fund.most, fund.size)
    support = min(investment, in_study(most, fund.unit, study))
    spread = annuity(values["annualisation_rate"], values["annualisation_years"])
    return fund.grant_equivalent * support * spread / (found.output * found.money_per_size)


def _changed(
    found: Shortlist, inputs: StudyInputs, listing: str, fund: Fund, margin: float
) -> list[dict[str, object]]:
    """Rows of `FUNDED` of one fund."""
    above = regions_above(inputs.study.tables["regions"])
    rows: list[dict[str, object]] = []
    for site, region, before in found.sites.select("site", "region", "probability").iter_rows():
        if fund.region and fund.region not in (region, *above.get(region, ())):
            continue
        lifted = before * np.exp(min(margin / inputs.values["sigma"], 700.0))
        added = lifted / (1 - before + lifted) - before
        if added >= CHANGES:
            rows.append(
                {
                    "fund": listing,
                    "site": site,
                    "added_probability": added,
                    "added_margin": margin,
                }
            )
    return rows


def terms_of_gain(clearing: ExchangeClearing, blocks: ListedBlocks) -> Floats:
    """(12, J) terms of the gain of one project at each site, in the order of `TERMS`."""
    terrain, room = clearing.terrain, clearing.terrain.room
    n, s, needs = int(blocks.origin[0]), int(blocks.industry[0]), blocks.needs[0]
    place = positions(room.sites["region"], terrain.regions)
    return np.vstack(
        [
            terrain.place_terms[:, place, s] - terrain.place_terms[:, [n], s],
            terrain.move_terms[:, n],
            -(room.posted @ needs),
            terrain.at_site @ blocks.paid[0],
            -(clearing.premium @ needs),
        ]
    )


def _ends(drawn: Floats) -> tuple[Floats, Floats]:
    """(K,) ends of the intervals of (D, K) drawn figures; NaN without draws."""
    if not drawn.shape[0]:
        return np.full(drawn.shape[1], np.nan), np.full(drawn.shape[1], np.nan)
    low, high = np.quantile(drawn, ENDS, axis=0)
    return low, high


def _with_ends(name: str, figure: Floats, drawn: Floats) -> dict[str, Floats]:
    low, high = _ends(drawn)
    return {name: figure, f"{name}_low": low, f"{name}_high": high}


def _first_share(drawn: DrawnOutlook, admitted: np.ndarray) -> Floats:
    """(J,) share of the draws in which a site is the best that is admitted; NaN without draws."""
    if not drawn.gain.shape[0]:
        return np.full(admitted.size, np.nan)
    gain = np.where(admitted, drawn.gain, -np.inf)
    share: Floats = (gain >= gain.max(axis=1, keepdims=True)).mean(axis=0)
    return share
