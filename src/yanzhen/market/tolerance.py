"""What of a cleared market is nothing: less than the tolerance that it is cleared to.

A ratio over such a quantity is not defined: 30 billion of subsidy over 3e-14 jobs is no cost.
"""

import numpy as np

from yanzhen.market.instance import Floats, Market

NOTHING = 1e-6
"""Share of a total below which a difference of two cleared markets is rounding of the clearing."""
NO_PRICE = 1e-10
"""Premium above the floor, as margin on output over σ, that moves nobody and is none."""


def ratio(numerator: float, denominator: float, scale: float) -> float | None:
    """Return a ratio, None where its denominator is not above `NOTHING` of a scale.

    Parameters
    ----------
    scale : total of which the denominator is a part or a change
    """
    if not denominator > NOTHING * abs(scale):
        return None
    return numerator / denominator


def without_dust(market: Market, premium: Floats, floor: Floats, need: Floats) -> Floats:
    """Premiums, those that are above their floors by nothing set to the floor.

    Parameters
    ----------
    premium, floor : of the same shape
    need : mean need of each one's resource per unit of output
    """
    dust = (premium - floor) * need < NO_PRICE * market.sigma
    return np.where(dust, floor, premium)
