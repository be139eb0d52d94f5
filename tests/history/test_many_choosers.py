import numpy as np
import pytest

from yanzhen.history import many_choosers
from yanzhen.history.choices import Choices
from yanzhen.history.conditional import fit_conditional
from yanzhen.history.many_choosers import fit_many


def drawn(choosers: int, sites: int, tastes: np.ndarray) -> tuple[np.ndarray, ...]:
    """SYNTHETIC choosers and sites, and the sites taken."""
    random = np.random.default_rng(4)
    x, z = random.normal(size=(choosers, len(tastes))), random.normal(size=(sites, len(tastes)))
    return x, z, (x @ (z * tastes).T + random.gumbel(size=(choosers, sites))).argmax(axis=1)


def test_all_choosers_by_the_pass_give_the_estimates_of_the_dense_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(many_choosers, "SAMPLE", 500)
    x, z, chosen = drawn(3000, 40, np.array([0.5, -0.4, 0.2]))
    counts = np.zeros((3000, 40))
    counts[np.arange(3000), chosen] = 1
    dense = fit_conditional(
        Choices(
            ("a", "b", "c"),
            np.zeros((1, 40, 0)),
            np.zeros(3000, dtype=np.int64),
            x,
            z,
            counts,
            np.arange(3000),
        )
    )
    many = fit_many(x, z, chosen, seed=1)
    error = np.sqrt(np.diag(dense.covariance))
    assert (np.abs(many.estimates - dense.estimates) < 3e-3 * error).all()
    assert many.log_likelihood == pytest.approx(dense.log_likelihood, rel=1e-6)
    np.testing.assert_allclose(np.sqrt(np.diag(many.covariance)), error, rtol=0.1)
