"""Markets under scenarios: the changed study, cleared at the baseline's constants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.advantage.attraction import locational_advantage_by_decay
from yanzhen.market.counterfactuals.counterfactual import counterfactual
from yanzhen.market.counterfactuals.localities import contest
from yanzhen.market.counterfactuals.options import OptionOutcome, with_options
from yanzhen.market.counterfactuals.scenario import Competition, Scenario
from yanzhen.market.counterfactuals.scenario_rows import ROWS, problems_in_study, table_rows
from yanzhen.market.counterfactuals.subsidy_competition import Race, Subsidies, race
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.problem.departures import macro_regions
from yanzhen.market.problem.policies import SUBSIDIES, Payments, Policy
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.market.problem.tolerance import SUBSIDY_TOLERANCE
from yanzhen.study import Problem, Study, StudyError
from yanzhen.study.macro_regions import standard_name
from yanzhen.study.problem import nearest, with_nearest


@dataclass(frozen=True)
class Outcome:
    """A scenario's market.

    Attributes
    ----------
    scenario : what differs
    cleared : the changed study, its market cleared at the baseline's constants
    chosen : subsidies that the localities chose, None where they don't
    race : no subsidies, the Nash equilibrium and coordination among the same localities
    options : who does what where options are open, None where they aren't; the other figures of a
        scenario are those without them
    """

    scenario: Scenario
    cleared: ClearedStudy
    chosen: Subsidies | None
    race: Race | None
    options: OptionOutcome | None


def run_scenario(scenario: Scenario, base: ClearedStudy) -> Outcome:
    """Clear the market of a scenario at the constants of the baseline.

    Raises
    ------
    StudyError
        When the scenario names a parameter, policy or macro-region that the study has not.
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear its market were not found.
    """
    found, contested = counterfactual(changed(scenario, base.inputs), base), None
    if scenario.race is not None and not scenario.no_place_may_pay:
        found, contested = _with_race(scenario.race, found)
    options = None
    if scenario.options is not None:
        options = with_options(found, scenario.options)
    chosen = None
    if contested is not None and scenario.race is not None:
        chosen = contested.nash if scenario.race.regime == "nash" else contested.coordinated
    return Outcome(scenario, found, chosen, contested, options)


def changed(scenario: Scenario, inputs: StudyInputs) -> StudyInputs:
    """The study and parameters of a scenario.

    Raises
    ------
    StudyError
        When the scenario names something that the study has not.
    """
    problems = scenario_problems(scenario, inputs.study, inputs.panel.regions, list(inputs.values))
    if problems:
        raise StudyError(problems)
    tables = inputs.study.tables
    kept = _kept(scenario, inputs.study)
    policies = pl.concat(
        [kept["policies"], _policies(scenario, inputs.study, inputs.panel.regions)]
    )
    if scenario.no_place_may_pay:
        policies = policies.filter(~pl.col("instrument").is_in(SUBSIDIES))
    governing = {
        name: pl.concat([kept[name], table_rows(name, getattr(scenario, name))])
        for name in ("rules", "catalogue")
    }
    study = replace(inputs.study, tables={**tables, "policies": policies, **governing})
    advantage, decay = inputs.advantage, scenario.parameters.get("access_decay")
    if decay is not None and decay != inputs.values["access_decay"]:
        advantage = locational_advantage_by_decay(study, inputs.panel, advantage)(decay)
    return replace(inputs, study=study, advantage=advantage).with_values(scenario.parameters)


def scenario_problems(
    scenario: Scenario, study: Study, regions: tuple[str, ...], parameters: Sequence[str]
) -> list[Problem]:
    """Everything that a scenario names and a study has not, and policies that cannot act.

    Parameters
    ----------
    regions : leaf regions of the study
    parameters : names of the parameters used
    """
    macro = sorted(set(macro_regions(study, regions)))
    named = [str(row["macro_region"]) for row in scenario.policies if "macro_region" in row]
    if scenario.race is not None and scenario.race.macro_region is not None:
        named.append(scenario.race.macro_region)
    tables = study.tables
    mentioned: tuple[tuple[str, Sequence[str], Sequence[str]], ...] = (
        ("parameters", list(scenario.parameters), parameters),
        ("macro_region", named, macro),
        ("without", scenario.without, tables["policies"]["policy"].to_list()),
        ("without_rules", scenario.without_rules, tables["rules"]["rule"].to_list()),
    )
    strangers = [
        _stranger(scenario, column, found, list(known))
        for column, names, known in mentioned
        for found in names
        if found not in known and not (column == "macro_region" and _is_one_of(found, known))
    ]
    added = {name: getattr(scenario, name) for name in ROWS}
    return [
        *strangers,
        *_repeated(scenario, "policies", "policy", tables["policies"]["policy"], "without"),
        *_repeated(scenario, "rules", "rule", tables["rules"]["rule"], "without_rules"),
        *problems_in_study(scenario.source, study, _kept(scenario, study), added, scenario.lines),
    ]


def _is_one_of(macro_region: str, known: Sequence[str]) -> bool:
    """Whether a study has a macro-region, in whichever language either names it."""
    return standard_name(macro_region) in {standard_name(one) for one in known}


def _kept(scenario: Scenario, study: Study) -> dict[str, pl.DataFrame]:
    """Rows of the study's tables that a scenario leaves in force."""
    tables = study.tables
    void = list(scenario.without_rules)
    return {
        "policies": tables["policies"].filter(~pl.col("policy").is_in(list(scenario.without))),
        **{
            name: tables[name].filter(~pl.col("rule").is_in(void).fill_null(False))
            for name in ("rules", "catalogue")
        },
    }


