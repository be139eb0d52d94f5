"""What the past says of the next period: who would leave, and where room has shown itself.

All three measures compare the first and the last year of a panel over its balanced cells, with
G_s = Σ_n Y_ns,last / Σ_n Y_ns,first the growth of industry s over them.
"""

from dataclasses import dataclass

import numpy as np

from yanzhen.accounts.panel import Floats, Panel
from yanzhen.study.ratios import ROUNDING


@dataclass(frozen=True)
class ShareShiftProjection:
    """Shifts of the past as the next period's departures and room, in output at last-year prices.

    Attributes
    ----------
    losses : (N, S) max(0, Y_first G_s − Y_last), the negative share shift of a region
    gains : (N, S) max(0, Y_last − Y_first G_s)
    idle : (N, S) max(0, max_year share · total_last − Y_last), what a region made before and no
        longer makes
    room_growth : (N,) Σ_s gains, what a region has shown it can take beyond the industry's growth
    room_idle : (N,) Σ_s idle
    balanced_cells : (S,)
    """

    losses: Floats
    gains: Floats
    idle: Floats
    room_growth: Floats
    room_idle: Floats
    balanced_cells: Floats


def project_share_shifts(panel: Panel) -> ShareShiftProjection:
    """Departures and room that a panel's past would give if it went on.

    Raises
    ------
    ValueError
        When the panel has fewer than two years.
    """
    if len(panel.years) < 2:
        raise ValueError("two years of output are needed to carry the past forward")
    balanced = panel.balanced_output
    totals = balanced.sum(axis=0)
    first, last = balanced[:, :, 0], balanced[:, :, -1]
    growth = totals[:, -1] / np.where(totals[:, 0] > 0, totals[:, 0], 1.0)
    held = first * growth[None]
    shift = _unlike(last, held)
    share = balanced / np.where(totals > 0, totals, 1.0)[None]
    peak = share.max(axis=2) * totals[None, :, -1]
    gains = np.maximum(shift, 0.0)
    idle = np.maximum(_unlike(peak, last), 0.0)
    return ShareShiftProjection(
        losses=np.maximum(-shift, 0.0),
        gains=gains,
        idle=idle,
        room_growth=gains.sum(axis=1),
        room_idle=idle.sum(axis=1),
        balanced_cells=panel.balanced.sum(axis=0).astype(np.float64),
    )


def _unlike(one: Floats, other: Floats) -> Floats:
    """One less the other, zero where that is rounding: nobody leaves or fits in by it."""
    left = one - other
    return np.where(np.abs(left) <= ROUNDING * (np.abs(one) + np.abs(other)), 0.0, left)
