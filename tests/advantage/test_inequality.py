"""Inequality between regions by year, against the sums written out, and what it wants."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from yanzhen.advantage.inequality import inequality
from yanzhen.study import WantOfData, read_study


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
