"""Markets under scenarios, beside the baseline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.advantage.attraction import attraction_by_decay
from yanzhen.market.clearing import clear
from yanzhen.market.counterfactual import Equilibrium, Given, at_constants, counterfactual
from yanzhen.market.departures import macro_regions
from yanzhen.market.instruments import Change, change
from yanzhen.market.localities import contest
from yanzhen.market.options import OptionOutcome, with_options
from yanzhen.market.policies import SUBSIDIES, Payments, Policy
from yanzhen.market.race import Subsidies, equilibrium
from yanzhen.market.scenario import Competition, Scenario, policy_rows
from yanzhen.study import Problem, Study, StudyError
from yanzhen.study.problem import nearest

RATES_TOLERANCE = 1e-8
"""How exactly subsidies that localities choose are found, share of output."""


@dataclass(frozen=True)
class Outcome:
    """A scenario's market.

    Attributes
    ----------
    scenario : what differs
    given : the changed study and parameters
    equilibrium : its market, cleared at the baseline's constants
    chosen : subsidies that the localities chose, None where they don't
    options : who does what where options are open, None where they aren't; the other figures of a
        scenario are those without them
    """

    scenario: Scenario
    given: Given
    equilibrium: Equilibrium
    chosen: Subsidies | None
    options: OptionOutcome | None


@dataclass(frozen=True)
class Comparison:
    """Any number of scenarios beside the baseline; `change` is the scenario's − the baseline's.

    Attributes
    ----------
    scenarios : scenario, title_zh, title_en, note_zh, note_en, tolerance and checks of the
        certificate's passing (certified), converged (null where no race)
    totals : scenario, measure, before, after, change; the measures of `Change.totals` with
        jobs_at_paying_places and cost_per_job (public money by job more at places that pay)
    macro_regions : scenario, macro_region, before, after, change; net arrivals
    regions : scenario, region, before, after, change
    flows : scenario, industry, origin, destination, before, after, change
    prices : scenario, place, place_kind, resource, before, after, change
    rents : scenario, recipient, before, after, change
    options : scenario, industry, option, output
    subsidies : scenario, site, rate (share of output, mean over what arrives), arrivals, outlay
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


def run_scenario(scenario: Scenario, given: Given, base: Equilibrium) -> Outcome:
    """Clear the market of a scenario at the constants of the baseline.

    Raises
    ------
    StudyError
        When the scenario names a parameter, policy or macro-region that the study has not.
    yanzhen.market.clearing.NotCleared
        When prices that clear its market were not found.
    """
    other = changed(scenario, given)
    found, chosen = counterfactual(other, base), None
    if scenario.race is not None and not scenario.no_place_may_pay:
        found, chosen = _with_race(scenario.race, other, found)
    options = None
    if scenario.options is not None:
        options = with_options(other, found, scenario.options)
    return Outcome(scenario, other, found, chosen, options)


def compare(given: Given, base: Equilibrium, outcomes: Sequence[Outcome]) -> Comparison:
    """Put the markets of scenarios beside the baseline's."""
    before = at_constants(base)
    found = [
        (one, change(given.study, before, one.equilibrium, one.given.parameters))
        for one in outcomes
    ]

    def all_of(table: Callable[[Change], pl.DataFrame]) -> pl.DataFrame:
        return pl.concat(
            [
                table(changes).select(pl.lit(one.scenario.name).alias("scenario"), pl.all())
                for one, changes in found
            ]
        )

    return Comparison(
        scenarios=pl.DataFrame(
            [_described(one) for one in outcomes],
            schema={
                "scenario": pl.String,
                "title_zh": pl.String,
                "title_en": pl.String,
                "note_zh": pl.String,
                "note_en": pl.String,
                "certified": pl.Boolean,
                "converged": pl.Boolean,
            },
            orient="row",
        ),
        totals=pl.concat(
            [
                pl.concat([changes.totals, _paying(before, one, changes)]).select(
                    pl.lit(one.scenario.name).alias("scenario"), pl.all()
                )
                for one, changes in found
            ]
        ),
        macro_regions=all_of(lambda changes: changes.macro_regions),
        regions=all_of(lambda changes: changes.regions),
        flows=all_of(lambda changes: changes.flows),
        prices=all_of(lambda changes: changes.prices),
        rents=all_of(lambda changes: changes.rents),
        options=pl.concat([_chosen_options(one) for one in outcomes]),
        subsidies=pl.concat([_subsidies(one) for one in outcomes]),
    )


