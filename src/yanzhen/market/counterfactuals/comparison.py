"""Markets under scenarios, beside the baseline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.market.counterfactuals.counterfactual import at_constants
from yanzhen.market.counterfactuals.extensions import OPTIONS
from yanzhen.market.counterfactuals.policy_effects import (
    FLOWS,
    MACRO_REGIONS,
    PREMIUMS,
    REGIONS,
    RENTS,
    TOTALS,
    Change,
    change,
)
from yanzhen.market.counterfactuals.scenario_market import Outcome
from yanzhen.market.counterfactuals.subsidy_competition import (
    SUBSIDY_SITES,
    Subsidies,
    subsidy_table,
)
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.problem.choice import total_premium
from yanzhen.market.problem.tolerance import NOTHING
from yanzhen.study.ratios import ratio
from yanzhen.study.result_columns import columns
from yanzhen.study.short_repr import ShortRepr

PAIR = ["industry", "site"]


NAMED = columns("scenario")
SCENARIOS = NAMED | columns(
    """title_zh title_en note_zh note_en certified relative_excess_demand complementary_slackness
    duality_gap broken_gates converged"""
)
"""`converged` is null where no race."""
CHOSEN = NAMED | OPTIONS
SUBSIDIES = NAMED | columns("site rate arrivals outlay full rent_change capitalised")
"""`rate` is a share of output, the mean over what arrives; a site is full where a premium is paid;
`capitalised` is its share of the outlay, null where the site is not full or pays nothing."""
GATES = NAMED | columns("industry site change listing rule", change="text")
"""`change` is closed or opened."""
RACES = NAMED | columns(
    "localities waste equilibria starts failed_starts deviations_tried largest_gain"
)
"""`largest_gain` is of a deviation, share of the locality's welfare."""
REGIMES = NAMED | columns("regime welfare outlay arrivals rents highest converged")
"""`regime` is none, nash or coordinated; `highest` the subsidy, share of output."""
RACE_SITES = NAMED | SUBSIDY_SITES


@dataclass(frozen=True, repr=False)
class Comparison(ShortRepr):
    """Any number of scenarios beside the baseline; `change` is the scenario's − the baseline's.

    Attributes
    ----------
    totals : the measures of `Change.totals` with jobs_at_paying_places, cost_per_job (public money
        by job more at places that pay), capitalised (change of rents over that of subsidies) and
        capitalised_where_full (the same over sites that are full)
    flows, macro_regions, regions, prices, rents : as of `Change`
    """

    scenarios: Annotated[pl.DataFrame, SCENARIOS]
    totals: Annotated[pl.DataFrame, NAMED | TOTALS]
    macro_regions: Annotated[pl.DataFrame, NAMED | MACRO_REGIONS]
    regions: Annotated[pl.DataFrame, NAMED | REGIONS]
    flows: Annotated[pl.DataFrame, NAMED | FLOWS]
    prices: Annotated[pl.DataFrame, NAMED | PREMIUMS]
    rents: Annotated[pl.DataFrame, NAMED | RENTS]
    options: Annotated[pl.DataFrame, CHOSEN]
    subsidies: Annotated[pl.DataFrame, SUBSIDIES]
    gates: Annotated[pl.DataFrame, GATES]
    races: Annotated[pl.DataFrame, RACES]
    regimes: Annotated[pl.DataFrame, REGIMES]
    race_sites: Annotated[pl.DataFrame, RACE_SITES]


