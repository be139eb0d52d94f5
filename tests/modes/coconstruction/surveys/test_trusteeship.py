"""Trusteeship: worth of it to both."""

import numpy as np
import polars as pl
import pytest

from yanzhen.modes.coconstruction.surveys.trusteeship import (
    Trusteeship,
    trusteeship_gains,
    trusteeship_parts,
)

TAX, COST, MANAGEMENT = np.full(2, 100.0), np.full(2, 40.0), np.full(2, 3.0)


def test_gains_are_those_of_the_formula_by_hand() -> None:
    # Uplift 0.1 · 100 + 0.05 · 40 = 12 a year; the home has a quarter of it and spends 3.
    found = trusteeship_gains(
        Trusteeship(0.1, -0.05, 0.25, "assumption"), TAX, COST, MANAGEMENT, 1.0, 0.0
    )
    assert found.home == pytest.approx((3 - 3) * 1.5)
    assert found.host == pytest.approx(9 * 2)


def test_at_the_lowest_part_of_the_interval_the_home_just_covers_its_cost() -> None:
    rough = Trusteeship(0.1, 0.0, 0.5, "assumption")
    found = trusteeship_gains(rough, TAX, COST, MANAGEMENT, 0.1, 0.2)
    assert found.interval is not None
    exact = Trusteeship(0.1, 0.0, found.interval[0], "assumption")
    assert trusteeship_gains(exact, TAX, COST, MANAGEMENT, 0.1, 0.2).home == pytest.approx(0)


def test_where_management_costs_more_than_it_brings_no_part_is_worth_it() -> None:
    poor = Trusteeship(0.01, 0.0, 0.5, "assumption")
    assert trusteeship_gains(poor, TAX, COST, MANAGEMENT, 0.0, 0.0).interval is None


def test_a_parameter_without_a_source_is_refused() -> None:
    with pytest.raises(ValueError, match="source"):
        Trusteeship(0.1, 0.0, 0.5, " ")


def test_a_part_above_one_is_refused() -> None:
    with pytest.raises(ValueError, match="home_part"):
        Trusteeship(0.1, 0.0, 1.5, "assumption")


def test_parts_of_equal_years_add_up_to_the_gains() -> None:
    trusteeship = Trusteeship(0.1, -0.05, 0.25, "assumption")
    parks = pl.DataFrame(
        {
            "home": ["h"],
            "host": ["g"],
            "industry": ["x"],
            "tax": [100.0],
            "cost": [40.0],
            "management": [3.0],
        }
    )
    parts = trusteeship_parts(parks, trusteeship, np.ones(2), 0.1, 0.2)
    whole = dict(parts.group_by("party").agg(pl.col("amount").sum()).iter_rows())
    gains = trusteeship_gains(trusteeship, TAX, COST, MANAGEMENT, 0.1, 0.2)
    assert whole == pytest.approx({"home": gains.home, "host": gains.host})


def test_where_the_uplift_is_below_zero_for_both_no_part_of_it_suits_both() -> None:
    # ρ = 10 % of a net tax of −100: 10 a year more subsidies, whoever bears them.
    lost = trusteeship_gains(
        Trusteeship(0.1, 0.0, 0.5, "assumption"),
        np.full(3, -100.0),
        np.zeros(3),
        np.zeros(3),
        0.0,
        0.0,
    )
    assert (lost.home, lost.host, lost.interval) == (-15.0, -15.0, None)


def test_a_park_without_tax_and_cost_suits_at_every_part() -> None:
    zero = np.zeros(3)
    found = trusteeship_gains(
        Trusteeship(0.1, 0.0, 0.5, "assumption"), zero, zero, zero, 0.05, 0.05
    )
    assert found.interval == (0.0, 1.0)