def _policies(scenario: Scenario, study: Study, regions: tuple[str, ...]) -> pl.DataFrame:
    """The scenario's policies, one row for each region of a macro-region."""
    of = macro_regions(study, regions)
    rows: list[Mapping[str, object]] = []
    for row in scenario.policies:
        if "macro_region" not in row:
            rows.append(row)
        rows += [
            {**row, "policy": f"{row['policy']}:{region}", "place": region}
            for region, macro in zip(regions, of, strict=True)
            if _is_one_of(str(row.get("macro_region")), (macro,))
        ]
    return table_rows("policies", rows)


def _repeated(
    scenario: Scenario, table: str, key: str, there: pl.Series, dropped: str
) -> list[Problem]:
    """Codes of added rows that rows of the study in force have already."""
    taken = set(there) - set(getattr(scenario, dropped))
    return [
        Problem.at(
            scenario.source,
            table,
            None,
            key,
            (f"'{code}', which is there already", f"“{code}”，已有此代码"),
            (f"a code of its own, or `{dropped}`", f"另一个代码，或用 {dropped} 去掉原有的"),
        )
        for code in table_rows(table, getattr(scenario, table))[key]
        .drop_nulls()
        .unique(maintain_order=True)
        if code in taken
    ]


def _stranger(scenario: Scenario, column: str, found: str, known: list[str]) -> Problem:
    some = known[:12]
    expected = ("one of " + ", ".join(some), "、".join(some) + " 之一")
    if not known:
        expected = ("none: the study has none", "不填：研究中没有")
    return Problem.at(
        scenario.source,
        "",
        None,
        column,
        (f"'{found}'", f"“{found}”"),
        with_nearest(expected, nearest(found, known)),
    )


def _with_race(rule: Competition, found: ClearedStudy) -> tuple[ClearedStudy, Race]:
    """Let localities choose their subsidies, on top of the policies in force."""
    formulation = found.formulation
    game = contest(found)
    owner = game.owner.copy()
    if rule.macro_region is not None:
        of = macro_regions(found.inputs.study, tuple(formulation.room.sites["region"]))
        owner[[not _is_one_of(rule.macro_region, (macro,)) for macro in of]] = -1
    owner[owner >= 0] = np.unique(owner[owner >= 0], return_inverse=True)[1]
    contested = race(replace(game, owner=owner), SUBSIDY_TOLERANCE, found.clearing.prices)
    chosen = contested.nash if rule.regime == "nash" else contested.coordinated
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
    return replace(found, formulation=formulation, clearing=clearing), contested


def _with_chosen(paid: Payments, rule: Competition, rates: Floats) -> Payments:
    policy = Policy(rule.regime, "subsidy_per_output", None, None, 1.0, "output", None, None)
    return Payments(
        (*paid.policies, policy),
        np.column_stack([paid.per_output, np.ones(paid.per_output.shape[0])]),
        np.column_stack([paid.at_site, rates]),
    )