def compare(base: ClearedStudy, outcomes: Sequence[Outcome]) -> Comparison:
    """Put the markets of scenarios beside the baseline's."""
    before = at_constants(base)
    found = [(one, change(before, one.cleared)) for one in outcomes]

    def all_of(table: Callable[[Outcome, Change], pl.DataFrame]) -> pl.DataFrame:
        return pl.concat(_named(one, table(one, changes)) for one, changes in found)

    return Comparison(
        scenarios=SCENARIOS.frame(_described(one) for one in outcomes),
        totals=all_of(
            lambda one, changes: pl.concat(
                [changes.totals, _paying(before, one, changes), _incidence(before, one, changes)]
            )
        ),
        macro_regions=all_of(lambda _, changes: changes.macro_regions),
        regions=all_of(lambda _, changes: changes.regions),
        flows=all_of(lambda _, changes: changes.flows),
        prices=all_of(lambda _, changes: changes.prices),
        rents=all_of(lambda _, changes: changes.rents),
        options=all_of(
            lambda one, _: OPTIONS.frame() if one.options is None else one.options.chosen
        ),
        subsidies=all_of(lambda one, _: _subsidies(before, one)),
        gates=all_of(lambda one, _: _gates(before, one)),
        races=RACES.frame(row for one in outcomes for row in _races(one)),
        regimes=REGIMES.frame(row for one in outcomes for row in _regimes(one)),
        race_sites=all_of(lambda one, _: _race_sites(one)),
    )


def _named(one: Outcome, table: pl.DataFrame) -> pl.DataFrame:
    return table.select(pl.lit(one.scenario.name).alias("scenario"), pl.all())


def _described(one: Outcome) -> dict[str, object]:
    scenario, certificate = one.scenario, one.cleared.clearing.certificate
    return {
        "scenario": scenario.name,
        "title_zh": scenario.title_zh,
        "title_en": scenario.title_en,
        "note_zh": scenario.note_zh,
        "note_en": scenario.note_en,
        "certified": certificate.passed,
        "relative_excess_demand": certificate.relative_excess_demand,
        "complementary_slackness": certificate.complementary_slackness,
        "duality_gap": certificate.duality_gap,
        "broken_gates": certificate.broken_gates,
        "converged": None if one.chosen is None else one.chosen.converged,
    }


def _incidence(before: ClearedStudy, one: Outcome, changes: Change) -> pl.DataFrame:
    """What part of the subsidies the owners of room receive through higher prices."""
    more = dict(changes.totals.select("measure", "change").iter_rows())
    full = _subsidies(before, one).filter(pl.col("full"), pl.col("outlay") > 0)
    outlay = float(full["outlay"].sum())
    after = one.cleared
    moving = float(after.formulation.market.mass @ after.clearing.choice.moving)
    rents = float(full["rent_change"].sum())
    capitalised = None
    if more["subsidy"] is not None:
        capitalised = ratio(more["rents"], more["subsidy"], moving, NOTHING)
    return TOTALS.frame(
        [
            ("capitalised", None, capitalised, None),
            ("capitalised_where_full", None, ratio(rents, outlay, moving, NOTHING), None),
        ]
    )


def _gates(before: ClearedStudy, one: Outcome) -> pl.DataFrame:
    """Pairs that the scenario closes or opens, with the gate that does, or did."""
    was, now = before.formulation.refused, one.cleared.formulation.refused
    closed = now.join(was, on=PAIR, how="anti").with_columns(change=pl.lit("closed"))
    opened = was.join(now, on=PAIR, how="anti").with_columns(change=pl.lit("opened"))
    return (
        pl.concat([closed, opened]).select(*PAIR, "change", "listing", "rule").sort("change", *PAIR)
    )


def _races(one: Outcome) -> list[dict[str, object]]:
    found = one.race
    if found is None:
        return []
    return [
        {
            "scenario": one.scenario.name,
            "localities": found.nash.welfare.size,
            "waste": found.waste,
            "equilibria": found.equilibria.shape[0],
            "starts": found.starts,
            "failed_starts": found.failed_starts,
            "deviations_tried": found.deviations_tried,
            "largest_gain": found.largest_gain,
        }
    ]


