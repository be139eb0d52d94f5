"""What of a cleared market is nothing: less than the tolerance that it is cleared to.

A ratio over such a quantity is not defined (`yanzhen.study.ratios`).
"""

import numpy as np

from yanzhen.market.problem.market import Floats

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
