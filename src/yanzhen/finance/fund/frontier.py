"""What a fund could do with less or more: the best portfolio at each budget."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from yanzhen.finance.fund.portfolio import (
    Limit,
    NoPortfolio,
    Portfolio,
    Supports,
    best_portfolio,
)
from yanzhen.finance.fund.risk import Risk

BUDGET = "budget"
TINY = float(np.finfo(float).tiny)


def frontier(
    supports: Supports,
    limits: tuple[Limit, ...],
    risk: Risk,
    budgets: tuple[float, ...],
    gap: float = 0.01,
    tell: Callable[[float], None] = lambda share: None,
) -> list[Portfolio | None]:
    """The best portfolio at each budget, the other limits as they are; None where none keeps all.

    A portfolio that keeps a smaller budget keeps a larger one too, so that none is worse than one
    before it.

    Parameters
    ----------
    budgets : rising
    """
    found: list[Portfolio | None] = []
    before: Portfolio | None = None
    for k, budget in enumerate(budgets):
        within = tuple(
            replace(limit, high=budget) if limit.name == BUDGET else limit for limit in limits
        )
        try:
            best: Portfolio | None = best_portfolio(supports, within, risk, gap)
        except NoPortfolio:
            best = None
        if best is not None and before is not None and before.value > best.value:
            best = replace(
                best,
                chosen=before.chosen,
                value=before.value,
                gap=max(best.bound - before.value, 0.0) / max(abs(best.bound), TINY),
            )
        before = best or before
        found.append(best)
        tell((k + 1) / len(budgets))
    return found
