"""A limit that the user sets on how insecure supply may become, and where a plan breaks it."""

from dataclasses import dataclass

import polars as pl

from yanzhen.study.result_columns import columns

TINY = 1e-6
"""Change that counts as none: clearing is exact to about as much."""
GRACE = 1e-3
"""By which what was over a limit before may still rise."""
LEAST_INPUT = 0.01
"""Inputs below this share of all that a region buys are not guarded."""
BREACHES = columns(
    "kind region input supplier_region before after limit", before="share", after="share"
)
"""`kind` is concentration or exposure, for which `input` is null."""


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


def breaches(guard: Guard, concentration: pl.DataFrame, exposure: pl.DataFrame) -> pl.DataFrame:
    """Where a plan breaks a guard, the largest excess first.

    Concentration is guarded for inputs that make up at least 1 % of what the region buys, before
    or after. `supplier_region` is, for concentration, the one whose share in the region's purchases
    of the input is the largest elsewhere after the plan.

    Parameters
    ----------
    concentration, exposure : of `security`, before and after the plan
    """
    bought = (pl.col(need).sum().over("region") for need in ("need", "need_after"))
    inputs = concentration.filter(
        pl.max_horizontal("need", "need_after") >= LEAST_INPUT * pl.min_horizontal(*bought)
    ).select(
        "region",
        "input",
        kind=pl.lit("concentration"),
        supplier_region="largest_supplier_after",
        before=pl.col("concentration").fill_null(0.0),
        after=pl.col("concentration_after").fill_null(0.0),
    )
    suppliers = exposure.select(
        "region",
        "supplier_region",
        kind=pl.lit("exposure"),
        input=pl.lit(None, pl.String),
        before="exposure",
        after="exposure_after",
    )
    found = [
        _over(inputs, guard.most_concentration, guard.most_worsening),
        _over(suppliers, guard.most_exposure, guard.most_worsening),
    ]
    return pl.concat(each.select(*BREACHES) for each in found).sort(
        pl.col("after") - pl.col("limit"), "kind", "region", "input", "supplier_region",
        descending=[True, False, False, False, False], nulls_last=True,
    )  # fmt: skip


def _over(rows: pl.DataFrame, most: float | None, worsening: float | None) -> pl.DataFrame:
    """Rows that are over their limit after the plan."""
    before, limit = pl.col("before"), pl.lit(float("inf"))
    if most is not None:
        limit = pl.when(before >= most).then(before + GRACE).otherwise(most)
    if worsening is not None:
        limit = pl.min_horizontal(limit, before + worsening)
    return rows.with_columns(limit=limit).filter(pl.col("after") > pl.col("limit") + TINY)
