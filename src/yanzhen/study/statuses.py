"""What a figure is: observed, estimated or synthetic, as its own cell says.

A figure whose cell says nothing was observed, or is synthetic where the study is. That there is a
number says nothing of its status.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

Statuses = NDArray[np.str_]

OBSERVED, ESTIMATED, SYNTHETIC, MISSING = "observed", "estimated", "synthetic", "missing"
STATUSES = (OBSERVED, ESTIMATED, SYNTHETIC)
"""Of a figure that is there, from the surest on."""
WIDTH = "U9"


def given_status(column: str, synthetic: bool) -> pl.Expr:
    """Status of a table's figures.

    Parameters
    ----------
    column : that holds it, such as `status` or `output_status`
    synthetic : whether the study's figures are made up
    """
    return pl.col(column).cast(pl.String).fill_null(SYNTHETIC if synthetic else OBSERVED)


def least_sure(column: str) -> pl.Expr:
    """Status of a figure made of several: synthetic or estimated where any part is."""
    status = pl.col(column)
    return (
        pl.when((status == SYNTHETIC).any())
        .then(pl.lit(SYNTHETIC))
        .when((status == ESTIMATED).any())
        .then(pl.lit(ESTIMATED))
        .otherwise(pl.lit(OBSERVED))
    )


def least_sure_stated(column: str) -> pl.Expr:
    """The least sure status that cells state; the first one's where none states a lesser one."""
    lesser = pl.col(column).is_in([SYNTHETIC, ESTIMATED]).any()
    return pl.when(lesser).then(least_sure(column)).otherwise(pl.col(column).first())
