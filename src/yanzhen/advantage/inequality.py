"""Whether regions drift apart: inequality of GDP per head by year, in its two parts."""

from dataclasses import astuple, dataclass
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.accounts.indicators import indicator_of
from yanzhen.accounts.panel import Floats, leaf_regions
from yanzhen.advantage.concentration import theil_decomposition
from yanzhen.study import Problem, Study, WantOfData
from yanzhen.study.result_columns import columns

BY_YEAR = columns(
    "year total between within regions", total="index", between="index", within="index"
)
"""Theil's T and its two parts, over the `regions` whose GDP and population are known."""
BY_REGION = columns("year region macro_region share contribution")
"""Share of GDP, and what the region adds to Theil's T: more than its part of people, or less."""


@dataclass(frozen=True)
class Inequality:
    """Theil's T of GDP per head of the regions of a study (Theil 1967), by year.

    Attributes
    ----------
    study : what it is about
    year : the last
    by_year : of every year in which two regions or more are known
    by_region : of the last year, by what each adds, most first
    """

    study: Study
    year: int
    by_year: Annotated[pl.DataFrame, BY_YEAR]
    by_region: Annotated[pl.DataFrame, BY_REGION]


def inequality(study: Study) -> Inequality:
    """Measure the inequality of GDP per head between the regions of a study.

    Raises
    ------
    WantOfData
        When in no year GDP and population of two regions are known.
    """
    table, places = study.tables["indicators"], study.tables["regions"]
    places = places.filter(pl.col("region").is_in(leaf_regions(places)))
    groups = places["macro_region"].fill_null("").to_list()
    rows = []
    for year in table["year"].unique().sort():
        gdp, people = (
            indicator_of(table, code, places["region"].to_list(), year)
            for code in ("gdp", "population")
        )
        known = int(((gdp > 0) & (people > 0)).sum())
        if known > 1:
            there = np.where((gdp > 0) & (people > 0), gdp, np.nan)
            parts = theil_decomposition(there, np.where(people > 0, people, np.nan), groups)
            rows.append((year, *astuple(parts), known))
            last = there, people
    if not rows:
        raise WantOfData([_no_gdp_per_head(study)])
    by_region = places.select("region", "macro_region").with_columns(
        pl.lit(rows[-1][0], dtype=pl.Int64).alias("year"),
        share=last[0] / np.nansum(last[0]),
        contribution=_contributions(*last),
    )
    most_first = by_region.sort("contribution", "region", descending=[True, False], nulls_last=True)
    return Inequality(study, rows[-1][0], BY_YEAR.frame(rows), most_first.select(*BY_REGION))


def _contributions(gdp: Floats, people: Floats) -> Floats:
    known = np.isfinite(gdp) & (people > 0)
    share, heads = gdp / np.nansum(gdp), people / people[known].sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(known, share * np.log(share / heads), np.nan)


def _no_gdp_per_head(study: Study) -> Problem:
    return Problem.at(
        study.path,
        "indicators",
        None,
        "indicator",
        (
            "no year with gdp and population of two regions",
            "没有一年有两个以上地区的 gdp 与 population",
        ),
        ("rows gdp and population of every region", "各地区的 gdp 与 population 行"),
    )
