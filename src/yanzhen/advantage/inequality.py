"""Whether regions drift apart: inequality of GDP per head by year, in its two parts."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.accounts.indicators import indicator_of, indicators_of
from yanzhen.accounts.panel import leaf_regions
from yanzhen.advantage.concentration import theil, theil_decomposition
from yanzhen.advantage.words import message
from yanzhen.study import Problem, Study, WantOfData
from yanzhen.study.result_columns import columns
from yanzhen.study.statuses import given_status, least_sure

BY_YEAR = columns(
    "year total between within regions status", total="index", between="index", within="index"
)
"""Theil's T and its two parts, over the `regions` whose GDP and population are known.

The parts are null where a region among them lies in no macro-region.
"""
BY_REGION = columns("year region macro_region share contribution")
"""Share of GDP, and what the region adds to Theil's T: more than its part of people, or less."""


@dataclass(frozen=True)
class Inequality:
    """Theil's T of GDP per head of the regions of a study (Theil 1967), by year.

    Attributes
    ----------
    study : what it is about
    year : the last
    alike_since : first year in which the very same regions are known as in the last
    by_year : of every year in which two regions or more are known
    by_region : of the last year, by what each adds, most first
    """

    study: Study
    year: int
    alike_since: int
    by_year: Annotated[pl.DataFrame, BY_YEAR]
    by_region: Annotated[pl.DataFrame, BY_REGION]


def inequality(study: Study) -> Inequality:
    """Measure the inequality of GDP per head between the regions of a study.

    Raises
    ------
    WantOfData
        When in no year GDP and population of two regions are known.
    """
    indicators, places = indicators_of(study), study.tables["regions"]
    places = places.filter(pl.col("region").is_in(leaf_regions(places)))
    known = {
        year: both
        for year in indicators["year"].unique().sort()
        if (both := _known(indicators, places, year)).height > 1
    }
    if not known:
        raise WantOfData([_no_gdp_per_head(study)])
    year, last = next(reversed(known.items()))
    alike = [one for one, both in known.items() if both["region"].equals(last["region"])]
    status = _status(study)
    gdp, people = (last[name].to_numpy() for name in ("gdp", "people"))
    by_region = last.select(
        pl.lit(year, dtype=pl.Int64).alias("year"),
        "region",
        "macro_region",
        share=gdp / gdp.sum(),
        contribution=gdp / gdp.sum() * np.log(gdp / gdp.sum() * people.sum() / people),
    )
    return Inequality(
        study,
        year,
        alike[0],
        BY_YEAR.frame(
            (one, *_theil(both), both.height, status[one]) for one, both in known.items()
        ),
        by_region.sort("contribution", "region", descending=[True, False]),
    )


def _known(indicators: pl.DataFrame, places: pl.DataFrame, year: int) -> pl.DataFrame:
    """Regions whose GDP and population of a year are known, with both."""
    regions = places["region"].to_list()
    gdp, people = (indicator_of(indicators, code, regions, year) for code in ("gdp", "population"))
    return places.select("region", "macro_region", gdp=gdp, people=people).filter(
        *(pl.col(name).is_finite() & (pl.col(name) > 0) for name in ("gdp", "people"))
    )


def _theil(known: pl.DataFrame) -> tuple[float, float | None, float | None]:
    gdp, people = known["gdp"].to_numpy(), known["people"].to_numpy()
    groups = known["macro_region"]
    if groups.null_count():
        return theil(gdp, people), None, None
    parts = theil_decomposition(gdp, people, groups.to_list())
    return parts.total, parts.between, parts.within


def _status(study: Study) -> dict[int, str]:
    """The least sure status of any figure of each year."""
    rows = study.tables["indicators"].filter(pl.col("indicator").is_in(["gdp", "population"]))
    of_rows = rows.with_columns(given_status("status", study.about.synthetic))
    by_year = of_rows.group_by("year", maintain_order=True).agg(least_sure("status"))
    return dict(by_year.iter_rows())


def _no_gdp_per_head(study: Study) -> Problem:
    return Problem.at(study.path, "indicators", None, "indicator", *message("no_gdp_per_head"))
