from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.accounts.decomposition import output_change, structural_decomposition
from yanzhen.accounts.input_output import leontief_inverse


def every_form(before, after):
    """Mean part of each factor over all orders in which the factors may change one by one."""
    k = len(before)
    parts = [[] for _ in range(k)]
    for order in permutations(range(k)):
        state = list(before)
        for i in order:
            old = np.linalg.multi_dot(state) if k > 2 else state[0] @ state[1]
            state[i] = after[i]
            new = np.linalg.multi_dot(state) if k > 2 else state[0] @ state[1]
            parts[i].append(new - old)
    return [np.mean(p, axis=0) for p in parts]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5))
def test_the_parts_add_up_to_the_change(seed, k):
    generator = np.random.default_rng(seed)
    before = [generator.normal(size=(3, 3)) for _ in range(k)]
    after = [generator.normal(size=(3, 3)) for _ in range(k)]
    parts = structural_decomposition(before, after)
    change = np.linalg.multi_dot([*after, np.eye(3)]) - np.linalg.multi_dot([*before, np.eye(3)])
    np.testing.assert_allclose(sum(parts), change, atol=1e-9)


def test_for_two_factors_the_polar_mean_is_the_mean_of_all_forms():
    generator = np.random.default_rng(1)
    before = [generator.uniform(size=(3, 3)), generator.uniform(size=(3, 1))]
    after = [generator.uniform(size=(3, 3)), generator.uniform(size=(3, 1))]
    for ours, mean in zip(
        structural_decomposition(before, after), every_form(before, after), strict=True
    ):
        np.testing.assert_allclose(ours, mean, rtol=1e-12)


def test_two_numbers_in_closed_form():
    parts = structural_decomposition(
        [np.array([[2.0]]), np.array([[3.0]])], [np.array([[4.0]]), np.array([[5.0]])]
    )
    assert [p.item() for p in parts] == [2 * 4.0, 2 * 3.0]


def test_a_vector_stands_for_its_diagonal():
    intensity = np.array([0.5, 2.0])
    parts = structural_decomposition([intensity, np.eye(2)], [2 * intensity, np.eye(2)])
    np.testing.assert_allclose(parts[0], np.diag(intensity))


def test_what_did_not_change_has_no_part():
    a = np.array([[0.1, 0.2], [0.3, 0.4]])
    y = np.array([9.0, 5.0])
    technology, demand = output_change(a, a, y, y + 1)
    np.testing.assert_allclose(technology, 0, atol=1e-12)
    np.testing.assert_allclose(demand, leontief_inverse(a) @ np.ones(2))


def test_factors_of_different_number_are_refused():
    with pytest.raises(ValueError, match="1 factors before and 2 after"):
        structural_decomposition([np.eye(2)], [np.eye(2), np.eye(2)])
