import numpy as np
import polars as pl
import pytest

from yanzhen.advantage.gradient import gradient_coefficient, gradients, relative_productivity

V = np.array([[30.0, 10.0], [20.0, 40.0]])
L = np.array([[10.0, 10.0], [10.0, 20.0]])


def test_two_by_two_in_closed_form():
    np.testing.assert_allclose(relative_productivity(V, L), [[3 / 2.5, 1 / (5 / 3)], [0.8, 1.2]])
    assert gradient_coefficient(V, L)[0, 0] == pytest.approx(1.5 * 1.2)


def test_the_coefficient_does_not_depend_on_units():
    np.testing.assert_allclose(gradient_coefficient(7 * V, 3 * L), gradient_coefficient(V, L))


def test_missing_where_employment_is():
    workers = L.copy()
    workers[1, 0] = np.nan
    coefficient = gradient_coefficient(V, workers)
    assert np.isnan(coefficient[1, 0])
    assert coefficient[0, 0] == pytest.approx(1.5)


def test_no_workers_no_productivity():
    workers = L.copy()
    workers[1, 0] = 0.0
    assert np.isnan(gradient_coefficient(V, workers)[1, 0])


def test_gradients_of_a_long_frame():
    frame = pl.DataFrame(
        {
            "region": ["A", "A", "B", "B"],
            "industry": ["x", "y", "x", "y"],
            "value_added": V.ravel(),
            "employment": [10.0, None, 10.0, 20.0],
        }
    )
    result = gradients(frame)
    assert result["gradient"].is_null().to_list() == [False, True, False, False]
