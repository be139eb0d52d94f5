"""Which limits of a fund cannot be kept together: the smallest set that conflicts."""

from itertools import combinations

import numpy as np

from yanzhen.finance.fund.portfolio import Limit, NoPortfolio, Supports, best_portfolio
from yanzhen.finance.fund.risk import Risk

MOST_ENUMERATED = 12
"""Limits of which every set is looked at, the smallest first; of more, one is left out in turn."""


def smallest_conflict(supports: Supports, limits: tuple[Limit, ...]) -> tuple[str, ...]:
    """Names of the fewest limits that no choice keeps together; empty where all can be kept.

    Of more than `MOST_ENUMERATED` limits a set from which none can be left out.
    """
    if _kept_together(supports, limits):
        return ()
    if len(limits) <= MOST_ENUMERATED:
        for size in range(1, len(limits) + 1):
            for some in combinations(limits, size):
                if not _kept_together(supports, some):
                    return tuple(limit.name for limit in some)
    left = list(limits)
    for limit in limits:
        fewer = [each for each in left if each is not limit]
        if not _kept_together(supports, tuple(fewer)):
            left = fewer
    return tuple(limit.name for limit in left)


def _kept_together(supports: Supports, limits: tuple[Limit, ...]) -> bool:
    nothing = Supports(supports.project, np.zeros((1, supports.project.size)))
    try:
        best_portfolio(nothing, limits, Risk(1.0, 0.0), gap=1.0)
    except NoPortfolio:
        return False
    return True