def changed(scenario: Scenario, given: Given) -> Given:
    """The study and parameters of a scenario.

    Raises
    ------
    StudyError
        When the scenario names a parameter, policy or macro-region that the study has not.
    """
    _known(scenario, given)
    policies = given.study.tables["policies"].filter(
        ~pl.col("policy").is_in(list(scenario.without))
    )
    rows = [
        {**row, "policy": f"{row['policy']}:{region}", "place": region}
        if "macro_region" in row
        else row
        for row in scenario.policies
        for region in _regions(given, row.get("macro_region"))
    ]
    policies = pl.concat([policies, policy_rows(list(rows))])
    if scenario.no_place_may_pay:
        policies = policies.filter(~pl.col("instrument").is_in(SUBSIDIES))
    study = replace(given.study, tables={**given.study.tables, "policies": policies})
    parameters = {**given.parameters, **scenario.parameters}
    offered = given.offered
    if parameters["access_decay"] != given.parameters["access_decay"]:
        offered = attraction_by_decay(study, given.panel, offered)(parameters["access_decay"])
    return replace(given, study=study, parameters=parameters, offered=offered)


def _regions(given: Given, macro_region: object) -> list[str | None]:
    """Leaf regions of a macro-region; one row of its own without one."""
    if macro_region is None:
        return [None]
    regions = given.panel.regions
    of = macro_regions(given.study, regions)
    return [region for region, macro in zip(regions, of, strict=True) if macro == macro_region]


def _known(scenario: Scenario, given: Given) -> None:
    macro = sorted(set(macro_regions(given.study, given.panel.regions)))
    named = [row["macro_region"] for row in scenario.policies if "macro_region" in row]
    if scenario.race is not None and scenario.race.macro_region is not None:
        named.append(scenario.race.macro_region)
    policies = given.study.tables["policies"]["policy"].to_list()
    problems = [
        _stranger(scenario, column, str(found), known)
        for column, names, known in (
            ("parameters", list(scenario.parameters), list(given.parameters)),
            ("macro_region", named, macro),
            ("without", list(scenario.without), policies),
            ("place", _places(scenario), _all_places(given.study)),
        )
        for found in names
        if found not in known
    ]
    if problems:
        raise StudyError(problems)


def _places(scenario: Scenario) -> list[object]:
    return [row["place"] for row in scenario.policies if row.get("place") is not None]


def _all_places(study: Study) -> list[str]:
    return [*study.tables["regions"]["region"], *study.tables["sites"]["site"]]


def _stranger(scenario: Scenario, column: str, found: str, known: list[str]) -> Problem:
    near = nearest(found, known)
    some = known[:12]
    return Problem.at(
        scenario.name,
        "",
        None,
        column,
        (f"'{found}'", f"“{found}”"),
        (f"'{near}'", f"“{near}”")
        if near
        else ("one of " + ", ".join(some), "、".join(some) + " 之一"),
    )


