"""What half-filled tables mean for a study, in words, for its check and its report."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from yanzhen.study.about import About
from yanzhen.study.cells import TypedTable
from yanzhen.study.coverage import (
    ALL,
    Coverage,
    destinations,
    leaves,
    unspoken,
    years_of_moves,
)
from yanzhen.study.problem import Problem, Words
from yanzhen.study.tables import REQUIRED_TABLES, all_tables
from yanzhen.study.tables.enterprises import ABROAD


@dataclass(frozen=True)
class Covered:
    """What one table says of the rest of the country, and how to say otherwise."""

    table: str
    column: str
    meaning: Words
    otherwise: Words


def covered(coverage: Coverage, tables: Mapping[str, pl.DataFrame]) -> list[Covered]:
    """Say what the tables that hold a part mean, or are declared to mean.

    A table that is empty, or that leaves nothing out, is not mentioned.

    Parameters
    ----------
    tables : of the study, by name
    """
    regions = leaves(tables["regions"])
    said = [
        _sites(coverage, tables["sites"], regions),
        _resources(coverage, tables, regions),
        _enterprises(coverage, tables["enterprises"]),
        _moves(coverage, tables),
    ]
    return [one for one in said if one is not None]


def check_coverage(about: About | None, tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Say of a study's tables that hold a part what the rest is taken to be."""
    if about is None or any(name not in tables for name in REQUIRED_TABLES):
        return []
    frames = all_tables({name: table.frame for name, table in tables.items()})
    return [
        Problem.at(tables[one.table].file, one.table, None, one.column, one.meaning, one.otherwise)
        for one in covered(about.coverage, frames)
    ]


def _sites(coverage: Coverage, declared: pl.DataFrame, regions: list[str]) -> Covered | None:
    others = len(set(regions) - set(declared["region"]))
    if declared.is_empty() or not others:
        return None
    listed, inside = declared.height, declared["region"].n_unique()
    if coverage.sites == ALL:
        return Covered(
            "sites",
            "site",
            (
                f"{listed} sites in {inside} of {inside + others} regions, declared to be all: "
                f"the other {others} are no destinations",
                f"{inside + others} 个区域中的 {inside} 个列有 {listed} 个承接地，并声明为全部："
                f"其余 {others} 个区域不承接",
            ),
            _setting("sites", "part", "if they are destinations too", "如其余区域也可承接"),
        )
    return Covered(
        "sites",
        "site",
        (
            f"{listed} sites in {inside} of {inside + others} regions: the other {others} have no "
            "site of their own and remain destinations, each as a whole",
            f"{inside + others} 个区域中的 {inside} 个列有 {listed} 个承接地："
            f"其余 {others} 个没有列出承接地，各作为一个整体仍可承接",
        ),
        _setting(
            "sites",
            "all",
            "if only the listed sites are destinations",
            "如只有列出的承接地可以承接",
        ),
    )


def _resources(
    coverage: Coverage, tables: Mapping[str, pl.DataFrame], regions: list[str]
) -> Covered | None:
    resources = tables["resources"]
    sites = destinations(coverage, tables["sites"], regions)
    silent = int(unspoken(sites, resources, tables["regions"]).sum())
    if resources.is_empty() or not silent:
        return None
    stated, places = sites.height - silent, sites.height
    found = (
        f"room of {stated} of {places} destinations",
        f"{places} 个承接地中 {stated} 个列有承接空间",
    )
    years = tables["activity"].filter(
        pl.col("output").is_not_null(), pl.col("region").is_in(regions)
    )["year"]
    if coverage.resources == ALL:
        return Covered(
            "resources",
            "place",
            (
                f"{found[0]}, declared to be all: the other {silent} are not limited",
                f"{found[1]}，并声明为全部：其余 {silent} 个不受限",
            ),
            _setting(
                "resources", "part", "to limit them to the room of the past", "如应限于以往的空间"
            ),
        )
    if years.n_unique() < 2:
        return Covered(
            "resources",
            "place",
            (
                f"{found[0]}: the other {silent} are not limited, for output of a single year "
                "shows no room",
                f"{found[1]}：其余 {silent} 个不受限，因为单一年份的产值显示不出空间",
            ),
            (
                "a row for each place, or output of two years or more",
                "每个承接地一行，或两个及以上年份的产值",
            ),
        )
    shown = sorted(years.to_list())
    first, last = shown[0], shown[-1]
    return Covered(
        "resources",
        "place",
        (
            f"{found[0]}: the other {silent} keep the room of the past (growth and idle capacity, "
            f"{first} to {last})",
            f"{found[1]}：其余 {silent} 个沿用以往的空间（{first}—{last} 年的增长与闲置产能）",
        ),
        _setting("resources", "all", "if the others are not limited", "如其余承接地不受限"),
    )


def _enterprises(coverage: Coverage, table: pl.DataFrame) -> Covered | None:
    listed = table.filter(pl.col("origin") != ABROAD)
    if listed.is_empty():
        return None
    origins, industries = listed["origin"].n_unique(), listed["industry"].n_unique()
    found = (
        f"{listed.height} enterprises or blocks of {origins} regions and {industries} industries",
        f"{origins} 个区域、{industries} 个行业的 {listed.height} 个企业或企业组",
    )
    if coverage.enterprises == ALL:
        return Covered(
            "enterprises",
            "enterprise",
            (
                f"{found[0]}, declared to be all: nobody else moves",
                f"{found[1]}，并声明为全部：此外无人转移",
            ),
            _setting("enterprises", "part", "if others move too", "如其他企业也会转移"),
        )
    return Covered(
        "enterprises",
        "enterprise",
        (
            f"{found[0]}: what activity holds beyond them, there and elsewhere, moves as blocks "
            "of region and industry",
            f"{found[1]}：activity 中此外的产值，不论当地或别处，按区域与行业成组参与转移",
        ),
        _setting("enterprises", "all", "if nobody else moves", "如此外无人转移"),
    )


def _moves(coverage: Coverage, tables: Mapping[str, pl.DataFrame]) -> Covered | None:
    years = years_of_moves(coverage, tables)
    if years is None:
        return None
    first, last = years
    return Covered(
        "moves",
        "year",
        (
            f"moves of {first} to {last} (years: {last - first + 1}): what has no row in these "
            "years is taken to have moved nothing",
            f"{first}—{last} 年（共 {last - first + 1} 年）的转移：其间没有记录的，视为没有转移",
        ),
        (
            "moves_from and moves_to under [coverage] in study.toml, if the table covers other "
            "years",
            "如该表覆盖的年份不同，在 study.toml 的 [coverage] 中写明 moves_from 与 moves_to",
        ),
    )


def _setting(table: str, value: str, when: str, when_zh: str) -> Words:
    return (
        f'{table} = "{value}" under [coverage] in study.toml, {when}',
        f'{when_zh}，在 study.toml 的 [coverage] 中写明 {table} = "{value}"',
    )
