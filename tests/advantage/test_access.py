"""Distances, and access to suppliers and markets."""

import numpy as np
import pytest

from yanzhen.advantage.access import decayed, market_access, supplier_access
from yanzhen.study.distances import great_circle


def test_a_quarter_of_a_meridian() -> None:
    distance = great_circle(np.array([0.0, 0.0]), np.array([0.0, 90.0]))
    assert distance[0, 1] == pytest.approx(6371.0088 * np.pi / 2)


def test_distances_are_symmetric_and_zero_at_home() -> None:
    distance = great_circle(np.array([116.41, 121.47, 104.07]), np.array([39.9, 31.23, 30.57]))
    np.testing.assert_allclose(distance, distance.T)
    np.testing.assert_array_equal(np.diag(distance), 0)


def test_without_decay_everything_is_within_reach() -> None:
    output = np.array([[3.0, 1.0], [1.0, 4.0]])
    coefficients = np.array([[0.2, 0.1], [0.0, 0.3]])
    np.testing.assert_allclose(supplier_access(np.ones((2, 2)), output, coefficients), 1.0)
    reached = market_access(
        np.ones((2, 2)), output, coefficients, np.array([1.0, 2.0]), np.array([5.0, 1.0])
    )
    np.testing.assert_allclose(reached, 1.0)


def test_out_of_reach_only_the_own_share_counts() -> None:
    output = np.array([[3.0, 1.0], [1.0, 4.0]])
    own = supplier_access(np.eye(2), output, np.array([[1.0, 0.0], [0.0, 1.0]]))
    np.testing.assert_allclose(own, [[0.75, 0.2], [0.25, 0.8]])


def test_a_nearer_supplier_gives_more_access() -> None:
    near, far = (
        supplier_access(decayed(d, 500.0), np.array([[0.0], [1.0]]), np.array([[1.0]]))[0, 0]
        for d in (np.array([[0.0, 100.0], [100.0, 0.0]]), np.array([[0.0, 900.0], [900.0, 0.0]]))
    )
    assert near == pytest.approx(np.exp(-0.2))
    assert far < near


def test_a_missing_cell_counts_for_nothing() -> None:
    output = np.array([[np.nan], [1.0]])
    found = supplier_access(np.eye(2), output, np.array([[1.0]]))
    np.testing.assert_allclose(found, [[0.0], [1.0]])


def test_the_same_inputs_in_every_region_give_the_nations_access() -> None:
    generator = np.random.default_rng(3)
    output, a = generator.uniform(1, 9, (4, 3)), generator.uniform(0, 0.3, (3, 3))
    weight = decayed(generator.uniform(0, 900, (4, 4)) * (1 - np.eye(4)), 500.0)
    of_each = np.broadcast_to(a, (4, 3, 3))
    np.testing.assert_allclose(
        supplier_access(weight, output, of_each), supplier_access(weight, output, a)
    )
    sales, final, size = a * output.sum(axis=0), np.ones(3), np.ones(4)
    np.testing.assert_allclose(
        market_access(weight, output, sales, final, size, of_each),
        market_access(weight, output, sales, final, size),
    )


def test_a_region_reaches_the_suppliers_of_its_own_inputs_and_the_buyers_of_others() -> None:
    """Out of reach of all else: the first region buys what it makes, the second what it doesn't."""
    output = np.array([[1.0, 0.0], [0.0, 1.0]])
    a = np.array([[[0.5, 0.0], [0.0, 0.5]], [[0.0, 0.5], [0.5, 0.0]]])
    np.testing.assert_allclose(supplier_access(np.eye(2), output, a), [[1.0, 0.0], [1.0, 0.0]])
    sales = np.array([[0.25, 0.25], [0.0, 0.0]])
    sold = market_access(np.eye(2), output, sales, np.zeros(2), np.ones(2), a)
    np.testing.assert_allclose(sold, [[0.5, 0.0], [0.5, 0.0]])
