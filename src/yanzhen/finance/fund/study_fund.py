"""What a fund of a study should hold: additionality over draws, a portfolio, limits and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.finance.fund.additionality import (
    Additional,
    HeldMarket,
    Together,
    additional,
    held_market,
    together,
)
from yanzhen.finance.fund.conflict import smallest_conflict
from yanzhen.finance.fund.frontier import frontier
from yanzhen.finance.fund.fund_limits import limits_of, most_promising, within_terms
from yanzhen.finance.fund.fund_tables import (
    CHOICES,
    DECISIONS,
    FRONTIER,
    LIMITS,
    OUTLAY,
    REFUSED,
    SUPPORTS,
    TOGETHER,
    choice_rows,
    decisions_table,
    frontier_rows,
    interaction_rows,
    limit_table,
    supports_table,
)
from yanzhen.finance.fund.measured import measured
from yanzhen.finance.fund.offers import Asking, Refused, asking_of, without_place
from yanzhen.finance.fund.portfolio import NoPortfolio, Supports, best_portfolio
from yanzhen.finance.fund.risk import Risk, worst_mean
from yanzhen.finance.rates import discount_rates, finance_parameters
from yanzhen.finance.words import FINANCE, message
from yanzhen.market.counterfactuals.counterfactual import at_constants
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.large.study_clearing import held_whole
from yanzhen.market.problem.formulation import Formulation
from yanzhen.study import Problem, Study, StudyError, WantOfData
from yanzhen.study.assumptions import parameter_values, parameters_in_use
from yanzhen.study.result_columns import PARAMETERS
from yanzhen.study.short_repr import ShortRepr
from yanzhen.study.standard import declaration

BUDGETS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.25, 1.5)
"""Of the frontier, as parts of the fund's size."""
OBJECTIVES = ("output", "jobs")
MOST_NAMED = 10
"""Projects whose reasons are told where none can be supported."""


def fund_parameters(of_study: pl.DataFrame, changed: Mapping[str, float]) -> pl.DataFrame:
    """The parameters of a fund and of finance in use.

    Parameters
    ----------
    of_study : all that a study is run with; its own values go before the declared ones
    changed : by the user, who is then the source

    Raises
    ------
    StudyError
        When a name that is set by hand is not among them, or a value has no meaning.
    """
    declared = declaration("yanzhen.finance.fund", "fund_parameters.csv")
    of_finance = declaration("yanzhen.finance", "finance_parameters.csv").meaning
    own = {name: value for name, value in changed.items() if name not in of_finance}
    rest = {name: value for name, value in changed.items() if name in of_finance}
    return pl.concat(
        [parameters_in_use(declared, of_study, own), finance_parameters(of_study, rest)]
    ).sort("parameter")


@dataclass(frozen=True, repr=False)
class Fund(ShortRepr):
    """What a fund should hold, at its size and at others.

    Attributes
    ----------
    study : what it is about
    year : from which the plan starts
    fund, objective : code; output or jobs, of which additional ones count
    budget : its size, or what was asked for
    worth, bound, gap : of the portfolio
    benefit, worst : its mean over draws, and the mean of its worst
    draws : in which the market cleared
    excess : largest excess demand of all markets that were cleared again
    supports, decisions, refused, limits, frontier, choices, together, outlay, parameters : tables
    """

    study: Study
    year: int
    fund: str
    objective: str
    budget: float
    worth: float
    bound: float
    gap: float
    benefit: float
    worst: float
    draws: int
    excess: float
    supports: Annotated[pl.DataFrame, SUPPORTS]
    decisions: Annotated[pl.DataFrame, DECISIONS]
    refused: Annotated[pl.DataFrame, REFUSED]
    limits: Annotated[pl.DataFrame, LIMITS]
    frontier: Annotated[pl.DataFrame, FRONTIER]
    choices: Annotated[pl.DataFrame, CHOICES]
    together: Annotated[pl.DataFrame, TOGETHER]
    outlay: Annotated[pl.DataFrame, OUTLAY]
    parameters: Annotated[pl.DataFrame, PARAMETERS]

    @property
    def regions(self) -> pl.DataFrame:
        """The regions that make anything, in the column `region`."""
        return self.study.tables["activity"].select("region").unique().sort("region")


