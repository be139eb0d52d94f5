"""Statuses of made-up figures."""

import numpy as np
from numpy.typing import NDArray

from yanzhen.study.statuses import MISSING, OBSERVED, WIDTH, Statuses


def statuses(values: NDArray[np.float64], known: str = OBSERVED) -> Statuses:
    """Statuses of figures that are all alike: `known` where there is one, otherwise missing."""
    return np.where(np.isfinite(values), known, MISSING).astype(WIDTH)
