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
