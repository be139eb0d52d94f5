"""Figures of enterprises and prices held against the output that they belong to."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from yanzhen.study.about import About
from yanzhen.study.cells import TypedTable
from yanzhen.study.factor_units import intensity_of, resource_per_money
from yanzhen.study.faults import ROW
from yanzhen.study.magnitudes import likely
from yanzhen.study.problem import Problem
from yanzhen.study.words import words

Tables = Mapping[str, TypedTable]

OF_ACTIVITY = {
    "output": "output",
    "jobs": "employment",
    "energy": "energy",
    "emissions": "emissions",
}
"""Column of `enterprises`, and the column of `activity` that holds it for all of an industry."""
WHO = ("enterprises", "projects")
"""Tables of those who are part of what `activity` has of their industry at their origin."""
LIMITED = ("jobs", "land", "energy", "emissions")
"""Resources besides output that places can have little of."""
UNIT = 10.0
"""The least step between two units: enterprises of so many times their industry are in another."""
MORE = 1.1
"""Times its industry's figure from which the enterprises of a region are worth a look."""
YEARLY = 0.15
"""Part of a price paid once that falls on a year: ten years at 8 %."""
APART = 50.0
"""How far a price of a factor may be from the median of the places."""


def check_enterprises(tables: Tables) -> list[Problem]:
    """Report columns so far beyond what their industry has that their unit is another."""
    return [problem for who in WHO for problem in _beyond_industry(tables, who, UNIT, np.inf)]


def check_enterprises_in_all(tables: Tables) -> list[Problem]:
    """Report columns that come to more than their industry has in their region."""
    return [problem for who in WHO for problem in _beyond_industry(tables, who, MORE, UNIT)]


def _beyond_industry(tables: Tables, who: str, least: float, below: float) -> list[Problem]:
    if who not in tables or "activity" not in tables:
        return []
    table, activity = tables[who], tables["activity"]
    rows = table.numbered()
    number = pl.col("count").fill_null(1) if "count" in rows.columns else pl.lit(1)
    problems = []
    for column, measure in OF_ACTIVITY.items():
        if column not in rows.columns:
            continue
        listed = (
            rows.filter(pl.col(column) > 0)
            .group_by(region="origin", industry="industry", maintain_order=True)
            .agg(listed=(pl.col(column) * number).sum(), row=pl.col(ROW).min())
        )
        most = activity.frame.group_by("region", "industry", maintain_order=True).agg(
            most=pl.col(measure).max()
        )
        ratio = listed.join(most, on=["region", "industry"], maintain_order="left")
        ratio = ratio.filter(pl.col("most") > 0).with_columns(
            times=pl.col("listed") / pl.col("most")
        )
        beyond = ratio.filter(pl.col("times") >= least, pl.col("times") < below)
        if beyond.height:
            problems.append(_beyond(table, who, column, measure, beyond, ratio.height))
    return problems


def _beyond(
    table: TypedTable, who: str, column: str, measure: str, beyond: pl.DataFrame, known: int
) -> Problem:
    worst = beyond.sort("times", descending=True, maintain_order=True).row(0, named=True)
    middle = float(beyond["times"].median())  # type: ignore[arg-type]
    values = {**worst, "measure": measure, "cells": beyond.height, "known": known}
    found = words("beyond_industry", **values, who=words(f"who.{who}"))
    expected = words("no_more_than_industry")
    if middle >= UNIT:
        expected = words("own_unit_and_no_more", step=likely(middle))
    row = worst["row"] if beyond.height == 1 else None
    return Problem.at(table.file, who, row, column, found, expected)


def check_resource_prices(about: About | None, tables: Tables) -> list[Problem]:
    """Report prices that take more of the output than there is."""
    if "resources" not in tables:
        return []
    table = tables["resources"]
    need = _needs(about, tables)
    problems = []
    for column in ("posted_price", "price_floor"):
        shares = (
            table.numbered()
            .filter(pl.col(column) > 0, pl.col("resource").is_in(list(need)))
            .with_columns(
                share=pl.col(column)
                * pl.col("resource").replace_strict(need, default=None, return_dtype=pl.Float64)
                * pl.when(pl.col("one_off").fill_null(False)).then(YEARLY).otherwise(1.0)
            )
            .filter(pl.col("share") > 1)
        )
        for (resource,), rows in shares.group_by("resource", maintain_order=True):
            problems.append(_eats(table, column, str(resource), rows, need[str(resource)]))
    return problems


def _eats(
    table: TypedTable, column: str, resource: str, rows: pl.DataFrame, need: float
) -> Problem:
    worst = rows.sort("share", descending=True, maintain_order=True).row(0, named=True)
    values = {"place": worst["place"], "price": worst[column], "share": worst["share"]}
    values |= {"resource": resource, "rows": rows.height, "need": need}
    row = int(worst[ROW])
    return Problem.of("price_eats_output", table.file, "resources", row, column, **values)


def _needs(about: About | None, tables: Tables) -> dict[str, float]:
    """What a unit of output needs of each resource.

    The median industry's of `intensities`, otherwise the median of enterprises, otherwise that of
    the cells of activity.
    """
    found = {"output": 1.0}
    for name, columns in (("activity", OF_ACTIVITY), ("enterprises", None)):
        if name not in tables:
            continue
        frame = tables[name].frame
        for resource in LIMITED:
            column = resource if columns is None else columns.get(resource)
            if column is None:
                continue
            both = frame.filter((pl.col("output") > 0) & (pl.col(column) > 0))
            if both.height:
                ratio = (both[column] / both["output"]).median()
                found[resource] = float(ratio)  # type: ignore[arg-type]
    return found if about is None else found | _stated_needs(about, tables)


def _stated_needs(about: About, tables: Tables) -> dict[str, float]:
    """The median over industries of what `intensities` states, in the study's units."""
    if "intensities" not in tables:
        return {}
    stated: dict[str, list[float]] = {}
    rows = tables["intensities"].frame.drop_nulls(["resource", "amount"])
    for resource, amount, unit in rows.select("resource", "amount", "unit").iter_rows():
        need = intensity_of(resource, amount, unit, about.currency)
        if need and resource in LIMITED:
            stated.setdefault(resource, []).append(need * resource_per_money(resource, about.units))
    return {resource: float(np.median(needs)) for resource, needs in stated.items()}


def check_factor_prices(tables: Tables) -> list[Problem]:
    """Point out prices of factors far from those of the other places."""
    if "factor_prices" not in tables:
        return []
    table = tables["factor_prices"]
    rows = table.numbered().filter(pl.col("price") > 0)
    alike = ["factor", "unit"]
    far = (
        rows.with_columns(usual=pl.col("price").median().over(alike), places=pl.len().over(alike))
        .with_columns(times=pl.col("price") / pl.col("usual"))
        .filter(pl.col("places") > 3, ~pl.col("times").is_between(1 / APART, APART))
    )
    return [
        Problem.of("factor_price_apart", table.file, "factor_prices", cells[ROW], "price", **cells)
        for cells in far.iter_rows(named=True)
    ]