def _regimes(one: Outcome) -> list[dict[str, object]]:
    if one.race is None:
        return []
    rows: list[dict[str, object]] = []
    for regime in ("none", "nash", "coordinated"):
        found: Subsidies = getattr(one.race, regime)
        prices, demand = found.clearing.prices.site, found.clearing.demand
        rows.append(
            {
                "scenario": one.scenario.name,
                "regime": regime,
                "welfare": float(found.welfare.sum()),
                "outlay": float(found.outlay.sum()),
                "arrivals": float(
                    one.cleared.formulation.market.mass
                    @ found.clearing.choice.probability.sum(axis=1)
                ),
                "rents": float((prices * demand).sum()),
                "highest": float(found.rates.max(initial=0.0)),
                "converged": found.converged,
            }
        )
    return rows


def _race_sites(one: Outcome) -> pl.DataFrame:
    if one.race is None:
        return SUBSIDY_SITES.frame()
    formulation = one.cleared.formulation
    return subsidy_table(formulation.market.mass, one.race, formulation.room.sites["site"])


def _paying(before: ClearedStudy, one: Outcome, changes: Change) -> pl.DataFrame:
    """Jobs at the places that pay, and what one more of them costs the public."""
    after = one.cleared
    subsidies = [k for k, p in enumerate(after.formulation.payments.policies) if p.pays]
    paying = (after.formulation.payments.at_site[:, subsidies] > 0).any(axis=1)
    jobs: list[float | None] = [
        None if jobs_at is None else float(jobs_at[paying].sum())
        for jobs_at in (_jobs_by_site(before), _jobs_by_site(after))
    ]
    money = dict(changes.totals.select("measure", "change").iter_rows())
    cost = None
    more = None
    if jobs[0] is not None and jobs[1] is not None:
        more = jobs[1] - jobs[0]
        if money["subsidy"] is not None:
            cost = ratio(money["subsidy"] - money["tax"], more, jobs[0] + jobs[1], NOTHING)
    return TOTALS.frame(
        [("jobs_at_paying_places", jobs[0], jobs[1], more), ("cost_per_job", None, cost, None)]
    )


def _jobs_by_site(cleared: ClearedStudy) -> Floats | None:
    """(J,) jobs that arrive, None where they are not known."""
    per_output = cleared.formulation.blocks["jobs_per_output"]
    if per_output.null_count():
        return None
    mass = cleared.formulation.market.mass * per_output.to_numpy()
    arriving: Floats = mass @ cleared.clearing.choice.probability
    return arriving


def _subsidies(before: ClearedStudy, one: Outcome) -> pl.DataFrame:
    """What each site pays arrivals on average, and how much of it becomes rent."""
    formulation, choice = one.cleared.formulation, one.cleared.clearing.choice
    paid = formulation.payments
    moving = formulation.market.mass[:, None] * choice.probability
    pays = [k for k, policy in enumerate(paid.policies) if policy.pays]
    outlay = (moving * (paid.per_output[:, pays] @ paid.at_site[:, pays].T)).sum(axis=0)
    arrivals = moving.sum(axis=0)
    rent, was = _rent_by_site(one.cleared), _rent_by_site(before)
    full = rent > 0
    return pl.DataFrame(
        {
            "site": formulation.room.sites["site"],
            "rate": np.divide(outlay, arrivals, out=np.zeros_like(outlay), where=arrivals > 0),
            "arrivals": arrivals,
            "outlay": outlay * formulation.money_per_size,
            "full": full,
            "rent_change": (rent - was) * formulation.money_per_size,
            "capitalised": np.divide(
                rent - was,
                outlay,
                out=np.full_like(outlay, np.nan),
                where=full & (outlay > NOTHING * arrivals),
            ),
        }
    ).with_columns(pl.col("capitalised", "outlay", "rent_change").fill_nan(None))


def _rent_by_site(cleared: ClearedStudy) -> Floats:
    """(J,) premiums that arrivals at each site pay, those of groups among them; money a year."""
    market, clearing = cleared.formulation.market, cleared.clearing
    total: Floats = (total_premium(market, clearing.prices) * clearing.demand).sum(axis=1)
    return total
