"""Markets under scenarios, beside the baseline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.market.counterfactuals.counterfactual import at_constants
from yanzhen.market.counterfactuals.policy_effects import Change, change
from yanzhen.market.counterfactuals.scenario_market import Outcome
from yanzhen.market.counterfactuals.subsidy_competition import Subsidies, subsidy_table
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.problem.choice import total_premium
from yanzhen.market.problem.tolerance import NOTHING
from yanzhen.study.ratios import ratio

PAIR = ["industry", "site"]
REGIMES = ("none", "nash", "coordinated")


@dataclass(frozen=True)
class Comparison:
    """Any number of scenarios beside the baseline; `change` is the scenario's − the baseline's.

    Attributes
    ----------
    scenarios : scenario, title_zh, title_en, note_zh, note_en, certified, relative_excess_demand,
        complementary_slackness, duality_gap, broken_gates, converged (null where no race)
    totals : scenario, measure, before, after, change; the measures of `Change.totals` with
        jobs_at_paying_places, cost_per_job (public money by job more at places that pay),
        capitalised (change of rents over that of subsidies) and capitalised_where_full (the same
        over sites that are full)
    macro_regions : scenario, macro_region, before, after, change; net arrivals
    regions : scenario, region, before, after, change
    flows : scenario, industry, origin, destination, before, after, change
    prices : scenario, place, place_kind, resource, before, after, change
    rents : scenario, recipient, before, after, change
    options : scenario, industry, option, output
    subsidies : scenario, site, rate (share of output, mean over what arrives), arrivals, outlay,
        full (whether a premium is paid there), rent_change, capitalised (its share of the outlay,
        null where the site is not full or pays nothing)
    gates : scenario, industry, site, change (closed | opened), listing, rule
    races : scenario, localities, waste, equilibria, starts, failed_starts, deviations_tried,
        largest_gain (of a deviation, share of the locality's welfare)
    regimes : scenario, regime (none | nash | coordinated), welfare, outlay, arrivals, rents,
        highest (subsidy, share of output), converged
    race_sites : scenario, site, regime, subsidy, arrivals, outlay, rents
    """

    scenarios: pl.DataFrame
    totals: pl.DataFrame
    macro_regions: pl.DataFrame
    regions: pl.DataFrame
    flows: pl.DataFrame
    prices: pl.DataFrame
    rents: pl.DataFrame
    options: pl.DataFrame
    subsidies: pl.DataFrame
    gates: pl.DataFrame
    races: pl.DataFrame
    regimes: pl.DataFrame
    race_sites: pl.DataFrame


def compare(base: ClearedStudy, outcomes: Sequence[Outcome]) -> Comparison:
    """Put the markets of scenarios beside the baseline's."""
    before = at_constants(base)
    found = [(one, change(before, one.cleared)) for one in outcomes]

    def all_of(table: Callable[[Change], pl.DataFrame]) -> pl.DataFrame:
        return pl.concat(
            [
                table(changes).select(pl.lit(one.scenario.name).alias("scenario"), pl.all())
                for one, changes in found
            ]
        )

    return Comparison(
        scenarios=pl.DataFrame([_described(one) for one in outcomes], schema=_SCENARIOS),
        totals=pl.concat(
            [
                pl.concat(
                    [
                        changes.totals,
                        _paying(before, one, changes),
                        _incidence(before, one, changes),
                    ]
                ).select(pl.lit(one.scenario.name).alias("scenario"), pl.all())
                for one, changes in found
            ]
        ),
        macro_regions=all_of(lambda changes: changes.macro_regions),
        regions=all_of(lambda changes: changes.regions),
        flows=all_of(lambda changes: changes.flows),
        prices=all_of(lambda changes: changes.prices),
        rents=all_of(lambda changes: changes.rents),
        options=pl.concat([_chosen_options(one) for one in outcomes]),
        subsidies=pl.concat([_subsidies(before, one) for one in outcomes]),
        gates=pl.concat([_gates(before, one) for one in outcomes]),
        races=pl.DataFrame([row for one in outcomes for row in _races(one)], schema=_RACES),
        regimes=pl.DataFrame([row for one in outcomes for row in _regimes(one)], schema=_REGIMES),
        race_sites=pl.concat([_race_sites(one) for one in outcomes]),
    )


_SCENARIOS = {
    **dict.fromkeys(("scenario", "title_zh", "title_en", "note_zh", "note_en"), pl.String),
    "certified": pl.Boolean,
    **dict.fromkeys(
        ("relative_excess_demand", "complementary_slackness", "duality_gap"), pl.Float64
    ),
    "broken_gates": pl.Int64,
    "converged": pl.Boolean,
}
_RACES = {
    "scenario": pl.String,
    "localities": pl.Int64,
    "waste": pl.Float64,
    **dict.fromkeys(("equilibria", "starts", "failed_starts", "deviations_tried"), pl.Int64),
    "largest_gain": pl.Float64,
}
_REGIMES = {
    "scenario": pl.String,
    "regime": pl.String,
    **dict.fromkeys(("welfare", "outlay", "arrivals", "rents", "highest"), pl.Float64),
    "converged": pl.Boolean,
}


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
    shares: list[tuple[str, None, float | None, None]] = [
        (
            "capitalised",
            None,
            ratio(more["rents"], more["subsidy"], moving, NOTHING),
            None,
        ),
        (
            "capitalised_where_full",
            None,
            ratio(float(full["rent_change"].sum()), outlay, moving, NOTHING),
            None,
        ),
    ]
    return pl.DataFrame(shares, schema=changes.totals.schema, orient="row")


def _gates(before: ClearedStudy, one: Outcome) -> pl.DataFrame:
    """Pairs that the scenario closes or opens, with the gate that does, or did."""
    was, now = before.formulation.refused, one.cleared.formulation.refused
    closed = now.join(was, on=PAIR, how="anti").with_columns(change=pl.lit("closed"))
    opened = was.join(now, on=PAIR, how="anti").with_columns(change=pl.lit("opened"))
    return (
        pl.concat([closed, opened])
        .select(pl.lit(one.scenario.name).alias("scenario"), *PAIR, "change", "listing", "rule")
        .sort("change", *PAIR)
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
    for regime in REGIMES:
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
    schema = {"scenario": pl.String, "site": pl.String, "regime": pl.String} | dict.fromkeys(
        ("subsidy", "arrivals", "outlay", "rents"), pl.Float64
    )
    if one.race is None:
        return pl.DataFrame(schema=schema)
    formulation = one.cleared.formulation
    table = subsidy_table(formulation.market.mass, one.race, formulation.room.sites["site"])
    return table.select(pl.lit(one.scenario.name).alias("scenario"), *list(schema)[1:])


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
        cost = ratio(money["subsidy"] - money["tax"], more, jobs[0] + jobs[1], NOTHING)
    return pl.DataFrame(
        [("jobs_at_paying_places", jobs[0], jobs[1], more), ("cost_per_job", None, cost, None)],
        schema=changes.totals.schema,
        orient="row",
    )


def _jobs_by_site(cleared: ClearedStudy) -> Floats | None:
    """(J,) jobs that arrive, None where they are not known."""
    per_output = cleared.formulation.blocks["jobs_per_output"]
    if per_output.null_count():
        return None
    mass = cleared.formulation.market.mass * per_output.to_numpy()
    arriving: Floats = mass @ cleared.clearing.choice.probability
    return arriving


def _chosen_options(one: Outcome) -> pl.DataFrame:
    if one.options is None:
        return pl.DataFrame(
            schema={
                "scenario": pl.String,
                "industry": pl.String,
                "option": pl.String,
                "output": pl.Float64,
            }
        )
    return one.options.chosen.select(pl.lit(one.scenario.name).alias("scenario"), pl.all())


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
            "scenario": [one.scenario.name] * arrivals.size,
            "site": formulation.room.sites["site"],
            "rate": np.divide(outlay, arrivals, out=np.zeros_like(outlay), where=arrivals > 0),
            "arrivals": arrivals,
            "outlay": outlay,
            "full": full,
            "rent_change": rent - was,
            "capitalised": np.divide(
                rent - was,
                outlay,
                out=np.full_like(outlay, np.nan),
                where=full & (outlay > NOTHING * arrivals),
            ),
        }
    ).with_columns(pl.col("capitalised").fill_nan(None))


def _rent_by_site(cleared: ClearedStudy) -> Floats:
    """(J,) premiums that arrivals at each site pay, those of groups among them; money a year."""
    market, clearing = cleared.formulation.market, cleared.clearing
    total: Floats = (total_premium(market, clearing.prices) * clearing.demand).sum(axis=1)
    return total
