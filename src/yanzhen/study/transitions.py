"""Transitions of projects that can be true: forward in time, one state a day, in possible order."""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from yanzhen.study.cells import TypedTable
from yanzhen.study.faults import ROW, faults_of
from yanzhen.study.problem import Problem
from yanzhen.study.tables.goals import STATES

FOLLOWS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "signed": ("started", "in_production", "at_capacity", "stalled", "moved_away", "closed"),
        "started": ("in_production", "at_capacity", "stalled", "moved_away", "closed"),
        "in_production": ("at_capacity", "stalled", "moved_away", "closed"),
        "at_capacity": ("in_production", "stalled", "moved_away", "closed"),
        "stalled": ("started", "in_production", "at_capacity", "moved_away", "closed"),
        "moved_away": (),
        "closed": (),
    }
)
"""States that may follow each; a project may be known from any of them on."""


def check_transitions(tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Report transitions that cannot be: no day, back in time, two states a day, a false order."""
    table = tables.get("transitions")
    if table is None:
        return []
    at = table.file, table.table
    rows = table.numbered().select(ROW, "project", "date", "event", "amount", "followed_from")
    days = rows.with_columns(
        day=pl.col("date").str.to_date("%Y-%m-%d", strict=False),
        followed=pl.col("followed_from").str.to_date("%Y-%m-%d", strict=False),
    )
    no_day = days.filter(pl.col("date").is_not_null() & pl.col("day").is_null())
    no_start = days.filter(pl.col("followed_from").is_not_null() & pl.col("followed").is_null())
    # Numbers are sorted and grouped in a fraction of the time of codes.
    known = days.drop_nulls(["project", "day", "event"]).with_columns(
        number=pl.col("project").cast(pl.Categorical).to_physical()
    )
    entered = known.with_columns(before=pl.col("day").cum_max().shift(1).over("number"))
    back = entered.filter(pl.col("day") < pl.col("before"))
    return [
        *faults_of("no_day", *at, "date", no_day.with_columns(shown="date")),
        *faults_of("no_day", *at, "followed_from", no_start.with_columns(shown="followed_from")),
        *faults_of("back_in_time", *at, "date", back),
        *_states(at, known),
        *_amounts(at, known),
    ]


def _states(at: tuple[str, str], known: pl.DataFrame) -> list[Problem]:
    """Report two states of one day, and states in an order that cannot be."""
    states = known.filter(pl.col("event").is_in(STATES)).sort("number", "day", ROW)
    before = states.with_columns(
        same_project=pl.col("number") == pl.col("number").shift(1),
        earlier=pl.col("event").shift(1),
        earlier_date=pl.col("date").shift(1),
        earlier_row=pl.col(ROW).shift(1),
    ).filter("same_project")
    same_day = pl.col("date") == pl.col("earlier_date")
    possible = {f"{state} {after}" for state, others in FOLLOWS.items() for after in others}
    order = pl.concat_str("earlier", pl.lit(" "), "event")
    twice = before.filter(same_day, pl.col("event") != pl.col("earlier")).sort(ROW)
    impossible = before.filter(~same_day, ~order.is_in(list(possible))).sort(ROW)
    impossible = impossible.with_columns(
        listed=pl.col("earlier").replace_strict(
            {state: ", ".join(others) or "—" for state, others in FOLLOWS.items()},
            return_dtype=pl.String,
        )
    )
    return [
        *faults_of("two_states", *at, "event", twice),
        *faults_of("no_such_order", *at, "event", impossible),
    ]


def _amounts(at: tuple[str, str], known: pl.DataFrame) -> list[Problem]:
    """Report capital added and funds arrived that say no amount."""
    without = known.filter(pl.col("event").is_in(("increase", "funds")), pl.col("amount").is_null())
    return faults_of("no_amount", *at, "amount", without)
