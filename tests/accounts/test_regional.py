import numpy as np
import pytest

from yanzhen.accounts.input_output import leontief_inverse, technical_coefficients
from yanzhen.accounts.regional import (
    added_up,
    cross_industry_quotient,
    fit,
    flegg_fit,
    flegg_quotient,
    regional_coefficients,
    simple_quotient,
)

X, NATION = np.array([30.0, 10.0]), np.array([50.0, 50.0])


def test_quotients_in_closed_form():
    np.testing.assert_allclose(simple_quotient(X, NATION), [1.5, 0.5])
    np.testing.assert_allclose(cross_industry_quotient(X, NATION), [[1.5, 3.0], [1 / 3, 0.5]])
    size = np.log2(1.4) ** 0.3
    np.testing.assert_allclose(flegg_quotient(X, NATION, 0.3)[0, 1], 3.0 * size)


def test_without_a_size_effect_flegg_is_the_cross_industry_quotient():
    np.testing.assert_allclose(flegg_quotient(X, NATION, 0.0), cross_industry_quotient(X, NATION))


def test_the_nation_as_its_own_region_has_the_nations_coefficients():
    a = np.array([[0.1, 0.2], [0.3, 0.4]])
    np.testing.assert_allclose(regional_coefficients(a, flegg_quotient(NATION, NATION, 0.3)), a)


def test_a_product_that_the_region_does_not_make_is_bought_outside():
    quotient = flegg_quotient(np.array([30.0, 0.0]), NATION, 0.3)
    assert (regional_coefficients(np.ones((2, 2)), quotient)[1] == 0).all()


def test_a_quotient_of_the_sellers_alone_applies_to_every_buyer():
    a = np.ones((2, 2))
    np.testing.assert_allclose(
        regional_coefficients(a, simple_quotient(X, NATION)), [[1.0, 1.0], [0.5, 0.5]]
    )


def test_fit_in_closed_form():
    known, x = np.array([[20.0, 0.0], [0.0, 20.0]]), np.array([100.0, 100.0])
    estimated = np.array([[30.0, 0.0], [0.0, 20.0]])
    result = fit(estimated, known, x)
    assert result.total_error == pytest.approx(0.25)
    assert result.bias == pytest.approx(0.25)
    expected = (1 / 0.7 - 1 / 0.8) / (1 / 0.8) / 2
    assert result.multiplier_error == pytest.approx(expected)
    assert fit(known, known, x).correlation == pytest.approx(1.0)


def test_flows_are_added_up_over_regions(two_regions):
    z = two_regions.domestic
    np.testing.assert_allclose(added_up(z, 3), z[:3, :3] + z[:3, 3:] + z[3:, :3] + z[3:, 3:])


def test_a_size_effect_fits_the_known_world_better_than_none(world_table):
    """pymrio's test system: what a region buys from itself is overstated without it."""
    error = {
        delta: np.mean([f.total_error for f in flegg_fit(world_table, delta).values()])
        for delta in (0.0, 0.3)
    }
    assert error[0.3] < error[0.0]


def test_the_fit_holds_the_estimate_against_the_regions_own_block(world_table):
    at = np.flatnonzero([r == "reg1" for r in world_table.regions])
    own = technical_coefficients(world_table.domestic[np.ix_(at, at)], world_table.output[at])
    true = leontief_inverse(own).sum(axis=0)
    nation = world_table.output.reshape(6, 8).sum(axis=0)
    a = technical_coefficients(added_up(world_table.domestic, 8), nation)
    estimated = regional_coefficients(a, flegg_quotient(world_table.output[at], nation, 0.3))
    mean = np.mean(np.abs(leontief_inverse(estimated).sum(axis=0) - true) / true)
    assert flegg_fit(world_table, 0.3)["reg1"].multiplier_error == pytest.approx(mean)
