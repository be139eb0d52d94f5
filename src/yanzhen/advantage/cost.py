"""A proxy of labour cost where no wages are known: GDP per head."""

import numpy as np

from yanzhen.accounts.panel import Floats


def relative_cost(per_head: Floats, weights: Floats) -> Floats:
    """(N,) GDP per head relative to the mean weighted by population; 1 is the national level."""
    known = np.isfinite(per_head) & np.isfinite(weights)
    return per_head / np.average(per_head[known], weights=weights[known])
