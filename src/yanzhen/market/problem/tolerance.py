"""How exactly markets are cleared, and what of a cleared market is nothing: less than that.

A ratio over such a quantity is not defined (`yanzhen.study.ratios`).
"""

import numpy as np

from yanzhen.market.problem.market import Floats

TOLERANCE = 1e-6
"""Bound of every check of the certificate of a study's market."""
SUBSIDY_TOLERANCE = 1e-8
"""How exactly subsidies that localities choose are found, share of output."""
SAME_SUBSIDIES = 1e-6
"""Difference of subsidies, in σ, below which two equilibria of localities are one."""
LINKAGE_TOLERANCE = 1e-5
"""Bound of the residual of a fixed point with linkages between industries."""
BINDING = 1e-6
"""A limit binds when demand is within this share of it."""
FULL = 1e-9
"""A premium above its floor by this much tells that a site is full."""
NOTHING = 1e-6
"""Share of a total below which a difference of two cleared markets is rounding of the clearing."""
NO_PRICE = 1e-10
"""Premium above the floor, as margin on output over σ, that moves nobody and is none."""


def without_dust(
    premium: Floats, floor: Floats | float, need: Floats | float, sigma: float
) -> Floats:
    """Premiums, those that are above their floors by nothing set to the floor.

    Parameters
    ----------
    premium, floor : of the same shape
    need : mean need of each one's resource per unit of output
    sigma : scale of the taste
    """
    dust = (premium - floor) * need < NO_PRICE * sigma
    return np.where(dust, floor, premium)
