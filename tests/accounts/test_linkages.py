import numpy as np
import pytest

from yanzhen.accounts.input_output import (
    allocation_coefficients,
    ghosh_inverse,
    leontief_inverse,
    technical_coefficients,
)
from yanzhen.accounts.linkages import (
    closed_to_households,
    downstreamness,
    forward_linkage,
    linkages,
    multipliers,
    output_multipliers,
    power_of_dispersion,
    sensitivity_of_dispersion,
    upstreamness,
)

A = np.array([[0.1, 0.2], [0.3, 0.4]])
L = np.array([[0.6, 0.2], [0.3, 0.9]]) / 0.48


def test_two_by_two_in_closed_form():
    np.testing.assert_allclose(output_multipliers(L), [0.9 / 0.48, 1.1 / 0.48])
    np.testing.assert_allclose(power_of_dispersion(L), [0.9, 1.1])
    np.testing.assert_allclose(sensitivity_of_dispersion(L), [0.8, 1.2])
    np.testing.assert_allclose(forward_linkage(L), [0.8, 1.2])


def test_multipliers_equal_pymrio(world):
    emissions = world.emissions
    ours = multipliers(world.L.to_numpy(), emissions.S.to_numpy())
    np.testing.assert_allclose(ours, emissions.M, rtol=1e-9)


def test_a_sector_that_sells_to_final_users_only_is_one_step_away():
    b = np.array([[0.0, 0.5], [0.0, 0.0]])
    np.testing.assert_allclose(upstreamness(ghosh_inverse(b)), [1.5, 1.0])


def test_upstreamness_solves_its_own_recursion(world):
    """U_i = 1 + Σ_j b_ij U_j."""
    b = world.B.to_numpy()
    u = upstreamness(world.G.to_numpy())
    np.testing.assert_allclose(u, 1 + b @ u, rtol=1e-9)


def test_downstreamness_solves_its_own_recursion(world):
    d = downstreamness(world.L.to_numpy())
    np.testing.assert_allclose(d, 1 + world.A.to_numpy().T @ d, rtol=1e-9)


def test_the_economys_mean_steps_up_and_down_are_the_same(world_table):
    """Weighted by final demand and by primary input (Miller and Temurshoev 2017)."""
    z, x = world_table.domestic, world_table.output
    up = upstreamness(ghosh_inverse(allocation_coefficients(z, x)))
    down = downstreamness(leontief_inverse(technical_coefficients(z, x)))
    y, v = world_table.final_domestic.sum(axis=1), world_table.value_added.sum(axis=0)
    assert up @ v == pytest.approx(down @ y, rel=1e-9)


def test_households_inside_raise_multipliers():
    closed = closed_to_households(A, np.array([0.3, 0.2]), np.array([0.2, 0.3]))
    inverse = leontief_inverse(closed)
    assert (inverse[:2, :2].sum(axis=0) > output_multipliers(L)).all()


def test_households_that_spend_nothing_change_nothing():
    closed = closed_to_households(A, np.array([0.3, 0.2]), np.zeros(2))
    np.testing.assert_allclose(leontief_inverse(closed)[:2, :2], L)


def test_linkages_of_a_table(two_regions):
    result = linkages(two_regions)
    assert result.height == 6
    assert result["backward"].mean() == pytest.approx(1)
    assert (result["upstreamness"] >= 1).all()
