import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from yanzhen.accounts.balancing import gras, kras, ras

SEED = np.array([[1.0, 2.0], [3.0, 4.0]])


def positive_tables():
    cell = st.floats(0.1, 100)
    return st.lists(cell, min_size=24, max_size=24).map(
        lambda v: (np.array(v[:12]).reshape(3, 4), np.array(v[12:]).reshape(3, 4))
    )


def sums_of(shape):
    """Rows of constraints that add up each row and each column of a table."""
    n, k = shape
    return csr_array(np.vstack([np.kron(np.eye(n), np.ones(k)), np.kron(np.ones(n), np.eye(k))]))


@settings(max_examples=30, deadline=None)
@given(positive_tables())
def test_ras_reaches_the_sums_and_keeps_the_cross_ratios(pair):
    seed, target = pair
    result = ras(seed, target.sum(axis=1), target.sum(axis=0))
    np.testing.assert_allclose(result.table.sum(axis=1), target.sum(axis=1), rtol=1e-6)
    np.testing.assert_allclose(result.table.sum(axis=0), target.sum(axis=0), rtol=1e-6)

    def ratio(t):
        return t[0, 0] * t[1, 1] / (t[0, 1] * t[1, 0])

    assert ratio(result.table) == pytest.approx(ratio(seed), rel=1e-9)


def test_ras_of_a_two_by_two_table_in_closed_form():
    """Cross ratio 2/3 and all sums 1: t₁₁² / (1 − t₁₁)² = 2/3."""
    root = np.sqrt(2 / 3)
    result = ras(SEED, np.ones(2), np.ones(2))
    assert result.table[0, 0] == pytest.approx(root / (1 + root), rel=1e-9)


def test_a_balanced_seed_stays():
    result = ras(SEED, SEED.sum(axis=1), SEED.sum(axis=0))
    np.testing.assert_allclose(result.table, SEED)


def test_fixed_cells_keep_their_seed():
    fixed = np.array([[True, False, False], [False, False, False], [False, False, False]])
    seed = np.arange(1.0, 10.0).reshape(3, 3)
    result = ras(seed, np.array([10.0, 20.0, 30.0]), np.array([25.0, 20.0, 15.0]), fixed)
    assert result.table[0, 0] == 1.0
    np.testing.assert_allclose(result.table.sum(axis=1), [10, 20, 30], rtol=1e-8)


def test_zeros_stay_zero():
    seed = np.array([[0.0, 1.0], [1.0, 1.0]])
    assert ras(seed, np.array([2.0, 3.0]), np.array([1.0, 4.0])).table[0, 0] == 0.0


@pytest.mark.parametrize(
    ("seed", "rows", "columns", "message"),
    [
        (SEED, [1.0, 2.0], [1.0, 1.0], "add up to 3 and column targets to 2"),
        (-SEED, [1.0, 1.0], [1.0, 1.0], "without negative"),
        (np.array([[np.nan, 1.0], [1.0, 1.0]]), [1.0, 1.0], [1.0, 1.0], "without negative"),
        (np.array([[0.0, 0.0], [1.0, 1.0]]), [1.0, 1.0], [1.0, 1.0], "row 0 should add 1"),
        (np.array([[1.0, 0.0], [0.0, 1.0]]), [1.0, 2.0], [2.0, 1.0], "zero do not allow"),
    ],
)
def test_sums_out_of_reach_are_refused(seed, rows, columns, message):
    with pytest.raises(ValueError, match=message):
        ras(seed, np.array(rows), np.array(columns), most=200)


def test_fixed_cells_beyond_their_sum_are_refused():
    fixed = np.array([[True, True], [False, False]])
    with pytest.raises(ValueError, match="row 0 should add"):
        ras(SEED, np.array([2.0, 4.0]), np.array([3.0, 3.0]), fixed)


def test_without_negative_cells_gras_is_ras():
    rows, columns = np.array([5.0, 5.0]), np.array([4.0, 6.0])
    np.testing.assert_array_equal(gras(SEED, rows, columns).table, ras(SEED, rows, columns).table)


def test_gras_reaches_the_sums_and_keeps_the_signs():
    seed = np.array([[7.0, 3.0, 5.0, -3.0], [2.0, 9.0, 8.0, 1.0], [-2.0, 0.0, 2.0, 1.0]])
    rows, columns = np.array([15.0, 26.0, -1.0]), np.array([9.0, 16.0, 17.0, -2.0])
    result = gras(seed, rows, columns)
    np.testing.assert_allclose(result.table.sum(axis=1), rows, atol=1e-7)
    np.testing.assert_allclose(result.table.sum(axis=0), columns, atol=1e-7)
    np.testing.assert_array_equal(np.sign(result.table), np.sign(seed))


