"""Inequality between regions by year, against the sums written out, and what it wants."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from yanzhen.advantage.inequality import inequality
from yanzhen.study import Study, WantOfData, read_study


def test_the_parts_add_up_and_equal_the_sums_written_out() -> None:
    found = inequality(read_study("china-provinces"))
    assert found.by_year["year"].to_list() == [2012, 2017, 2019] and found.year == 2019
    for row in found.by_year.iter_rows(named=True):
        assert row["between"] + row["within"] == pytest.approx(row["total"])
        assert row["regions"] == 31
    rows = found.study.tables["indicators"].filter(year=2019).pivot("indicator", index="region")
    gdp, people = (rows[f"value_{code}"].to_numpy() for code in ("gdp", "population"))
    share, heads = gdp / gdp.sum(), people / people.sum()
    assert found.by_region["contribution"].sum() == pytest.approx(found.by_year["total"][-1])
    assert found.by_year["total"][-1] == pytest.approx(float(share @ np.log(share / heads)))


def test_a_study_without_gdp_per_head_wants_data() -> None:
    study = read_study("china-provinces")
    without = study.tables["indicators"].filter(pl.col("indicator") == "gdp")
    with pytest.raises(WantOfData, match="population"):
        inequality(replace(study, tables={**study.tables, "indicators": without}))


def changed(change: pl.Expr, places: pl.Expr | None = None) -> Study:
    study = read_study("china-provinces")
    tables = {**study.tables, "indicators": study.tables["indicators"].with_columns(change)}
    if places is not None:
        tables["regions"] = tables["regions"].with_columns(places)
    return replace(study, tables=tables)


def test_rows_in_another_unit_count_as_what_they_are() -> None:
    beijing = (pl.col("region") == "110000") & (pl.col("indicator") == "gdp")
    there = pl.col("value")
    mixed = changed(pl.when(beijing).then(there * 1e4).otherwise(there).alias("value"))
    unit = pl.when(beijing).then(pl.lit("10,000 CNY")).otherwise("unit").alias("unit")
    tables = {**mixed.tables, "indicators": mixed.tables["indicators"].with_columns(unit)}
    found = inequality(replace(mixed, tables=tables)).by_year["total"].to_list()
    assert found == pytest.approx(inequality(read_study("china-provinces")).by_year["total"])


def test_regions_that_come_later_are_no_change_of_inequality() -> None:
    late = (pl.col("region") == "110000") & (pl.col("year") == 2012)
    found = inequality(changed(pl.when(late).then(None).otherwise("value").alias("value")))
    assert found.by_year["regions"].to_list() == [30, 31, 31] and found.alike_since == 2017


def test_without_macro_regions_there_are_no_parts() -> None:
    found = inequality(
        changed(pl.col("value"), pl.lit(None, dtype=pl.String).alias("macro_region"))
    )
    assert found.by_year["between"].null_count() == found.by_year["within"].null_count() == 3
    assert found.by_year["total"].null_count() == 0


def test_an_estimated_figure_makes_its_year_estimated() -> None:
    stated = pl.when(pl.col("year") == 2017).then(pl.lit("estimated")).alias("status")
    assert inequality(changed(stated)).by_year["status"].to_list() == [
        *("observed", "estimated", "observed")
    ]
