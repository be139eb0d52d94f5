"""One row a project, of its transitions: what counts once, what stands apart, who it belongs to.

What each event counts as stands in `counting_rules.csv`: whether it is a state of the one project
(an increase of capital makes no second one), which capital its amount belongs to, and whether what
it says of region, industry and owner holds from then on.
"""

from functools import cache
from importlib.resources import files
from typing import Literal

import polars as pl

from yanzhen.study.result_columns import columns

PROJECTS = columns(
    "project region industry owner state since signed started in_production at_capacity ended "
    "end followed_from capital_signed capital_added funds_arrived",
    project="text", owner="text", state="term", since="text", signed="text", started="text",
    in_production="text", at_capacity="text", ended="text", end="term", followed_from="text",
    capital_signed="money", capital_added="money", funds_arrived="money",
)  # fmt: skip
"""Days are text, the first of each state; `end` is `moved_away` or `closed`, null while it lasts.
An amount is null where no row of the project says any."""
REACHED = ("signed", "started", "in_production", "at_capacity")
"""States in the order in which a project goes through them."""
ENDS = ("moved_away", "closed")
ATTRIBUTED = ("region", "industry", "owner")


@cache
def counting_rules() -> pl.DataFrame:
    """Return what each event counts as."""
    return pl.read_csv(files("yanzhen.goals").joinpath("counting_rules.csv").read_bytes())


def projects_of(transitions: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of `PROJECTS`, sorted by project, of a checked table `transitions`."""
    rows = transitions.with_row_index("row").sort("project", "date", "row")
    states = rows.filter(pl.col("event").is_in(_events("project", 1)))
    last = states.group_by("project", maintain_order=True).agg(
        state=pl.col("event").last(), since=pl.col("date").last()
    )
    days = states.group_by("project", maintain_order=True).agg(
        *(_first(state).alias(state) for state in REACHED),
        ended=pl.col("date").filter(pl.col("event").is_in(ENDS)).last(),
        end=pl.col("event").filter(pl.col("event").is_in(ENDS)).last(),
    )
    attributed = (
        rows.filter(pl.col("event").is_in(_events("attributes", 1)))
        .group_by("project", maintain_order=True)
        .agg(*(pl.col(name).drop_nulls().last() for name in ATTRIBUTED))
    )
    sums = rows.group_by("project", maintain_order=True).agg(
        pl.col("followed_from").drop_nulls().first(),
        *(_sum(kind).alias(name) for name, kind in _CAPITAL.items()),
    )
    made = last.join(days, on="project", how="left", maintain_order="left")
    for more in (attributed, sums):
        made = made.join(more, on="project", how="left", maintain_order="left")
    return made.select(*PROJECTS).cast(PROJECTS.types)  # type: ignore[arg-type]


_CAPITAL = {"capital_signed": "signed", "capital_added": "added", "funds_arrived": "arrived"}


def _events(column: Literal["project", "attributes", "capital"], value: int | str) -> list[str]:
    return counting_rules().filter(pl.col(column) == value)["event"].to_list()


def _first(state: str) -> pl.Expr:
    return pl.col("date").filter(pl.col("event") == state).first()


def _sum(kind: str) -> pl.Expr:
    """What rows that belong to a kind of capital add up to, null where none says an amount."""
    amounts = pl.col("amount").filter(pl.col("event").is_in(_events("capital", kind))).drop_nulls()
    return pl.when(amounts.len() > 0).then(amounts.sum())
