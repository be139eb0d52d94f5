"""Which indicators have no value although the data are there, and why.

What lacks data stands under `not_evaluated`. Here stands what its own definition does not cover:
a ratio to nothing, a spread where all is alike, an order that two vectors give equally well.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

from yanzhen.advantage.complexity import complexity
from yanzhen.advantage.cross_table import Floats
from yanzhen.advantage.specialisation import presence
from yanzhen.study.result_columns import columns

Row = tuple[str, str | None, str | None, str]
REASONS = (
    "nothing_made", "few", "alike", "apart", "tied", "little_known", "no_presence", "constant",
    "few_regions", "no_neighbours", "one_enterprise", "no_workers", "from_nothing",
)  # fmt: skip
NOT_DEFINED = columns("term region industry reason", reason="term")
"""Region and industry are null for all; `reason` is one of `REASONS`."""


def not_defined(rows: Iterable[Row]) -> pl.DataFrame:
    """Rows as a frame, each once."""
    return NOT_DEFINED.frame(rows).unique(maintain_order=True)


def of_nothing(regions: Sequence[str], industries: Sequence[str], output: Floats) -> list[Row]:
    """Regions, and industries, of which all that is known is zero: no share of them is defined.

    Parameters
    ----------
    output : (N, S), NaN where missing
    """
    rows: list[Row] = [
        ("specialisation", region, None, "nothing_made")
        for region, own in zip(regions, output, strict=True)
        if _of_nothing(own)
    ]
    return rows + [
        ("industry_concentration", None, industry, "nothing_made")
        for industry, own in zip(industries, output.T, strict=True)
        if _of_nothing(own)
    ]


def _of_nothing(own: Floats) -> bool:
    return bool(np.isfinite(own).any() and np.nansum(own) == 0)


def of_complexity(regions: Sequence[str], quotient: Floats) -> list[Row]:
    """Why there is no ECI: for all, or for the regions that it leaves out.

    Parameters
    ----------
    quotient : (N, S) location quotient, NaN where missing
    """
    m = presence(quotient)
    found = complexity(m)
    if found.undefined is not None:
        return [("eci", None, None, found.undefined)]
    without = np.isnan(found.eci) & np.isfinite(quotient).any(axis=1)
    return [
        ("eci", region, None, "little_known" if np.nansum(own) > 0 else "no_presence")
        for region, own, none in zip(regions, m, without, strict=True)
        if none
    ]


def of_autocorrelation(found: pl.DataFrame) -> list[Row]:
    """Industries that some regions have and that have no Moran's I, from `autocorrelations`."""
    known = found.filter(pl.col("regions") > 0)
    undefined = known.drop_nulls("undefined").select("industry", "undefined")
    return [("autocorrelation", None, *row) for row in undefined.iter_rows()]


def of_plants(sizes: pl.DataFrame, industries: pl.DataFrame) -> list[Row]:
    """Industries whose enterprises are known and that have no Ellison-Glaeser index.

    Parameters
    ----------
    sizes : industry, herfindahl of its enterprises, null where not known
    industries : industry, ellison_glaeser
    """
    known = sizes.drop_nulls("herfindahl")
    without = industries.filter(pl.col("ellison_glaeser").is_null()).join(
        known, on="industry", how="semi"
    )
    return [("ellison_glaeser", None, code, "one_enterprise") for code in without["industry"]]


def of_gradient(cells: pl.DataFrame, gradient: pl.DataFrame) -> list[Row]:
    """Pairs with value added and employment of which one is nothing.

    Parameters
    ----------
    cells : region, industry, value_added, employment, one year
    gradient : region, industry, gradient
    """
    both = cells.drop_nulls(["value_added", "employment"])
    without = both.join(
        gradient.drop_nulls("gradient"), on=["region", "industry"], how="anti"
    ).join(gradient, on=["region", "industry"], how="semi")
    pairs = without.select("region", "industry").sort("region", "industry")
    return [("gradient", region, industry, "no_workers") for region, industry in pairs.iter_rows()]


def of_change(shift_share: pl.DataFrame, macro_shifts: pl.DataFrame) -> list[Row]:
    """What starts from nothing has no growth rate, and an industry new to the nation no shift.

    Parameters
    ----------
    shift_share : region, industry, before, after
    macro_shifts : industry, macro_region, before, absolute_shift
    """
    new = shift_share.filter(pl.col("before") == 0, pl.col("after") > 0)
    rows: list[Row] = [
        ("share_lost", region, industry, "from_nothing")
        for region, industry in new.select("region", "industry").iter_rows()
    ]
    without = macro_shifts.drop_nulls("before").filter(pl.col("absolute_shift").is_null())
    return rows + [
        ("macro_shifts", None, code, "from_nothing") for code in without["industry"].unique().sort()
    ]
