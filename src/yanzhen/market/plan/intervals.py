"""Frames of a plan with the interval that the draws give their figures."""

from collections.abc import Sequence

import polars as pl


def with_interval(
    frame: pl.DataFrame,
    drawn: pl.DataFrame,
    keys: Sequence[str],
    figure: str,
    shares: Sequence[str] = (),
) -> pl.DataFrame:
    """A frame with two columns after a figure, its 5 and 95 per cent quantiles over the draws.

    They are named after the figure with the endings _low and _high, and null where it is.

    Parameters
    ----------
    frame : with the keys and the figure
    drawn : frame of an `Uncertainty` with the keys, low, high
    shares : further columns of `drawn` to take along, shares of the draws
    """
    ends = {"low": f"{figure}_low", "high": f"{figure}_high"}
    joined = frame.join(
        drawn.select(*keys, "low", "high", *shares).rename(ends),
        on=list(keys),
        how="left",
        maintain_order="left",
    )
    told = [pl.when(pl.col(figure).is_not_null()).then(end).alias(end) for end in ends.values()]
    joined = joined.with_columns(told)
    place = frame.columns.index(figure) + 1
    return joined.select(*frame.columns[:place], *ends.values(), *shares, *frame.columns[place:])
