"""What each support of a fund adds, at the plan's values and over its draws."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from yanzhen.accounts.panel import Floats
from yanzhen.finance.fund.additionality import Additional, additional, held_market
from yanzhen.finance.fund.offers import Asking
from yanzhen.market.counterfactuals.counterfactual import at_constants
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.plan.draws import SEED
from yanzhen.market.plan.uncertainty import drawn_market, draws_of
from yanzhen.market.problem.no_prices import NoPrices
from yanzhen.study import StudyError


@dataclass(frozen=True)
class Measured:
    """Of n supports what each adds, in D markets: the plan's, then those of the draws that cleared.

    Attributes
    ----------
    plan : at the plan's values
    benefit : (D, n) region or jobs, as the fund's objective has it
    additional, without, with_support, region, jobs, elsewhere : (D, n) as in `Additional`
    excess : largest excess demand of all
    """

    plan: Additional
    benefit: Floats
    additional: Floats
    without: Floats
    with_support: Floats
    region: Floats
    jobs: Floats
    elsewhere: Floats
    excess: float


def measured(
    cleared: ClearedStudy,
    held_study: ClearedStudy,
    asking: Asking,
    objective: str,
    draws: int,
    tell: Callable[[float], None],
) -> Measured:
    """What each support adds at the plan's values and in the draws that clear."""
    plan = additional(
        held_market(held_study), asking.places, asking.project, asking.margin, asking.counts
    )
    found, market_of = [plan], drawn_market(cleared)
    for number, one in enumerate(draws_of(cleared, SEED, draws)):
        try:
            formulation = market_of(one)
            clearing = clear(
                formulation.market,
                cleared.clearing.certificate.tolerance,
                cleared.clearing.prices,
            )
            again = at_constants(ClearedStudy(cleared.inputs, formulation, clearing))
            found.append(
                additional(
                    held_market(again),
                    asking.places,
                    asking.project,
                    asking.margin,
                    asking.counts,
                )
            )
        except (NoPrices, StudyError):
            continue
        tell(0.8 * (number + 1) / draws)
    region, jobs = (
        np.array([getattr(each, name) for each in found]) for name in ("region", "region_jobs")
    )
    return Measured(
        plan,
        region if objective == "output" else jobs,
        np.array([each.output for each in found]),
        np.array([each.without for each in found]),
        np.array([each.with_support for each in found]),
        region,
        jobs,
        np.array([each.elsewhere for each in found]),
        max((float(each.excess.max(initial=0.0)) for each in found), default=0.0),
    )
