"""A limit that the user sets on how insecure supply may become, and where a plan breaks it."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from yanzhen.accounts.input_output import Floats
from yanzhen.modes.chain.security import Security
from yanzhen.modes.chain.supply_web import SupplyWeb

TINY = 1e-6
"""Change that counts as none: clearing is exact to about as much."""
GRACE = 1e-3
"""By which what was over a limit before may still rise."""
LEAST_INPUT = 0.01
"""Inputs below this share of all that a region buys are not guarded."""
SCHEMA = {
    "kind": pl.String,
    "region": pl.String,
    "input": pl.String,
    "supplier_region": pl.String,
    "before": pl.Float64,
    "after": pl.Float64,
    "limit": pl.Float64,
}


@dataclass(frozen=True)
class Guard:
    """What a plan may not do to the security of supply; None where there is no limit.

    What was over a limit before the plan is not the plan's fault: it may stay as it was, but not
    become worse by more than a tenth of a point.

    Attributes
    ----------
    most_concentration : Σ_{k≠r} τ² of a region's supply of one input from elsewhere
    most_exposure : share of a region's output lost with the supplies of another
    most_worsening : by which either may rise
    """

    most_concentration: float | None = None
    most_exposure: float | None = None
    most_worsening: float | None = None

    @property
    def limits_nothing(self) -> bool:
        """Whether there is no limit at all."""
        return self == Guard()


def breaches(guard: Guard, web: SupplyWeb, before: Security, after: Security) -> pl.DataFrame:
    """Where a plan breaks a guard, the largest excess first.

    Concentration is guarded for inputs that make up at least 1 % of what the region buys, before
    or after. `supplier_region` is, for concentration, the one whose share in the region's purchases
    of the input is the largest elsewhere.

    Returns
    -------
    kind (concentration | exposure), region, input (null for exposure), supplier_region, before,
    after, limit
    """
    regions = np.array(web.regions, dtype=object)
    sectors = np.array(web.sectors, dtype=object)
    rows: list[tuple[object, ...]] = []
    least = LEAST_INPUT * np.minimum(
        before.need.sum(axis=1, keepdims=True), after.need.sum(axis=1, keepdims=True)
    )
    guarded = np.maximum(before.need, after.need) >= least
    earlier, later = (np.nan_to_num(x.concentration) for x in (before, after))
    limit = _limit(earlier, guard.most_concentration, guard.most_worsening)
    suppliers = _largest_elsewhere(web)
    for r, i in np.argwhere(guarded & (later > limit + TINY)):
        k = suppliers[i, r]
        found = (earlier[r, i], later[r, i], limit[r, i])
        rows.append(("concentration", regions[r], sectors[i], regions[k], *found))
    limit = _limit(before.exposure, guard.most_exposure, guard.most_worsening)
    for r, k in np.argwhere(after.exposure > limit + TINY):
        found = (before.exposure[r, k], after.exposure[r, k], limit[r, k])
        rows.append(("exposure", regions[r], None, regions[k], *found))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort(
        pl.col("after") - pl.col("limit"), "kind", "region", "input", "supplier_region",
        descending=[True, False, False, False, False], nulls_last=True,
    )  # fmt: skip


def _limit(before: Floats, most: float | None, worsening: float | None) -> Floats:
    limit = np.full(before.shape, np.inf)
    if most is not None:
        limit = np.where(before >= most, before + GRACE, most)
    if worsening is not None:
        limit = np.minimum(limit, before + worsening)
    return limit


def _largest_elsewhere(web: SupplyWeb) -> Floats:
    """(S, N) the supplier whose share in the purchases of a product is the largest elsewhere."""
    others = web.shares.copy()
    own = np.arange(len(web.regions))
    others[:, own, own] = -1.0
    largest: Floats = others.argmax(axis=1)
    return largest
