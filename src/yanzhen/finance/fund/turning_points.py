"""The nearest change that would turn a fund's decision on a project."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from yanzhen.accounts.panel import Floats
from yanzhen.finance.fund.portfolio import (
    Limit,
    NoPortfolio,
    Portfolio,
    Supports,
    best_portfolio,
)
from yanzhen.finance.fund.risk import Risk

FORCED = "forced"


def turning_benefit(supports: Supports, portfolio: Portfolio) -> Floats:
    """(P,) benefit, alike in all draws, that a project lacks to be held; below zero it may lose it.

    By the prices of the relaxation: what a project's best support takes, at the limits' shadow
    prices, less what it gives.
    """
    lacking = np.full(int(supports.project.max(initial=-1)) + 1, np.inf)
    np.minimum.at(lacking, supports.project, -portfolio.net)
    return lacking


def exact_turning_benefit(
    supports: Supports,
    limits: tuple[Limit, ...],
    risk: Risk,
    portfolio: Portfolio,
    projects: NDArray[np.int64],
    gap: float,
    tell: Callable[[float], None] = lambda share: None,
) -> Floats:
    """The same for some projects by choosing again with the project in, or without it.

    A benefit that is alike in all draws adds as much to a portfolio's worth, so that what a project
    lacks is what the best portfolio with it is worth less; infinite where none with it keeps the
    limits. Exact to the gap of the two choices.
    """
    held = np.bincount(supports.project, weights=portfolio.chosen) > 0
    found = np.empty(len(projects))
    for k, project in enumerate(projects):
        own = (supports.project == project).astype(np.float64)
        wanted = 0.0 if held[project] else 1.0
        forced = Limit(FORCED, own, wanted, wanted)
        try:
            other = best_portfolio(supports, (*limits, forced), risk, gap)
            found[k] = portfolio.value - other.value
        except NoPortfolio:
            found[k] = np.inf
        if held[project]:
            found[k] = -found[k]
        tell((k + 1) / len(projects))
    return found
