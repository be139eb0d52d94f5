import numpy as np
import pytest

from yanzhen.history.covariates import covariates
from yanzhen.history.shares import fit_shares, shares

ALL = np.ones((40, 12), dtype=bool)


def amounts(seed: int) -> np.ndarray:
    """SYNTHETIC amounts, lognormal."""
    return np.random.default_rng(seed).lognormal(sigma=1.2, size=(40, 12))


def distance(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.abs(first - second).sum() / 2)


def test_shares_that_draw_together_are_foreseen_to_do_so_again() -> None:
    past, now = amounts(1), amounts(2)
    model = fit_shares(past, past**0.6, covariates(past))
    actual = shares(now**0.6, ALL)
    foretold = distance(model.predict(now, covariates(now)), actual)
    assert foretold < 0.3 * distance(shares(now, ALL), actual)


def test_where_nothing_moved_nothing_is_foreseen_to_move() -> None:
    past, now = amounts(1), amounts(2)
    model = fit_shares(past, 1.3 * past, covariates(past))
    np.testing.assert_allclose(model.predict(now, covariates(now)), shares(now, ALL), atol=1e-9)


def test_foretold_shares_of_an_industry_sum_to_one_over_the_cells_there() -> None:
    past, now = amounts(1), amounts(2)
    now[3, 4] = np.nan
    foretold = fit_shares(past, past**0.8, covariates(past)).predict(now, covariates(now))
    assert np.isnan(foretold[3, 4])
    np.testing.assert_allclose(np.nansum(foretold, axis=0), 1.0)


def test_the_growth_of_an_industry_as_a_whole_does_not_matter() -> None:
    past = amounts(1)
    growth = np.linspace(0.5, 3, 12)
    one = fit_shares(past, past**0.8, covariates(past))
    other = fit_shares(past, past**0.8 * growth, covariates(past))
    assert one.coefficients == pytest.approx(other.coefficients)
