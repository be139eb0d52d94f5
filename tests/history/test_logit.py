import numpy as np
from scipy.special import expit

from yanzhen.history.logit import affordable, fit_logit, platt


def test_at_the_optimum_foretold_entries_equal_those_observed() -> None:
    random = np.random.default_rng(2)
    x = random.normal(size=(800, 3))
    y = random.random(800) < expit(x @ [1.0, -0.5, 0.2] - 1)
    assert abs(fit_logit(x, y).probability(x).sum() - y.sum()) < 1e-6


def test_coefficients_that_made_the_data_are_recovered() -> None:
    random = np.random.default_rng(2)
    x = random.normal(size=(20_000, 2))
    y = random.random(20_000) < expit(x @ [1.0, -0.5] - 1)
    model = fit_logit(x, y, crossed=0)
    np.testing.assert_allclose(model.coefficients, [-1.0, 1.0, -0.5], atol=0.06)


def test_a_score_that_separates_keeps_a_finite_probability() -> None:
    score = np.array([0.0, 0.1, 0.9, 1.0])
    probability = platt(score, score > 0.5).probability(score[:, None])
    assert ((probability > 0) & (probability < 1)).all()
    assert (np.diff(probability) > 0).all()


def test_an_outcome_seen_seldom_bears_few_covariates() -> None:
    assert affordable(35, 19) == (3, 0)
    assert affordable(250, 19) == (19, 3)
    assert affordable(5000, 19) == (19, 10)
