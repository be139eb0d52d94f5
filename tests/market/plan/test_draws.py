"""Draws of parameters and room."""

import numpy as np
import polars as pl
import pytest
from scipy import stats

from yanzhen.market.plan.draws import draw, triangular
from yanzhen.study import TABLES
from yanzhen.study.standard import standard_assumptions

NONE = TABLES["parameter_covariance"].create_empty()


def covariance(rows: list[tuple[str, str, float]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=list(NONE.columns), orient="row")


def parameters() -> pl.DataFrame:
    return standard_assumptions().sort("parameter")


def test_quantiles_are_the_triangular_distribution_s() -> None:
    uniform = np.linspace(0.001, 0.999, 50)
    expected = stats.triang.ppf(uniform, c=0.25, loc=1.0, scale=4.0)
    np.testing.assert_allclose(triangular(uniform, 1.0, 2.0, 5.0), expected)


@pytest.mark.parametrize("mode", [0.0, 1.0])
def test_the_mode_may_be_an_end(mode: float) -> None:
    assert np.isfinite(triangular(np.array([0.0, 0.5, 1.0]), 0.0, mode, 1.0)).all()


def test_draws_stay_within_their_intervals() -> None:
    table = parameters().drop_nulls(["low", "high"])
    for number in range(50):
        found = draw(table, NONE, 3, 1, number).parameters
        for name, low, high in table.select("parameter", "low", "high").iter_rows():
            assert low <= found[name] <= high


def test_a_draw_depends_on_seed_and_number_alone() -> None:
    one, again = (draw(parameters(), NONE, 4, 7, 3) for _ in range(2))
    assert one.parameters == again.parameters
    assert (one.room == again.room).all()
    assert draw(parameters(), NONE, 4, 7, 4).parameters != one.parameters
    assert draw(parameters(), NONE, 4, 8, 3).parameters != one.parameters


def test_what_the_plan_covers_is_never_drawn() -> None:
    table = parameters().with_columns(
        high=pl.when(pl.col("parameter") == "plan_years").then(9.0).otherwise("high")
    )
    assert {draw(table, NONE, 0, 1, k).parameters["plan_years"] for k in range(20)} == {5.0}


def test_fixing_a_parameter_shifts_no_other() -> None:
    fixed = parameters().with_columns(
        low=pl.when(pl.col("parameter") == "distance_cost").then("value").otherwise("low"),
        high=pl.when(pl.col("parameter") == "distance_cost").then("value").otherwise("high"),
    )
    free, held = (draw(table, NONE, 2, 1, 0).parameters for table in (parameters(), fixed))
    differing = {name for name in free if free[name] != held[name]}
    assert differing == {"distance_cost"}


def test_joint_parameters_have_their_covariance() -> None:
    table = parameters().with_columns(low=pl.lit(None, pl.Float64), high=pl.lit(None, pl.Float64))
    table = table.with_columns(
        low=pl.when(pl.col("parameter") == "room_scale").then(0.5),
        high=pl.when(pl.col("parameter") == "room_scale").then(1.5),
    )
    rows = [("sigma", "sigma", 4e-6), ("sigma", "distance_cost", -1e-6)]
    rows.append(("distance_cost", "distance_cost", 1e-6))
    found = [draw(table, covariance(rows), 0, 1, k).parameters for k in range(2000)]
    sample = np.cov([[one["sigma"], one["distance_cost"]] for one in found], rowvar=False)
    expected = np.array([[4e-6, -1e-6], [-1e-6, 1e-6]])
    np.testing.assert_allclose(sample, expected, rtol=0.15)


def test_a_covariance_that_is_none_is_refused() -> None:
    rows = [("sigma", "sigma", 1.0), ("sigma", "distance_cost", 5.0)]
    with pytest.raises(ValueError, match="positive semidefinite"):
        draw(parameters(), covariance(rows), 0, 1, 0)


def test_room_factors_keep_to_the_relative_interval_of_room_scale() -> None:
    factors = np.concatenate([draw(parameters(), NONE, 31, 1, k).room for k in range(40)])
    assert factors.min() >= 0.5
    assert factors.max() <= 1.5
    assert factors.mean() == pytest.approx(1.0, abs=0.03)
