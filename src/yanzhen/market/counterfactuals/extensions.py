"""What a study's policies do, and what it opens beyond staying and moving whole.

Further options and chains act only where the study's `parameters` switch them on: `branch_share`
with `branch_cost`, `abroad_worth`, `exit_worth`, `inbound_worth` (see
`yanzhen.market.counterfactuals.options`), `chain_strength` (see
`yanzhen.market.counterfactuals.agglomeration`). They stand beside the plan, at its constants; the
plan itself is the market without them.
"""

from dataclasses import dataclass
from typing import Annotated

import polars as pl

from yanzhen.accounts.study_table import has_table
from yanzhen.market.counterfactuals.agglomeration import (
    Linkages,
    agglomeration,
    arrivals_table,
    linkage,
)
from yanzhen.market.counterfactuals.counterfactual import at_constants
from yanzhen.market.counterfactuals.options import Branch, Options, with_options
from yanzhen.market.counterfactuals.policy_effects import EFFECTS, policy_effects
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.problem.market import Floats
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.market.problem.tolerance import LINKAGE_TOLERANCE
from yanzhen.study import Problem, StudyError
from yanzhen.study.result_columns import columns

OPTIONS = columns("industry option output")
"""`option` is stay, move, branch, abroad, exit, inbound or not_coming."""
CHAINS = columns("industry site point output")
"""`point` is without, followed, or the number of another fixed point."""
POINTS = columns("point residual rounds converged")
"""The fixed points found."""


@dataclass(frozen=True)
class Openings:
    """What the study's switches open; empty frames where they are off.

    Attributes
    ----------
    policies : effect of each policy in force
    """

    policies: Annotated[pl.DataFrame, EFFECTS]
    options: Annotated[pl.DataFrame, OPTIONS]
    chains: Annotated[pl.DataFrame, CHAINS]
    chain_points: Annotated[pl.DataFrame, POINTS]


def opened(base: ClearedStudy, seed: int) -> Openings:
    """Open what the study's parameters switch on.

    Raises
    ------
    StudyError
        When a branch has a share without a cost or outside (0, 1), or chains lack their table.
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear a market were not found.
    """
    held = at_constants(base)
    links = require_openings(base.inputs)
    choices = options_of(base.inputs)
    options = OPTIONS.frame()
    if choices is not None:
        options = with_options(held, choices).chosen
    chains, points = CHAINS.frame(), POINTS.frame()
    if links is not None:
        chains, points = _chains(held, links, seed)
    return Openings(policy_effects(base), options, chains, points)


def require_openings(inputs: StudyInputs) -> Floats | None:
    """The links of the chains that the study's parameters open; None where they open none.

    Raises
    ------
    StudyError
        When options or chains are opened with parameters or tables that do not suffice.
    """
    options_of(inputs)
    if not inputs.values.get("chain_strength", 0.0) > 0:
        return None
    if not has_table(inputs.study):
        raise StudyError([_chains_unusable(inputs)])
    return linkage(inputs.study, inputs.panel.industries, inputs.panel.base_year)


def options_of(inputs: StudyInputs) -> Options | None:
    """The options that the study's parameters open; None where they open none."""
    values = inputs.values
    share, cost = values.get("branch_share"), values.get("branch_cost")
    if share is not None and (cost is None or not 0 < share < 1):
        raise StudyError([_branch_unusable(inputs)])
    branch = None if share is None or cost is None else Branch(share, cost)
    abroad, close, inbound = (
        values.get(name) for name in ("abroad_worth", "exit_worth", "inbound_worth")
    )
    if branch is None and all(worth is None for worth in (abroad, close, inbound)):
        return None
    return Options(branch, abroad, close, inbound)


def _chains(held: ClearedStudy, links: Floats, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    inputs, formulation = held.inputs, held.formulation
    found = agglomeration(
        Linkages(formulation.market, formulation.industry, links, inputs.values["chain_strength"]),
        LINKAGE_TOLERANCE,
        held.clearing.prices,
        seed=seed,
    )
    everyone = {"followed": found.followed} | {
        str(k): other for k, other in enumerate(found.others, start=1)
    }
    points = [(name, one.residual, one.rounds, one.converged) for name, one in everyone.items()]
    sites = formulation.room.sites["site"].to_list()
    return (
        arrivals_table(found, inputs.panel.industries, sites).filter(pl.col("output") > 0),
        POINTS.frame(points),
    )


def _branch_unusable(inputs: StudyInputs) -> Problem:
    return Problem.at(
        inputs.study.path,
        "parameters",
        None,
        "branch_share",
        ("a share without a cost, or not between zero and one", "缺少成本，或不在零与一之间"),
        ("a share between zero and one, and branch_cost", "零与一之间的比例，并给出 branch_cost"),
    )


def _chains_unusable(inputs: StudyInputs) -> Problem:
    return Problem.at(
        inputs.study.path,
        "parameters",
        None,
        "chain_strength",
        (
            "chain_strength in a study without an input-output table",
            "设了 chain_strength，而研究没有投入产出表",
        ),
        (
            "rows in input_output, or no chain_strength",
            "input_output 表有数据，或不设 chain_strength",
        ),
    )
