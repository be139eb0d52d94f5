"""Units of prices and intensities, as people write them."""

from pathlib import Path

import polars as pl
import pytest

from tests.study.small import REGIONS, complete, small
from yanzhen.study import write_study
from yanzhen.study.checking import checked
from yanzhen.study.factor_units import (
    ELECTRICITY,
    INTENSITY_UNITS,
    LAND,
    PRICE_UNITS,
    WAGE,
    intensity_of,
    price_factor,
)
from yanzhen.study.rates import rate_of


@pytest.mark.parametrize(
    ("text", "above", "below", "factor"),
    [
        ("CNY per person-year", "money", ("persons", "time"), 1),
        ("10,000 CNY per person and year", "money", ("persons", "time"), 1e4),
        ("元/人·月", "money", ("persons", "time"), 12),
        ("元/(人·年)", "money", ("persons", "time"), 1),
        ("元/人年", "money", ("persons", "time"), 1),
        ("万元/年", "money", ("time",), 1e4),
        ("元每千瓦时", "money", ("energy",), 1 / 3.6e-3),
        ("yuan per kWh", "money", ("energy",), 1 / 3.6e-3),
        ("万元/亩", "money", ("area",), 15),
        ("元/平方米/年", "money", ("area", "time"), 1),
        ("mu per 10,000 CNY", "area", ("money",), 1e4 / 15 / 1e4),
    ],
)
def test_rates_are_read(text: str, above: str, below: tuple[str, ...], factor: float) -> None:
    rate = rate_of(text)
    assert rate is not None
    assert (rate.above, rate.below, rate.currency) == (above, below, "CNY")
    assert rate.factor == pytest.approx(factor)


@pytest.mark.parametrize("text", ["", "CNY", "furlong per fortnight", "USD per CNY", "/", "元/"])
def test_what_is_no_rate_is_none(text: str) -> None:
    assert rate_of(text) is None


@pytest.mark.parametrize("factor", [WAGE, ELECTRICITY, LAND])
def test_units_named_in_a_message_are_accepted(factor: str) -> None:
    for unit in PRICE_UNITS[factor].split(", "):
        written = unit.partition(" (")[0]
        assert price_factor(factor, written, "CNY") is not None, written


def test_intensities_named_in_a_message_are_accepted() -> None:
    for resource, units in INTENSITY_UNITS.items():
        for unit in units.split(", "):
            assert intensity_of(resource, 2.0, unit, "CNY") is not None, unit


def test_output_per_mu_is_the_inverse_of_land_per_output() -> None:
    by_output = intensity_of("land", 400.0, "万元/亩", "CNY")
    assert by_output == pytest.approx(1e4 / 15 / 4e6)
    assert intensity_of("land", 25.0, "mu per 100 million CNY", "CNY") == pytest.approx(by_output)
    assert intensity_of("land", 0.0, "万元/亩", "CNY") is None


def test_a_price_is_paid_once_or_each_year() -> None:
    assert price_factor(LAND, "万元/亩", "CNY") == (pytest.approx(15), False)
    assert price_factor(LAND, "元/平方米/年", "CNY") == (1, True)
    assert price_factor(LAND, "USD per m2", "CNY") is None
    assert price_factor(WAGE, "CNY per kWh", "CNY") is None


def test_check_names_the_row_of_a_unit_that_is_none(tmp_path: Path) -> None:
    prices = pl.DataFrame(
        [
            (REGIONS[0], "wage", 2017, 7.0, "10,000 CNY per person-year"),
            (REGIONS[1], "wage", 2017, 7.0, "CNY per kWh"),
            (REGIONS[2], "电价", 2017, 0.7, None),
            (REGIONS[3], "credit", 2017, 0.05, "per year"),
        ],
        schema=["place", "factor", "year", "price", "unit"],
        orient="row",
    ).with_columns(status=pl.lit("synthetic"))
    needs = pl.DataFrame(
        {
            "industry": ["06", "13"],
            "resource": ["land", "land"],
            "amount": [400.0, 0.0],
            "unit": ["bushels", "万元/亩"],
            "status": ["synthetic", "synthetic"],
        }
    )
    study = small()
    tables = {
        **study.tables,
        "factor_prices": complete("factor_prices", prices),
        "intensities": complete("intensities", needs),
    }
    write_study(type(study)(about=study.about, tables=tables, path="small"), tmp_path)
    found = checked(tmp_path)
    assert [(each.table, each.row, each.column) for each in found.problems] == [
        ("factor_prices", 3, "unit"),
        ("factor_prices", 4, "unit"),
        ("intensities", 2, "unit"),
        ("intensities", 3, "amount"),
    ]
    named = [(each.table, each.row, each.column) for each in found.warnings]
    assert ("factor_prices", 5, "factor") in named
