"""Times to production and to exit of projects, in days, with late entry and competing events."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import polars as pl

from yanzhen.goals.incidence import Spells

ORIGINS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"signed": ("in_production", "ended"), "in_production": ("moved_away", "closed")}
)
"""Where times begin, and the events that end them, causes 1, 2 in this order.

From signing, `ended` is to move away or close before production; from production on the two are
told apart. A project at capacity is in production.
"""


@dataclass(frozen=True)
class ProjectSpells:
    """Spells of projects.

    Attributes
    ----------
    project : code of each
    spells : of the same order
    """

    project: pl.Series
    spells: Spells


def spells_from(origin: str, projects: pl.DataFrame, last_day: str) -> ProjectSpells:
    """Return the times of projects from signing, or from production on.

    Parameters
    ----------
    origin : of `ORIGINS`
    projects : the columns of `PROJECTS`
    last_day : until which projects are known; what has not happened by then is censored there

    Returns
    -------
    Spells of projects that reached the origin and were at risk for a day or more. One followed only
    from a later day enters then: had it ended before, nobody would have listed it.
    """
    produced = pl.min_horizontal("in_production", "at_capacity")
    begin = pl.col("signed") if origin == "signed" else produced
    days = projects.select(
        "project",
        "end",
        begin=_day(begin),
        produced=_day(produced),
        ended=_day(pl.col("ended")),
        followed=_day(pl.col("followed_from")),
        last=_day(pl.lit(last_day)),
    ).drop_nulls("begin")
    if origin == "signed":
        first = pl.min_horizontal("produced", "ended", "last")
        cause = (
            pl.when(pl.col("produced") == pl.col("stop"))
            .then(1)
            .when(pl.col("ended") == pl.col("stop"))
            .then(2)
            .otherwise(0)
        )
    else:
        first = pl.min_horizontal("ended", "last")
        cause = (
            pl.when(pl.col("ended") == pl.col("stop"))
            .then(pl.when(pl.col("end") == "moved_away").then(1).otherwise(2))
            .otherwise(0)
        )
    made = days.with_columns(stop=first).with_columns(
        cause=cause,
        exit=(pl.col("stop") - pl.col("begin")).dt.total_days(),
        entry=(pl.col("followed") - pl.col("begin")).dt.total_days().clip(0).fill_null(0),
    )
    made = made.filter(pl.col("exit") > pl.col("entry"))
    return ProjectSpells(
        made["project"],
        Spells(
            made["entry"].to_numpy().astype(np.float64),
            made["exit"].to_numpy().astype(np.float64),
            made["cause"].to_numpy().astype(np.int64),
        ),
    )


def _day(text: pl.Expr) -> pl.Expr:
    return text.str.to_date("%Y-%m-%d")
