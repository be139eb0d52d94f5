import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.accounts.extraction import (
    factorised,
    losses,
    output_for,
    prices_for,
    without,
    without_purchases,
    without_sales,
)
from yanzhen.accounts.input_output import leontief_inverse
from yanzhen.accounts.prices import cost_push

N = 8
GENERATOR = np.random.default_rng(3)
A = GENERATOR.uniform(0, 1, (N, N)) * 0.9 / N
Y = GENERATOR.uniform(1, 5, N)

sets = st.sets(st.integers(0, N - 1), min_size=1, max_size=N - 1).map(sorted)


def test_output_equals_the_inverse():
    np.testing.assert_allclose(output_for(factorised(A), Y), leontief_inverse(A) @ Y, rtol=1e-12)


def test_many_demands_at_once_equal_one_by_one():
    economy, many = factorised(A), np.column_stack([Y, 2 * Y, Y**2])
    one_by_one = np.column_stack([output_for(economy, y) for y in many.T])
    np.testing.assert_allclose(output_for(economy, many), one_by_one, rtol=1e-12)


def test_factorising_leaves_the_coefficients_as_they_are():
    before = A.copy()
    factorised(A)
    np.testing.assert_array_equal(A, before)


@settings(max_examples=30, deadline=None)
@given(sets)
def test_extraction_equals_the_smaller_economy_solved_anew(extracted):
    kept = np.setdiff1d(np.arange(N), extracted)
    expected = np.zeros(N)
    expected[kept] = leontief_inverse(A[np.ix_(kept, kept)]) @ Y[kept]
    np.testing.assert_allclose(without(factorised(A), Y, extracted), expected, rtol=1e-9, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(sets)
def test_extraction_of_purchases_equals_columns_of_zero(extracted):
    changed = A.copy()
    changed[:, extracted] = 0
    np.testing.assert_allclose(
        without_purchases(factorised(A), Y, extracted), leontief_inverse(changed) @ Y, rtol=1e-9
    )


@settings(max_examples=30, deadline=None)
@given(sets)
def test_extraction_of_sales_equals_rows_of_zero(extracted):
    changed = A.copy()
    changed[extracted] = 0
    np.testing.assert_allclose(
        without_sales(factorised(A), Y, extracted), leontief_inverse(changed) @ Y, rtol=1e-9
    )


def test_two_by_two_extraction_in_closed_form():
    """With sector 2 gone, sector 1 makes y₁ / (1 − a₁₁)."""
    a = np.array([[0.1, 0.2], [0.3, 0.4]])
    np.testing.assert_allclose(
        without(factorised(a), np.array([9.0, 5.0]), [1]), [10.0, 0.0], atol=1e-12
    )


def test_an_unproductive_economy_is_refused():
    with pytest.raises(ValueError, match="singular"):
        factorised(np.eye(3))


def test_a_demand_of_another_length_is_refused():
    with pytest.raises(ValueError, match="3 values for 8 sectors"):
        output_for(factorised(A), np.ones(3))


def test_losses_of_a_table_rank_its_parts(two_regions):
    parts = {"A": [0, 1, 2], "B": [3, 4, 5], "x of A": [0]}
    found = losses(two_regions, parts)
    assert found["elsewhere"].is_sorted(descending=True)
    row = found.row(by_predicate=pl.col("part") == "A", named=True)
    kept = two_regions.domestic[3:, 3:] / two_regions.output[3:]
    alone = leontief_inverse(kept) @ two_regions.final_domestic[3:].sum(axis=1)
    assert row["own"] == pytest.approx(two_regions.output[:3].sum())
    assert row["elsewhere"] == pytest.approx(two_regions.output[3:].sum() - alone.sum())


def test_prices_of_the_tables_own_year_are_one():
    imported = GENERATOR.uniform(0, 0.01, (N, N))
    primary = 1 - A.sum(axis=0) - imported.sum(axis=0)
    np.testing.assert_allclose(
        cost_push(factorised(A), primary, imported, np.ones(N)), 1.0, rtol=1e-12
    )


def test_dearer_imports_are_passed_on_to_their_users():
    a, imported = np.array([[0.0, 0.5], [0.0, 0.0]]), np.array([[0.2, 0.0], [0.0, 0.0]])
    prices = cost_push(factorised(a), np.array([0.8, 0.5]), imported, np.array([1.1, 1.0]))
    np.testing.assert_allclose(prices, [1.02, 1.01])


def test_prices_and_quantities_value_the_economy_alike():
    """v′ x = p′ y."""
    economy, v = factorised(A), GENERATOR.uniform(0.1, 1, N)
    assert v @ output_for(economy, Y) == pytest.approx(prices_for(economy, v) @ Y)
