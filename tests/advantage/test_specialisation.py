import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy

from yanzhen.advantage.specialisation import (
    effective_industries,
    hachman_index,
    krugman_index,
    location_quotient,
    location_quotient_by_population,
    presence,
    region_herfindahl,
    specialisation,
)

TABLE = np.array([[30.0, 10.0], [20.0, 40.0]])


def tables(rows=4, columns=5):
    return st.lists(st.floats(0.01, 1e6), min_size=rows * columns, max_size=rows * columns).map(
        lambda v: np.array(v).reshape(rows, columns)
    )


def test_two_by_two_location_quotient_in_closed_form():
    expected = [[(30 / 40) / (50 / 100), (10 / 40) / 0.5], [(20 / 60) / 0.5, (40 / 60) / 0.5]]
    np.testing.assert_allclose(location_quotient(TABLE), expected, rtol=1e-15)


@settings(max_examples=30, deadline=None)
@given(tables(), st.floats(1e-3, 1e3))
def test_location_quotient_does_not_depend_on_the_unit(x, unit):
    np.testing.assert_allclose(location_quotient(unit * x), location_quotient(x), rtol=1e-9)


@settings(max_examples=30, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_location_quotient_goes_with_its_region_and_industry(x, random):
    rows, columns = random.sample(range(4), 4), random.sample(range(5), 5)
    np.testing.assert_allclose(
        location_quotient(x[rows][:, columns]), location_quotient(x)[rows][:, columns], rtol=1e-9
    )


@settings(max_examples=30, deadline=None)
@given(tables())
def test_location_quotients_weighted_by_the_regions_shares_average_to_one(x):
    weights = x.sum(axis=1) / x.sum()
    np.testing.assert_allclose(weights @ location_quotient(x), 1.0, rtol=1e-9)


def test_a_missing_cell_stays_missing_and_does_not_raise_the_regions_others():
    x = np.array([[30.0, np.nan], [20.0, 40.0]])
    quotient = location_quotient(x)
    assert np.isnan(quotient[0, 1])
    np.testing.assert_allclose(quotient[0, 0], 1.0)


def test_an_observed_zero_is_zero():
    assert location_quotient(np.array([[0.0, 10.0], [20.0, 40.0]]))[0, 0] == 0.0


@pytest.mark.parametrize("row", [[0.0, 0.0], [np.nan, np.nan]])
def test_a_region_without_amounts_has_no_quotient(row):
    quotient = location_quotient(np.array([row, [20.0, 40.0]]))
    assert np.isnan(quotient[0]).all()
    np.testing.assert_allclose(quotient[1], 1.0)


@pytest.mark.parametrize("column", [[0.0, 0.0], [np.nan, np.nan]])
def test_an_industry_without_amounts_has_no_quotient(column):
    x = np.column_stack([[1.0, 2.0], column])
    assert np.isnan(location_quotient(x)[:, 1]).all()


@pytest.mark.parametrize("wrong", [-1.0, np.inf])
def test_a_negative_or_infinite_amount_is_refused(wrong):
    with pytest.raises(ValueError, match="row 1, column 0"):
        location_quotient(np.array([[1.0, 1.0], [wrong, 1.0]]))


def test_location_quotient_by_population_in_closed_form():
    quotient = location_quotient_by_population(TABLE, np.array([1.0, 3.0]))
    np.testing.assert_allclose(quotient, [[30 / 12.5, 10 / 12.5], [20 / 3 / 12.5, 40 / 3 / 12.5]])


def test_a_region_of_unknown_population_is_left_out_of_the_nation():
    quotient = location_quotient_by_population(TABLE, np.array([1.0, np.nan]))
    np.testing.assert_allclose(quotient[0], 1.0)
    assert np.isnan(quotient[1]).all()


def test_presence_keeps_missing_cells_missing():
    np.testing.assert_array_equal(presence(np.array([[1.0, 0.99, np.nan]])), [[1.0, 0.0, np.nan]])


def test_region_measures_equal_econcomplex(amounts, econcomplex):
    np.testing.assert_allclose(
        krugman_index(amounts), econcomplex.krugman_index(amounts), rtol=1e-9
    )
    np.testing.assert_allclose(
        hachman_index(amounts), econcomplex.hachman_index(amounts), rtol=1e-9
    )
    np.testing.assert_allclose(
        region_herfindahl(amounts), econcomplex.herfindahl(amounts, normalize=False), rtol=1e-9
    )


def test_a_region_with_the_nations_mix_is_not_specialised():
    x = np.array([[1.0, 3.0], [2.0, 6.0]])
    np.testing.assert_allclose(krugman_index(x), 0, atol=1e-15)
    np.testing.assert_allclose(hachman_index(x), 1)


def test_two_by_two_krugman_and_hachman_in_closed_form():
    np.testing.assert_allclose(krugman_index(TABLE), [2 * 0.25, 2 * (0.5 - 1 / 3)])
    np.testing.assert_allclose(hachman_index(TABLE)[0], 1 / (0.75**2 / 0.5 + 0.25**2 / 0.5))


def test_a_region_is_compared_over_the_industries_that_are_there():
    x = np.array([[30.0, 10.0, np.nan], [20.0, 40.0, 7.0]])
    assert krugman_index(x)[0] == pytest.approx(krugman_index(TABLE)[0])


def test_a_missing_region_has_no_measure():
    x = np.vstack([TABLE, [np.nan, np.nan]])
    for measure in (krugman_index, hachman_index, region_herfindahl):
        assert np.isnan(measure(x)[2])
        np.testing.assert_allclose(measure(x)[:2], measure(TABLE))


@settings(max_examples=30, deadline=None)
@given(tables())
def test_effective_industries_equal_scipys_entropy_and_lie_between_one_and_all(x):
    found = effective_industries(x)
    np.testing.assert_allclose(found, np.exp(entropy(x, axis=1)), rtol=1e-9)
    assert ((found > 1 - 1e-9) & (found < 5 + 1e-9)).all()
    np.testing.assert_allclose(effective_industries(np.ones((2, 5))), 5.0)
    assert np.isnan(effective_industries(np.array([[0.0, 0.0], [1.0, 0.0]]))).tolist() == [
        True,
        False,
    ]


def test_specialisation_of_a_long_frame():
    frame = pl.DataFrame(
        {"region": ["A", "A", "B"], "industry": ["x", "y", "x"], "jobs": [30.0, 10.0, 20.0]}
    )
    result = specialisation(frame, "jobs")
    assert result.columns == [
        *("region", "krugman", "hachman", "herfindahl", "effective_industries", "cells")
    ]
    assert result["cells"].to_list() == [2, 1]