def _with_race(
    rule: Competition, given: Given, found: Equilibrium
) -> tuple[Equilibrium, Subsidies]:
    """Let localities choose their subsidies, on top of the policies in force."""
    formulation = found.formulation
    game = contest(given, found)
    owner = game.owner.copy()
    if rule.macro_region is not None:
        of = macro_regions(given.study, tuple(formulation.room.sites["region"]))
        owner[np.array(of) != rule.macro_region] = -1
    if rule.regime == "coordinated":
        owner[owner >= 0] = 0
    owner[owner >= 0] = np.unique(owner[owner >= 0], return_inverse=True)[1]
    chosen = equilibrium(
        replace(game, owner=owner),
        np.zeros(owner.size),
        RATES_TOLERANCE,
        found.clearing.prices,
    )
    formulation = replace(
        formulation,
        market=replace(
            formulation.market,
            intensities=np.column_stack(
                [formulation.market.intensities, np.ones(formulation.blocks.height)]
            ),
            qualities=np.column_stack([formulation.market.qualities, chosen.rates]),
        ),
        payments=_with_chosen(formulation.payments, rule, chosen.rates),
    )
    clearing = clear(
        formulation.market, found.clearing.certificate.tolerance, chosen.clearing.prices
    )
    return Equilibrium(formulation, clearing), chosen


def _with_chosen(paid: Payments, rule: Competition, rates: Floats) -> Payments:
    policy = Policy(rule.regime, "subsidy_per_output", None, None, 1.0, "output", None, None)
    return Payments(
        (*paid.policies, policy),
        np.column_stack([paid.per_output, np.ones(paid.per_output.shape[0])]),
        np.column_stack([paid.at_site, rates]),
    )


def _described(one: Outcome) -> tuple[object, ...]:
    scenario = one.scenario
    return (
        scenario.name,
        scenario.title_zh,
        scenario.title_en,
        scenario.note_zh,
        scenario.note_en,
        one.equilibrium.clearing.certificate.passed,
        None if one.chosen is None else one.chosen.converged,
    )


def _paying(before: Equilibrium, one: Outcome, changes: Change) -> pl.DataFrame:
    """Jobs at the places that pay, and what one more of them costs the public."""
    after = one.equilibrium
    subsidies = [k for k, p in enumerate(after.formulation.payments.policies) if p.pays]
    paying = (after.formulation.payments.at_site[:, subsidies] > 0).any(axis=1)
    jobs: list[float | None] = [
        None if jobs_at is None else float(jobs_at[paying].sum())
        for jobs_at in (_jobs_by_site(before), _jobs_by_site(after))
    ]
    money = dict(changes.totals.select("measure", "change").iter_rows())
    cost = None
    if jobs[0] is not None and jobs[1] is not None and jobs[1] > jobs[0]:
        cost = (money["subsidy"] - money["tax"]) / (jobs[1] - jobs[0])
    more = None if jobs[0] is None or jobs[1] is None else jobs[1] - jobs[0]
    return pl.DataFrame(
        [("jobs_at_paying_places", jobs[0], jobs[1], more), ("cost_per_job", None, cost, None)],
        schema=changes.totals.schema,
        orient="row",
    )


def _jobs_by_site(equilibrium: Equilibrium) -> Floats | None:
    """(J,) jobs that arrive, None where they are not known."""
    per_output = equilibrium.formulation.blocks["jobs_per_output"]
    if per_output.null_count():
        return None
    mass = equilibrium.formulation.market.mass * per_output.to_numpy()
    arriving: Floats = mass @ equilibrium.clearing.choice.probability
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


def _subsidies(one: Outcome) -> pl.DataFrame:
    """What each site pays arrivals on average."""
    formulation, choice = one.equilibrium.formulation, one.equilibrium.clearing.choice
    paid = formulation.payments
    moving = formulation.market.mass[:, None] * choice.probability
    pays = [k for k, policy in enumerate(paid.policies) if policy.pays]
    outlay = (moving * (paid.per_output[:, pays] @ paid.at_site[:, pays].T)).sum(axis=0)
    arrivals = moving.sum(axis=0)
    return pl.DataFrame(
        {
            "scenario": [one.scenario.name] * arrivals.size,
            "site": formulation.room.sites["site"],
            "rate": np.divide(outlay, arrivals, out=np.zeros_like(outlay), where=arrivals > 0),
            "arrivals": arrivals,
            "outlay": outlay,
        }
    )
