"""Units of GDP and population: taken into the study's own, or refused with the row."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.study.small import REGIONS, complete, small
from yanzhen.accounts.indicators import indicators_of
from yanzhen.study import Study, write_study
from yanzhen.study.checking import checked
from yanzhen.study.indicator_units import indicator_factor


@pytest.mark.parametrize(
    ("indicator", "unit", "factor"),
    [
        ("gdp", "100 million CNY", 1.0),
        ("gdp", "10,000 CNY", 1e-4),
        ("gdp", "亿元", 1.0),
        ("gdp", "million USD", None),
        ("gdp", "persons", None),
        ("gdp", "bushels", None),
        ("population", "persons", 1e-4),
        ("population", "千人", 0.1),
        ("population", "CNY", None),
        ("population", "ppm of the nation", None),
    ],
)
def test_a_unit_is_taken_into_the_study_s_own_or_not(
    indicator: str, unit: str, factor: float | None
) -> None:
    assert indicator_factor(indicator, unit, small().about) == pytest.approx(factor)


def with_indicators(units: list[tuple[str, str | None]]) -> Study:
    """A study with a figure in each of some units, region by region."""
    rows = pl.DataFrame(
        [
            (region, 2017, name, 5000.0, unit, "synthetic")
            for region, (name, unit) in zip(REGIONS, units, strict=False)
        ],
        schema=["region", "year", "indicator", "value", "unit", "status"],
        orient="row",
    )
    study = small()
    return replace(study, tables={**study.tables, "indicators": complete("indicators", rows)})


def test_figures_count_in_the_study_s_unit() -> None:
    given = [("gdp", "亿元"), ("gdp", "10,000 CNY"), ("gdp", None), ("co2_stock", "bushels")]
    assert indicators_of(with_indicators(given))["value"].to_list() == [5000, 0.5, 5000, 5000]


def test_check_names_the_row_of_another_currency(tmp_path: Path) -> None:
    given = [("gdp", None), ("gdp", "million USD"), ("population", "CNY"), ("co2_stock", "tons")]
    write_study(with_indicators(given), tmp_path)
    found = [each for each in checked(tmp_path).problems if each.table == "indicators"]
    told = [(Path(each.file).name, each.row, each.column) for each in found]
    assert told == [("indicators.csv", 3, "unit"), ("indicators.csv", 4, "unit")]
    assert (found[0].found, found[0].expected) == (
        "'million USD'",
        "a unit of money in CNY, such as 100 million CNY",
    )
    assert (found[1].found_zh, found[1].expected_zh) == ("“CNY”", "人数单位，如 万人")