def test_kras_of_sums_without_conflict_is_ras():
    rows, columns = np.array([5.0, 5.0]), np.array([4.0, 6.0])
    targets = np.concatenate([rows, columns])
    result = kras(SEED.ravel(), sums_of((2, 2)), targets, np.zeros(4), tolerance=1e-12)
    np.testing.assert_allclose(
        result.table.reshape(2, 2), ras(SEED, rows, columns).table, rtol=1e-8
    )


def test_in_a_conflict_the_less_reliable_target_gives_way():
    both = csr_array(np.array([[1.0, 1.0], [1.0, 1.0]]))
    result = kras(np.ones(2), both, np.array([10.0, 12.0]), np.array([0.0, 1.0]))
    assert result.table.sum() == pytest.approx(10.0, rel=1e-6)
    np.testing.assert_allclose(result.targets, [10.0, 10.0], rtol=1e-6)


def test_targets_of_equal_reliability_meet_between():
    both = csr_array(np.array([[1.0, 1.0], [1.0, 1.0]]))
    result = kras(np.ones(2), both, np.array([10.0, 12.0]), np.ones(2), step=0.01)
    assert 10.0 < result.table.sum() < 12.0


def test_targets_that_must_hold_and_contradict_each_other_are_refused():
    both = csr_array(np.array([[1.0, 1.0], [1.0, 1.0]]))
    with pytest.raises(ValueError, match="contradict"):
        kras(np.ones(2), both, np.array([10.0, 12.0]), np.zeros(2), most=50)


def test_a_difference_of_cells_is_a_constraint_too():
    constraints = csr_array(np.array([[1.0, -1.0], [1.0, 1.0]]))
    result = kras(np.ones(2), constraints, np.array([2.0, 10.0]), np.zeros(2))
    np.testing.assert_allclose(result.table, [6.0, 4.0], rtol=1e-6)


def test_kras_keeps_fixed_cells():
    constraint = csr_array(np.array([[1.0, 1.0, 1.0]]))
    fixed = np.array([True, False, False])
    result = kras(np.array([5.0, 1.0, 1.0]), constraint, np.array([15.0]), np.zeros(1), fixed)
    np.testing.assert_allclose(result.table, [5.0, 5.0, 5.0])
    np.testing.assert_allclose(result.targets, [15.0])


@pytest.mark.parametrize("nearness", [2.02931855e-4, 1e-22, 1e-200])
@pytest.mark.parametrize("moved", [0.0, 3e-7, 1e-3, 30.0])
def test_regions_far_apart_are_balanced_as_well(nearness, moved):
    """Scaling in turn misses these after 10,000 rounds, where little must go a long way."""
    supply, demand = np.array([91.89, 319.84]), np.array([91.89 + moved, 319.84 - moved])
    seed = supply[:, None] * demand * np.array([[1.0, nearness], [nearness, 1.0]])
    table = ras(seed, supply, demand).table
    np.testing.assert_allclose(table.sum(axis=1), supply, rtol=1e-9)
    np.testing.assert_allclose(table.sum(axis=0), demand, rtol=1e-9)
    cross = table[0, 1] * table[1, 0] / (table[0, 0] * table[1, 1])
    if nearness > 1e-100:
        assert cross == pytest.approx(nearness**2, rel=1e-6)


def test_newton_keeps_the_signs_of_a_table_with_negative_cells():
    seed = np.array([[90.0, 1e-7, -2.0], [1e-7, 300.0, 1e-7], [-1.0, 1e-7, 40.0]])
    target = seed * np.array([[1.01, 1.0, 1.0], [1.0, 0.99, 1.0], [1.0, 1.0, 1.02]])
    rows, columns = target.sum(axis=1), target.sum(axis=0)
    table = gras(seed, rows, columns).table
    np.testing.assert_allclose(table.sum(axis=1), rows, rtol=1e-8)
    np.testing.assert_allclose(table.sum(axis=0), columns, rtol=1e-8)
    np.testing.assert_array_equal(np.sign(table), np.sign(seed))


def test_a_sum_that_cannot_be_reached_is_named() -> None:
    apart = np.eye(2)
    with pytest.raises(ValueError, match=r"(row|column) [01], which should add"):
        gras(apart, np.array([1.0, 2.0]), np.array([2.0, 1.0]), most=50)
