"""Regions that became a part of another: one place with its successor in every year.

A merged region ends in the year `successor_from`; from then on the figures of its successor hold
its own. Before anything is computed the successor is made the same place in the years before, so
that no change of a boundary passes for growth.
"""

from collections.abc import Mapping

import polars as pl

from yanzhen.study.cells import TypedTable
from yanzhen.study.faults import ROW, faults_of
from yanzhen.study.problem import Problem, Words
from yanzhen.study.statuses import least_sure_stated
from yanzhen.study.tables import REQUIRED_TABLES, meanings
from yanzhen.study.words import message, same, words

Frames = Mapping[str, pl.DataFrame]

ADDED = ("activity", "indicators", "foreign_investment", "trade")
"""Tables of figures by region and year that add up over the parts of a region."""
ADDED_INDICATORS = ("gdp", "population")
"""Indicators that add up; those of a region that ended are otherwise left out."""

_ENDS = {"distances": ("origin", "destination"), "moves": ("origin", "destination")} | {
    "agreements": ("home", "host")
}


def succeeded(tables: Frames) -> dict[str, pl.DataFrame]:
    """Return the tables of a study with each merged region counted as its successor throughout.

    Parameters
    ----------
    tables : of a checked study, with all declared columns

    Returns
    -------
    The same tables where no region has a successor. Otherwise a region that ended is in none of
    them: its figures of the years before are added to its successor's (a sum is known where every
    part is, and as sure as its least sure part), what refers to it refers to the successor, and
    what would then be between a place and itself, or said twice, is left out.
    """
    into = successors(tables["regions"])
    if not into:
        return dict(tables)
    made = {}
    for name, frame in tables.items():
        if name == "regions":
            made[name] = frame.filter(~pl.col("region").is_in(list(into)))
        elif name in ADDED:
            made[name] = _added(name, frame, tables["regions"], into)
        else:
            made[name] = _referring(name, frame, into)
    return made


def successors(regions: pl.DataFrame) -> dict[str, str]:
    """Return the region that each merged one is a part of in the end, chains followed."""
    following = dict(_ended(regions).select("region", "successor").iter_rows())
    last = {}
    for region in following:
        after, passed = following[region], {region}
        while after in following and after not in passed:
            passed.add(after)
            after = following[after]
        last[region] = after
    return last


def ended_years(regions: pl.DataFrame) -> dict[str, int]:
    """Return the year from which on each merged region is a part of its successor."""
    return dict(_ended(regions).select("region", "successor_from").iter_rows())


