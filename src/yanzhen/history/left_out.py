"""Which industries and cells a comparison of shares leaves out, and why."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.study.result_columns import columns

Reason = Literal["no_total", "not_foretold", "missing", "one_region", "no_output"]
"""No national total, nothing else foretold of it, no cell in all the years used, only one of them,
no output in the cells compared."""
LEFT_OUT = columns("industry cells reason")
"""`cells` have figures in all the years used and are all left out."""


def industries_left_out(
    industries: Sequence[str], present: Booleans, foretold: Floats, kept: Booleans, totals: Floats
) -> pl.DataFrame:
    """Name the industries that are not compared, with the first reason that explains it.

    Parameters
    ----------
    industries : (S,) codes
    present : (N, S) cells with a figure in all the years used
    foretold : (N, S) what was foretold, NaN where nothing was
    kept : (S,) industries compared
    totals : (S,) national totals at the start of the test, NaN where unknown; zeros where none
        is needed

    Returns
    -------
    pl.DataFrame
        `LEFT_OUT`
    """
    count = present.sum(axis=0)
    compared = (present & np.isfinite(foretold)).sum(axis=0)
    rows: list[tuple[str, int, Reason]] = []
    for s, industry in enumerate(industries):
        if kept[s]:
            continue
        reason: Reason = "no_output"
        if count[s] == 0:
            reason = "missing"
        elif compared[s] == 0:
            reason = "no_total" if np.isnan(totals[s]) else "not_foretold"
        elif compared[s] == 1:
            reason = "one_region"
        rows.append((industry, int(count[s]), reason))
    return LEFT_OUT.frame(rows)