# Kept whole: a line for each step, in the order in which one rests on another.
def study_fund(
    cleared: ClearedStudy,
    parameters: pl.DataFrame,
    fund: str | None = None,
    budget: float | None = None,
    objective: str = "output",
    tell: Callable[[float], None] = lambda share: None,
) -> Fund:
    """Choose what a fund of a study should hold.

    Parameters
    ----------
    parameters : of the fund and of finance
    fund : code; where a study has one alone it need not be said
    budget : in place of the fund's size, money
    objective : output or jobs
    tell : told the share done

    Raises
    ------
    WantOfData
        When there is no fund, or nothing that it may support.
    StudyError
        When limits cannot be kept together, and which.
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When a market with support did not clear.
    """
    study, values = cleared.inputs.study, parameter_values(parameters)
    if not study.about.measured_by.is_money:
        raise _fault(study, "activity", "not_in_money")
    row = _fund_of(study, fund)
    size = float(row["size"] if budget is None else budget)
    held_study = at_constants(cleared)
    if not held_whole(held_study.formulation.market):
        raise _fault(study, "funds", "market_too_large")
    asking = asking_of(cleared.inputs, held_study.formulation, row, discount_rates(parameters))
    draws, held = int(values["fund_draws"]), held_market(held_study)
    asking, refused = within_terms(study, asking, row, values)
    asking = most_promising(held, asking, draws, refused)
    if not asking.project.size:
        raise _none_fits(study, [*asking.refused, *refused])
    found = measured(cleared, held_study, asking, objective, draws, tell)
    if not np.isfinite(found.benefit).all():
        raise _fault(study, "activity", "jobs_unknown")
    supports = Supports(asking.project, found.benefit)
    risk = Risk(values["fund_tail"], values["fund_tail_weight"])
    limits = limits_of(study, asking, row, size, values)
    gap = values["fund_gap"]
    try:
        best = best_portfolio(supports, limits, risk, gap)
    except NoPortfolio:
        conflict = "; ".join(smallest_conflict(supports, limits))
        raise _fault(study, "fund_limits", "limits_conflict", limits=conflict) from None
    budgets = tuple(sorted({*(part * size for part in BUDGETS), size}))
    along = frontier(supports, limits, risk, budgets, gap, lambda part: tell(0.8 + 0.15 * part))
    benefit = found.benefit @ best.chosen
    alone, whole = _held(held, asking, np.flatnonzero(best.chosen))
    tell(1.0)
    return Fund(
        study=study,
        year=cleared.inputs.panel.base_year,
        fund=str(row["fund"]),
        objective=objective,
        budget=size,
        worth=best.value,
        bound=best.bound,
        gap=best.gap,
        benefit=float(benefit.mean()),
        worst=worst_mean(benefit, risk.tail),
        draws=found.benefit.shape[0] - 1,
        excess=found.excess,
        supports=supports_table(
            asking, found, values["fund_gift"], held.jobs_per_output[asking.places.block]
        ),
        decisions=decisions_table(asking, supports, limits, risk, best, gap),
        refused=REFUSED.frame((*asking.refused, *refused)),
        limits=limit_table(limits, best),
        frontier=FRONTIER.frame(frontier_rows(asking, supports, budgets, along, risk)),
        choices=CHOICES.frame(choice_rows(asking, budgets, along)),
        together=TOGETHER.frame(interaction_rows(alone, whole)),
        outlay=OUTLAY.frame(zip(asking.years, (best.chosen @ asking.outlay).tolist(), strict=True)),
        parameters=parameters,
    )


def _held(
    held: HeldMarket, asking: Asking, chosen: NDArray[np.int64]
) -> tuple[Additional, Together]:
    """What is held, one by one and all at once, the regions of all counting for each."""
    margin = np.zeros(len(asking.projects))
    margin[asking.project[chosen]] = asking.margin[chosen]
    counts = np.asarray(asking.counts[asking.project[chosen]].any(axis=0))
    every = np.tile(counts, (len(asking.projects), 1))
    alone = additional(held, asking.places, asking.project[chosen], asking.margin[chosen], every)
    return alone, together(held, asking.places, margin, counts)


def require_fund(study: Study) -> None:
    """Raise where a study has a fund and nothing that it could support.

    Raises
    ------
    WantOfData
        When no fund has a size, or no project is offered a product.
    """
    if not study.about.measured_by.is_money:
        raise _fault(study, "activity", "not_in_money")
    if study.tables["funds"]["size"].drop_nulls().is_empty():
        raise _fault(study, "funds", "no_size")
    if study.tables["projects"]["products"].drop_nulls().is_empty():
        raise _fault(study, "projects", "nothing_to_support")


def require_places(study: Study, formulation: Formulation) -> None:
    """Raise where no project of any fund has a place in the market.

    Raises
    ------
    WantOfData
        With the reason of each project.
    """
    refused = []
    for fund in study.tables["funds"]["fund"]:
        why = without_place(formulation, study, fund)
        if why is None:
            return
        refused += why
    if refused:
        raise _none_fits(study, list(dict.fromkeys(refused)))


def _none_fits(study: Study, refused: Refused) -> StudyError:
    """Why none of the projects can be supported, each by its code."""
    if not refused:
        return _fault(study, "projects", "nothing_to_support")
    said = [
        (project if product is None else f"{project} {product}", FINANCE.words(f"reason.{reason}"))
        for project, product, reason in refused[:MOST_NAMED]
    ]
    more = len(refused) - len(said)
    rest = (f"; {more} more", f"；另有{more}项") if more else ("", "")
    english = "; ".join(f"{code}: {words[0]}" for code, words in said) + rest[0]
    chinese = "；".join(f"{code}：{words[1]}" for code, words in said) + rest[1]
    return _fault(study, "projects", "none_fits", refused=(english, chinese))


def _fund_of(study: Study, code: str | None) -> Mapping[str, Any]:
    funds = study.tables["funds"]
    if code is not None:
        funds = funds.filter(fund=code)
    if funds.is_empty() or (code is None and funds.height > 1):
        listed = ", ".join(study.tables["funds"]["fund"]) or "–"
        raise _fault(study, "funds", "which_fund", funds=listed)
    row = funds.row(0, named=True)
    if row["size"] is None:
        raise _fault(study, "funds", "no_size")
    return row


def _fault(study: Study, table: str, key: str, **values: object) -> StudyError:
    problem = Problem.at(study.path, table, None, "", *message(key, **values))
    return (
        StudyError([problem]) if key in ("limits_conflict", "which_fund") else WantOfData([problem])
    )
