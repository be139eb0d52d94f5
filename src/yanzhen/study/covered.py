"""What half-filled tables mean for a study, in words, for its check and its report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from yanzhen.study.about import About
from yanzhen.study.cells import TypedTable
from yanzhen.study.coverage import (
    ALL,
    PART,
    Coverage,
    destinations,
    leaves,
    listed_in_full,
    unspoken,
    without_site,
    years_of_moves,
)
from yanzhen.study.problem import Problem, Words
from yanzhen.study.size import Size
from yanzhen.study.tables import REQUIRED_TABLES, all_tables
from yanzhen.study.tables.enterprises import ABROAD
from yanzhen.study.words import message, words

MOST_NAMED = 40
"""Regions that a sentence names before it counts the rest."""
_OWN = words("coverage.own")


@dataclass(frozen=True)
class Covered:
    """What one table says of the rest of the country, and how to say otherwise."""

    table: str
    column: str
    meaning: Words
    otherwise: Words


def covered(about: About, tables: Mapping[str, pl.DataFrame]) -> list[Covered]:
    """Say what the tables that hold a part mean, or are declared to mean.

    A table that is empty, or that leaves nothing out, is not mentioned.

    Parameters
    ----------
    tables : of the study, by name
    """
    regions, coverage = leaves(tables["regions"]), about.coverage
    said = [
        _sites(coverage, tables, regions),
        _resources(coverage, about.measured_by, tables, regions),
        _enterprises(coverage, tables),
        _moves(coverage, about.measured_by, tables),
    ]
    return [one for one in said if one is not None]


def check_coverage(about: About | None, tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Say of a study's tables that hold a part what the rest is taken to be."""
    if about is None or any(name not in tables for name in REQUIRED_TABLES):
        return []
    frames = all_tables({name: table.frame for name, table in tables.items()})
    return [
        Problem.at(tables[one.table].file, one.table, None, one.column, one.meaning, one.otherwise)
        for one in covered(about, frames)
    ]


def _sites(
    coverage: Coverage, tables: Mapping[str, pl.DataFrame], regions: list[str]
) -> Covered | None:
    declared, others = tables["sites"], without_site(coverage, tables, regions)
    if not others:
        return None
    inside = declared["region"].n_unique()
    in_full = listed_in_full(coverage, declared["region"].to_list(), tables["regions"])
    open_to_all = [code for code in others if code not in in_full]
    values = {
        "listed": declared.height,
        "inside": inside,
        "others": len(others),
        "named": _named(others, tables["regions"]),
    }
    if in_full and coverage.sites == PART:
        key = "coverage.sites.in_full" if open_to_all else "coverage.sites.all"
        values |= {
            "own": _named(coverage.in_full, tables["regions"]),
            "others": len(open_to_all),
            "named": _named(open_to_all, tables["regions"]),
        }
        return Covered("sites", "site", words(key, **values, regions=inside + len(others)), _OWN)
    return _declared(coverage, "sites", "site", **values, regions=inside + len(others))


def _named(codes: Sequence[str], regions: pl.DataFrame) -> Words:
    """The names of regions, the first so many where they are more."""
    known = {
        code: (english or chinese or code, chinese or english or code)
        for code, english, chinese in regions.select("region", "name_en", "name_zh").iter_rows()
    }
    names = [known.get(code, (code, code)) for code in codes[:MOST_NAMED]]
    listed = ", ".join(en for en, _ in names), "、".join(zh for _, zh in names)
    more = len(codes) - len(names)
    return words("and_more_places", named=listed, more=more, all=len(codes)) if more else listed


def _resources(
    coverage: Coverage, size: Size, tables: Mapping[str, pl.DataFrame], regions: list[str]
) -> Covered | None:
    resources = tables["resources"]
    sites = destinations(coverage, tables["sites"], regions, tables["regions"])
    silent = int(unspoken(sites, resources, tables["regions"], size).sum())
    if resources.is_empty() or not silent:
        return None
    values = {"stated": sites.height - silent, "places": sites.height, "silent": silent}
    years = tables["activity"].filter(
        pl.col(size.measure).is_not_null(), pl.col("region").is_in(regions)
    )["year"]
    if coverage.resources == PART and years.n_unique() < 2:
        return Covered("resources", "place", *message("room_of_one_year", **values))
    return _declared(coverage, "resources", "place", **values, first=years.min(), last=years.max())


def _enterprises(coverage: Coverage, tables: Mapping[str, pl.DataFrame]) -> Covered | None:
    listed = tables["enterprises"].filter(pl.col("origin") != ABROAD)
    if listed.is_empty():
        return None
    kinds = {"origins": listed["origin"].n_unique(), "industries": listed["industry"].n_unique()}
    in_full = listed_in_full(coverage, listed["origin"].to_list(), tables["regions"])
    if in_full and coverage.enterprises == PART:
        own = _named(coverage.in_full, tables["regions"])
        told = words("coverage.enterprises.in_full", listed=listed.height, **kinds, own=own)
        return Covered("enterprises", "enterprise", told, _OWN)
    return _declared(coverage, "enterprises", "enterprise", listed=listed.height, **kinds)


def _moves(coverage: Coverage, size: Size, tables: Mapping[str, pl.DataFrame]) -> Covered | None:
    years = years_of_moves(coverage, size, tables)
    if years is None:
        return None
    first, last = years
    values = {"first": first, "last": last, "years": last - first + 1}
    return Covered("moves", "year", *message("moves_of_years", **values))


def _declared(coverage: Coverage, table: str, column: str, **values: object) -> Covered:
    """What a table is declared to hold, and how to declare the other."""
    held = getattr(coverage, table)
    other = PART if held == ALL else ALL
    when = words(f"coverage.{table}.if_{other}")
    otherwise = words("coverage.otherwise", table=table, value=other, when=when)
    return Covered(table, column, words(f"coverage.{table}.{held}", **values), otherwise)