def check_successions(tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Report successors that cannot be followed, and figures of a region after its end."""
    if any(name not in tables for name in REQUIRED_TABLES):
        return []
    regions = tables["regions"]
    rows = regions.numbered().drop_nulls("region")
    parent = dict(rows.select("region", "parent").iter_rows())
    following = dict(rows.select("region", "successor").iter_rows())
    problems = []
    for cells in rows.iter_rows(named=True):
        region, successor, year = (cells[c] for c in ("region", "successor", "successor_from"))
        if (successor is None) != (year is None):
            column = "successor" if successor is None else "successor_from"
            at = regions.file, "regions", cells[ROW], column
            problems.append(Problem.of(f"{column}_lacking", *at, year=year, successor=successor))
        if successor is not None and successor in parent:
            fault = _succession_fault(region, following, parent)
            if fault is not None:
                at = regions.file, "regions", cells[ROW], "successor"
                problems.append(Problem.at(*at, *fault))
    return [*problems, *_figures_after_the_end(tables["activity"], regions.frame)]


def _ended(regions: pl.DataFrame) -> pl.DataFrame:
    return regions.drop_nulls(["region", "successor", "successor_from"])


def _succession_fault(
    region: str, following: Mapping[str, str | None], parent: Mapping[str, str | None]
) -> tuple[Words, Words] | None:
    """What is wrong with the successor of a region, and what was expected."""
    successor = following[region]
    assert successor is not None
    chain = [region]
    after: str | None = successor
    while after is not None and after not in chain:
        chain.append(after)
        after = following.get(after)
    if after == region:
        return same(" → ".join([*chain, region])), words("circle_of_successors")
    above = set(parent.values())
    for code in (region, successor):
        if code in above:
            return message("has_regions_below", code=code)
    if parent[region] != parent[successor]:
        one, other = (
            words("below" if parent[code] else "at_the_top", code=code, parent=parent[code])
            for code in (successor, region)
        )
        return message("of_two_parents", one=one, other=other)
    return None


def _figures_after_the_end(activity: TypedTable, regions: pl.DataFrame) -> list[Problem]:
    """Figures other than zero of a region in years in which it is a part of another."""
    ended = _ended(regions).select("region", "successor", "successor_from").unique("region")
    rows = activity.numbered().join(ended, on="region", maintain_order="left")
    rows = rows.filter(pl.col("year") >= pl.col("successor_from"))
    problems = []
    for column in _figures("activity"):
        broken = rows.filter(pl.col(column).fill_null(0.0) != 0)
        problems += faults_of("figure_after_end", activity.file, "activity", column, broken)
    return problems


def _figures(table: str) -> list[str]:
    return [name for name, said in meanings(table).items() if said.kind in ("amount", "integer")]


def _keys(table: str) -> list[str]:
    return [name for name, said in meanings(table).items() if said.key]


def _added(
    table: str, frame: pl.DataFrame, regions: pl.DataFrame, into: Mapping[str, str]
) -> pl.DataFrame:
    """A table of figures by region and year, those of a merged region added to its successor's."""
    ends = _ended(regions).select("region", until="successor_from")
    rows = frame.join(ends, on="region", how="left", maintain_order="left").filter(
        pl.col("until").is_null() | (pl.col("year") < pl.col("until"))
    )
    if table == "indicators":
        rows = rows.filter(
            ~pl.col("region").is_in(list(into)) | pl.col("indicator").is_in(ADDED_INDICATORS)
        )
    merged = rows["region"].is_in(list({*into, *into.values()}))
    if table == "indicators":
        merged &= rows["indicator"].is_in(ADDED_INDICATORS)
    parts = rows.filter(merged).with_columns(pl.col("region").replace(into))
    until = pl.DataFrame(
        {"region": list(into.values()), "end": [ended_years(regions)[code] for code in into]},
        schema={"region": pl.String, "end": pl.Int64},
    )
    # The successor itself, and each region that was not yet a part of it.
    expected = (
        parts.select("region", "year")
        .unique()
        .join(until, on="region")
        .group_by("region", "year", maintain_order=True)
        .agg(expected=1 + (pl.col("year") < pl.col("end")).sum())
    )
    keys = _keys(table)
    one_unit = pl.col("unit").n_unique() == 1 if "unit" in frame.columns else pl.lit(True)
    sums = parts.join(expected, on=["region", "year"], how="left", maintain_order="left")
    sums = sums.group_by(keys, maintain_order=True).agg(
        *(
            pl.when((pl.col(name).count() == pl.col("expected").first()) & one_unit)
            .then(pl.col(name).sum())
            .alias(name)
            for name in _figures(table)
            if name not in keys
        ),
        *(
            least_sure_stated(name).alias(name) if name.endswith("status") else pl.col(name).first()
            for name in frame.columns
            if name not in keys and name not in _figures(table)
        ),
    )
    return pl.concat([rows.filter(~merged).select(frame.columns), sums.select(frame.columns)])


def _referring(table: str, frame: pl.DataFrame, into: Mapping[str, str]) -> pl.DataFrame:
    """A table whose references to a merged region are to its successor."""
    columns = [name for name, said in meanings(table).items() if "regions" in said.refers]
    if not columns or not frame.height:
        return frame
    moved = pl.any_horizontal(pl.col(name).is_in(list(into)).fill_null(False) for name in columns)
    rows = frame.with_columns(moved.alias("moved")).with_columns(
        pl.col(name).replace(into) for name in columns
    )
    if table in _ENDS:
        start, end = _ENDS[table]
        rows = rows.filter(~pl.col("moved") | (pl.col(start) != pl.col(end)))
    keys = _keys(table)
    if not set(keys) & set(columns):
        return rows.select(frame.columns)
    # What the successor says of itself comes first.
    rows = rows.sort("moved", maintain_order=True)
    if table in ("input_output", "resources"):
        amount = "value" if table == "input_output" else "capacity"
        whole = pl.when(pl.col(amount).null_count() == 0).then(pl.col(amount).sum())
        rows = rows.group_by(keys, maintain_order=True).agg(
            whole.alias(amount),
            least_sure_stated("status").alias("status"),
            pl.exclude(*keys, amount, "status").first(),
        )
    return rows.unique(keys, keep="first", maintain_order=True).select(frame.columns)
