from dataclasses import replace

import numpy as np
import pytest

from yanzhen.history import full_information, many_choosers
from yanzhen.history.choices import Choices, ManyChoices
from yanzhen.history.conditional import (
    ConditionalLogit,
    NotIdentified,
    fit_conditional,
    in_money,
)
from yanzhen.history.many_choosers import fit_many
from yanzhen.history.second_step import site_tastes

TASTES = np.array([-0.8, 0.5, -0.4, 0.2])


def drawn(choosers: int, sites: int, seed: int = 4, constants: float = 0.0) -> ManyChoices:
    """SYNTHETIC choosers in five cells, some pairs refused, and the sites they took."""
    random = np.random.default_rng(seed)
    attributes = random.normal(size=(5, sites, 1))
    attributes[0, :3] = np.nan
    cell = random.integers(0, 5, size=choosers)
    x, z = random.normal(size=(choosers, 3)), random.normal(size=(sites, 3))
    payoff = np.nan_to_num(attributes[cell, :, 0] * TASTES[0], nan=-np.inf)
    payoff += x @ (z * TASTES[1:]).T + constants * np.linspace(0, 1, sites)
    return ManyChoices(
        ("cost", "a", "b", "c"),
        attributes,
        cell,
        x,
        z,
        (payoff + random.gumbel(size=payoff.shape)).argmax(axis=1),
        random.integers(0, 40, size=choosers),
    )


def dense(many: ManyChoices) -> Choices:
    """The same choices with a row of counts for every chooser."""
    counts = np.zeros((len(many.chosen), many.places))
    counts[np.arange(len(many.chosen)), many.chosen] = 1
    return Choices(
        many.names,
        many.attributes,
        many.cell,
        many.intensities,
        many.qualities,
        counts,
        many.cluster,
    )


def require_alike(many: ConditionalLogit, one: ConditionalLogit) -> None:
    error = np.sqrt(np.diag(one.covariance))
    assert many.names == one.names
    assert (np.abs(many.estimates - one.estimates) < 3e-3 * error).all()
    assert many.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-6)
    assert many.log_likelihood_at_zero == pytest.approx(one.log_likelihood_at_zero, rel=1e-9)
    for kind in ("covariance", "robust", "clustered"):
        found, expected = (np.sqrt(np.diag(getattr(fit, kind))) for fit in (many, one))
        np.testing.assert_allclose(found, expected, rtol=1e-3, err_msg=kind)


@pytest.mark.parametrize("site_constants", [False, True])
def test_all_choosers_by_the_pass_give_estimates_and_errors_of_the_dense_fit(
    monkeypatch: pytest.MonkeyPatch, site_constants: bool
) -> None:
    monkeypatch.setattr(many_choosers, "SAMPLE", 500)
    monkeypatch.setattr(full_information, "PAIRS_AT_ONCE", 7_000)
    choices = drawn(3000, 40)
    one = fit_conditional(dense(choices), site_constants)
    require_alike(fit_many(choices, seed=1, site_constants=site_constants), one)


def test_a_cluster_for_each_chooser_gives_the_robust_errors() -> None:
    choices = drawn(900, 20)
    fitted = fit_many(replace(choices, cluster=np.arange(900)), seed=1)
    np.testing.assert_allclose(fitted.clustered, fitted.robust * 900 / 899)


def test_the_second_step_recovers_what_sites_have_from_many_choosers() -> None:
    choices = drawn(20_000, 30, constants=2.0)
    fitted = fit_many(choices, seed=1, site_constants=True)
    found = site_tastes(fitted, ("level",), np.linspace(0, 1, 30)[:, None])
    assert abs(found.estimates[1] - 2.0) < 3 * found.errors[1]
    assert abs(in_money(fitted, "cost").sigma - 1 / 0.8) < 3 * in_money(fitted, "cost").sigma_error


def test_a_site_that_nobody_took_has_no_constant() -> None:
    choices = drawn(900, 20)
    with pytest.raises(NotIdentified, match="site 7, which nobody took"):
        fit_many(
            replace(choices, chosen=np.where(choices.chosen == 7, 8, choices.chosen)),
            seed=1,
            site_constants=True,
        )


def test_a_site_that_was_taken_cannot_be_refused_to_one_of_many() -> None:
    choices = drawn(900, 20)
    with pytest.raises(ValueError, match="refused"):
        fit_many(replace(choices, chosen=np.zeros(900, dtype=np.int64)), seed=1)
