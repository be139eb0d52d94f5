"""What a fund could do with less or more: the best portfolio at each budget."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from yanzhen.finance.fund.portfolio import Limit, Portfolio, Supports, best_portfolio
from yanzhen.finance.fund.risk import Risk

BUDGET = "budget"


def frontier(
    supports: Supports,
    limits: tuple[Limit, ...],
    risk: Risk,
    budgets: tuple[float, ...],
    gap: float = 0.01,
    tell: Callable[[float], None] = lambda share: None,
) -> list[Portfolio]:
    """The best portfolio at each budget, the other limits as they are.

    A portfolio that keeps a smaller budget keeps a larger one too, so that none is worse than one
    before it.

    Parameters
    ----------
    budgets : rising

    Raises
    ------
    NoPortfolio
        When no choice keeps all limits at some budget.
    """
    found: list[Portfolio] = []
    for k, budget in enumerate(budgets):
        within = tuple(
            replace(limit, high=budget) if limit.name == BUDGET else limit for limit in limits
        )
        best = best_portfolio(supports, within, risk, gap)
        if found and found[-1].value > best.value:
            before = found[-1]
            best = replace(
                best,
                chosen=before.chosen,
                value=before.value,
                gap=max(best.bound - before.value, 0.0)
                / max(abs(best.bound), np.finfo(float).tiny),
            )
        found.append(best)
        tell((k + 1) / len(budgets))
    return found
