"""What an industry usually needs for a unit of output, where a published figure is at hand.

Jobs per output of 2017 by division of GB/T 4754-2017, of the National Bureau of Statistics, in
`usual_intensities.csv`. They stand in for industries of which a study in yuan says the division and
nothing tells their jobs, in the year that they are of and later: what was foreseen before may not
rest on them. For land (output per mu), energy and electricity by industry no published
figure is at hand: nothing stands in for them, and `check` says what the table `intensities` needs.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

import polars as pl

from yanzhen.study.about import About
from yanzhen.study.cells import TypedTable
from yanzhen.study.factor_units import INTENSITY_UNITS, intensity_of
from yanzhen.study.movable import movable_industries
from yanzhen.study.overlaps import CodeRanges, code_ranges
from yanzhen.study.problem import Problem, Words
from yanzhen.study.tables import REQUIRED_TABLES, all_tables
from yanzhen.study.words import words
from yanzhen.study.years import last_movable

CURRENCY = "CNY"
NEEDED = {"jobs": "employment", "land": "", "energy": "energy"}
"""Resources that room and prices of sites are told in, and the column of `activity` of each."""
MOST_NAMED = 10


@cache
def usual_table() -> pl.DataFrame:
    """Usual intensities: division, resource, amount, unit, year, source, source_zh."""
    text = files("yanzhen.study").joinpath("usual_intensities.csv").read_text("utf-8")
    return pl.read_csv(text.encode())


def usual_intensities(
    about: About, industries: pl.DataFrame, resource: str, year: int
) -> dict[str, float]:
    """Usual need of a resource, in base units per unit of the currency, by industry.

    Of an industry whose divisions lie within those of one row.

    Parameters
    ----------
    industries : table of the study
    year : that the need is looked for in; figures of later years are left out
    """
    if about.currency != CURRENCY:
        return {}
    known = _known(resource, year)
    told = industries.drop_nulls("division").select("industry", "division")
    return {
        industry: need
        for industry, division in told.iter_rows()
        for span, need in known
        if _lies_in(code_ranges(division), span)
    }


@cache
def _known(resource: str, year: int) -> tuple[tuple[CodeRanges, float], ...]:
    """Divisions with their usual need of a resource."""
    rows = usual_table().filter(pl.col("year") <= year, resource=resource)
    return tuple(
        (span, need)
        for division, amount, unit in rows.select("division", "amount", "unit").iter_rows()
        if (span := code_ranges(division)) is not None
        and (need := intensity_of(resource, amount, unit, CURRENCY)) is not None
    )


def standing_in(
    about: About, tables: Mapping[str, pl.DataFrame], resource: str, year: int
) -> dict[str, float]:
    """Industries that may move for which a usual need stands in, sorted, with that need.

    Parameters
    ----------
    tables : of the study, by name
    year : that the need is looked for in
    """
    usual = usual_intensities(about, tables["industries"], resource, year)
    if not usual:
        return {}
    return {code: usual[code] for code in _untold(tables, resource) if code in usual}


def check_needs(about: About | None, tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Say what the industries of a study with sites need, as far as nothing in it tells.

    Parameters
    ----------
    tables : that are there
    """
    if (
        about is None
        or "sites" not in tables
        or any(name not in tables for name in REQUIRED_TABLES)
    ):
        return []
    frames = all_tables({name: table.frame for name, table in tables.items()})
    if frames["sites"].is_empty():
        return []
    return [
        Problem.at("intensities", "intensities", None, resource, found, expected)
        for resource in NEEDED
        for found, expected in _told(about, frames, resource)
    ]


def _told(
    about: About, frames: Mapping[str, pl.DataFrame], resource: str
) -> Iterator[tuple[Words, Words]]:
    """What stands in for what is not known of a resource, and what nothing stands in for."""
    instead = standing_in(about, frames, resource, last_movable(about.measured_by, frames) or 0)
    lacking = [code for code in _untold(frames, resource) if code not in instead]
    units = INTENSITY_UNITS[resource]
    if about.currency != CURRENCY:
        units = ", ".join(each for each in units.split(", ") if "元" not in each)
        units = units.replace(CURRENCY, about.currency)
    values = {"resource": words(f"needed.{resource}"), "units": units, "code": resource}
    if instead:
        source, source_zh = usual_table().filter(resource=resource).row(0)[-2:]
        told = {"count": len(instead), "source": (source, source_zh), **values}
        yield words("usual_need.found", **told), words("usual_need.expected", **told)
    if lacking:
        named = ", ".join(lacking[:MOST_NAMED]) + (" …" if len(lacking) > MOST_NAMED else "")
        told = {"count": len(lacking), "named": named, **values}
        yield words("no_need.found", **told), words("no_need.expected", **told)


def _untold(tables: Mapping[str, pl.DataFrame], resource: str) -> list[str]:
    """Industries that may move of whose need of a resource no table tells, sorted."""
    told = set(
        tables["intensities"].filter(pl.col("resource").cast(pl.String) == resource)["industry"]
    )
    if resource == "land":
        # The mean of listed enterprises tells of their industry.
        told |= set(tables["enterprises"].drop_nulls(resource)["industry"])
    if column := NEEDED.get(resource):
        told |= set(tables["activity"].drop_nulls(column)["industry"])
    movable = movable_industries(tables["industries"])["industry"]
    return sorted(set(movable) - told)


def _lies_in(inner: CodeRanges | None, outer: CodeRanges) -> bool:
    return inner is not None and outer.hold(inner)
