"""Where an enterprise would go: every site ranked at the prices that clear the market.

The logit choice of McFadden (1974), its payoffs and their terms those of the plan.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.market.plan.moves import TERMS
from yanzhen.market.problem.choice import total_premium
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.market import Prices
from yanzhen.market.problem.payoff_terms import PLACE_TERMS
from yanzhen.phrasebook import Language
from yanzhen.study.problem import Words


@dataclass(frozen=True)
class Enterprise:
    """Who asks where to go.

    Attributes
    ----------
    industry, origin : codes
    needs : resource to its need per unit of output and year; one that is not given is that of
        the industry at the origin
    costs : term of a factor (labour_cost, electricity_cost, land_cost) to what it costs the
        enterprise a year where it is now, share of output, wages as far as they differ between
        places; prices elsewhere are to those here as the study has them
    quoted : site to a term to what the enterprise would save there a year, share of output, by
        prices that it was quoted; it takes the place of the term
    added : site to a term to what it would save there beside the term
    """

    industry: str
    origin: str
    needs: dict[str, float] = field(default_factory=dict)
    costs: dict[str, float] = field(default_factory=dict)
    quoted: dict[str, dict[str, float]] = field(default_factory=dict)
    added: dict[str, dict[str, float]] = field(default_factory=dict)


class NotInMarket(Exception):
    """What an enterprise says of itself is nothing of the market: its seat, or a need."""

    def __init__(self, words: Words) -> None:
        self.words = words
        super().__init__(words[0])

    def text(self, language: Language) -> str:
        """Return the sentence in the language asked."""
        return self.words[language == "zh"]


class NoSuchSeat(NotInMarket):
    """No enterprise of the industry has its seat in the origin, or those there make nothing."""


class NoSuchNeed(NotInMarket):
    """A need is of a resource that the market does not limit."""


# Kept whole: a column each of what is said of a site.
def destinations(formulation: Formulation, prices: Prices, asked: Enterprise) -> pl.DataFrame:
    """Rank every site for an enterprise, staying included in the comparison.

    Returns
    -------
    rank (null where refused), site, region, gain (ū_ij − ū_i0, share of output), the terms of
    `yanzhen.market.plan.moves.TERMS` whose sum it is, probability (of a move there, among staying
    and all admitted sites), listing and rule (why the site is refused, null where it is not).

    Raises
    ------
    NoSuchSeat
        When no enterprise of the industry has its seat in the origin, or those there make
        nothing, so that no mean over them is defined.
    NoSuchNeed
        When a need is of a resource that the market does not limit.
    """
    market = formulation.market
    rows = _blocks(formulation, asked)
    weight = market.mass[rows] / market.mass[rows].sum()
    needs = _needs(formulation, rows, weight, asked)
    origin, industry = formulation.origin[rows[0]], formulation.industry[rows[0]]
    of_place = formulation.place_terms[:, formulation.place, industry]
    constant = np.append(prices.constants, 0.0)[market.calibration[rows[0]]]
    here: Floats = formulation.place_terms[:, origin, industry]
    posted: Floats = formulation.room.posted @ needs
    scarcity: Floats = total_premium(market, prices) @ needs
    per_output: Floats = weight @ formulation.payments.per_output[rows]
    paid: Floats = formulation.payments.at_site @ per_output
    rows_of_terms: list[Floats] = [
        _own_costs(of_place - here[:, None], here, asked),
        formulation.move_terms[:, origin],
        -posted,
        paid,
        -scarcity,
        np.full(formulation.place.size, -constant),
    ]
    terms: Floats = np.vstack(rows_of_terms)
    _take_quotes(terms, formulation.room.sites["site"].to_list(), asked)
    gain = terms.sum(axis=0)
    admitted = np.isfinite(market.base[market.cell[rows[0]]])
    ranked = formulation.room.sites.select("site", "region").with_columns(
        pl.Series("gain", gain),
        *(pl.Series(term, size) for term, size in zip(TERMS, terms, strict=True)),
        pl.Series("probability", _probability(gain, admitted, market.sigma)),
        pl.Series("admitted", admitted),
    )
    refused = formulation.refused.filter(pl.col("industry") == asked.industry)
    return (
        ranked.join(
            refused.unique("site", keep="first", maintain_order=True).select(
                "site", "listing", "rule"
            ),
            on="site",
            how="left",
            maintain_order="left",
        )
        .sort("admitted", "gain", "site", descending=[True, True, False])
        .with_columns(rank=pl.when("admitted").then(pl.int_range(1, pl.len() + 1, dtype=pl.Int64)))
        .select("rank", "site", "region", "gain", *TERMS, "probability", "listing", "rule")
    )


def _blocks(formulation: Formulation, asked: Enterprise) -> np.ndarray:
    blocks = formulation.blocks
    found: np.ndarray = np.flatnonzero(
        (blocks["industry"] == asked.industry) & (blocks["origin"] == asked.origin)
    )
    if not formulation.market.mass[found].sum() > 0:
        raise NoSuchSeat(
            (
                f"The plan has no enterprises of industry {asked.industry!r} in {asked.origin!r}.",
                f"方案中“{asked.origin}”没有行业“{asked.industry}”的企业。",
            )
        )
    return found


def _take_quotes(terms: Floats, sites: list[str], asked: Enterprise) -> None:
    """Put what an enterprise was quoted into the (terms, J) array."""
    for site, saved in asked.quoted.items():
        for term, saving in saved.items():
            terms[TERMS.index(term), sites.index(site)] = saving
    for site, saved in asked.added.items():
        for term, saving in saved.items():
            terms[TERMS.index(term), sites.index(site)] += saving


def _own_costs(differences: Floats, here: Floats, asked: Enterprise) -> Floats:
    """(6, J) terms of places, those of factors scaled from the industry's cost here to its own.

    A factor that the study has no price of here stays as it is: nothing.
    """
    own = differences.copy()
    for term, cost in asked.costs.items():
        place = PLACE_TERMS.index(term)
        if here[place]:
            own[place] *= cost / -here[place]
    return own


def _needs(formulation: Formulation, rows: np.ndarray, weight: Floats, asked: Enterprise) -> Floats:
    """(R,) need of each resource per unit of output."""
    needs: Floats = weight @ formulation.market.needs[rows]
    unknown = sorted(set(asked.needs) - set(formulation.room.resources))
    if unknown:
        listed = ", ".join(formulation.room.resources)
        raise NoSuchNeed(
            (
                f"{unknown[0]!r} is no limited resource of the plan; these are: {listed}.",
                f"“{unknown[0]}”不是方案中受限的资源；受限的有：{listed}。",
            )
        )
    for resource, need in asked.needs.items():
        needs[formulation.room.resources.index(resource)] = need
    return needs


def _probability(gain: Floats, admitted: np.ndarray, sigma: float) -> Floats:
    """(J,) logit choice among staying, which gains nothing, and the admitted sites."""
    shown = np.where(admitted, gain, -np.inf) / sigma
    best = max(float(shown.max(initial=0.0)), 0.0)
    weight = np.exp(shown - best)
    probability: Floats = weight / (np.exp(-best) + weight.sum())
    return probability
