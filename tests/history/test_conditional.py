import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.history.choosers import TASTES, long_data, simulated
from yanzhen.history.choices import Choices, likelihood
from yanzhen.history.classes import fit_classes
from yanzhen.history.conditional import (
    NoMaximum,
    NotIdentified,
    fit_conditional,
    in_money,
    poisson_log_likelihood,
)
from yanzhen.history.second_step import site_tastes


def test_tastes_that_made_the_choices_lie_in_their_intervals_as_often_as_promised() -> None:
    inside = []
    for seed in range(60):
        fitted = fit_conditional(simulated(seed, choosers=200))
        error = np.sqrt(np.diag(fitted.covariance))
        inside.append(np.abs(fitted.estimates - TASTES) <= 1.96 * error)
    assert 0.90 <= np.mean(inside) <= 0.99


@given(seed=st.integers(0, 50))
@settings(max_examples=10, deadline=None)
def test_the_scores_are_the_slope_of_the_likelihood(seed: int) -> None:
    choices, step = simulated(seed, choosers=30), 1e-6
    at, constants = np.array([0.3, -0.2, 0.1]), np.linspace(0, 0.4, 8)
    found = likelihood(choices, at, constants)
    for k in range(3):
        move = step * np.eye(3)[k]
        slope = (
            likelihood(choices, at + move, constants).value
            - likelihood(choices, at - move, constants).value
        ) / (2 * step)
        assert found.scores[:, k].sum() == pytest.approx(slope, abs=1e-4)


def test_the_information_is_minus_the_slope_of_the_scores_constants_included() -> None:
    choices, step = simulated(1, choosers=30), 1e-6
    at, constants = np.array([0.3, -0.2, 0.1]), np.linspace(0, 0.4, 8)
    information = likelihood(choices, at, constants).information
    for k in range(10):
        move = step * np.eye(10)[k]

        def scores(sign: float, move: np.ndarray = move) -> np.ndarray:
            shifted = constants + sign * np.append(0, move[3:])
            return likelihood(choices, at + sign * move[:3], shifted).scores.sum(axis=0)

        slope = -(scores(1) - scores(-1)) / (2 * step)
        np.testing.assert_allclose(information[k], slope, atol=1e-4)


def test_groups_give_the_estimates_of_their_members() -> None:
    grouped = simulated(2, choosers=60, times=5)
    group, site = np.nonzero(grouped.counts)
    times = grouped.counts[group, site].astype(int)
    group, site = np.repeat(group, times), np.repeat(site, times)
    counts = np.zeros((len(group), 8))
    counts[np.arange(len(group)), site] = 1
    single = replace(
        grouped,
        cell=group,
        intensities=grouped.intensities[group],
        counts=counts,
        cluster=group,
    )
    one, other = fit_conditional(grouped), fit_conditional(single)
    np.testing.assert_allclose(one.estimates, other.estimates, atol=1e-9)
    np.testing.assert_allclose(one.robust, other.clustered * 59 / 60, atol=1e-9)


def test_a_refused_site_is_never_predicted() -> None:
    choices = simulated(3)
    attributes = choices.attributes.copy()
    taken = choices.counts.argmax(axis=1)
    attributes[np.arange(400), (taken + 1) % 8] = np.nan
    kept = fit_conditional(replace(choices, attributes=attributes))
    assert kept.log_likelihood_at_zero == pytest.approx(-400 * np.log(7))


def test_a_site_that_was_taken_cannot_be_refused() -> None:
    choices = simulated(3)
    attributes = choices.attributes.copy()
    attributes[0, choices.counts[0].argmax()] = np.nan
    with pytest.raises(ValueError, match="refused"):
        fit_conditional(replace(choices, attributes=attributes))


def test_a_singular_direction_is_named_and_refused() -> None:
    choices = simulated(4)
    twice = np.concatenate([choices.attributes, 2 * choices.attributes[:, :, :1]], axis=2)
    with pytest.raises(NotIdentified, match=r"cost.*cost_again|cost_again.*cost"):
        fit_conditional(
            replace(choices, attributes=twice, names=("cost", "access", "cost_again", "skills"))
        )


def test_an_attribute_alike_at_all_sites_is_named_and_refused() -> None:
    choices = simulated(4)
    flat = choices.attributes.copy()
    flat[:, :, 1] = 3.0
    with pytest.raises(NotIdentified) as error:
        fit_conditional(replace(choices, attributes=flat))
    assert error.value.directions == ("access",)


def test_tastes_that_grow_without_end_are_refused() -> None:
    choices = simulated(5)
    told = choices.attributes.copy()
    told[:, :, 1] = choices.counts
    with pytest.raises(NoMaximum):
        fit_conditional(replace(choices, attributes=told))


def test_sigma_is_minus_one_over_the_taste_for_cost() -> None:
    fitted = fit_conditional(simulated(6, choosers=4000))
    money = in_money(fitted, "cost")
    assert money.sigma == pytest.approx(-1 / fitted.estimates[0])
    assert abs(money.sigma - 1.0) < 3 * money.sigma_error
    assert (np.abs(money.values - TASTES[1:]) < 3 * money.errors).all()


def test_sigma_is_not_identified_by_a_cost_that_is_liked() -> None:
    choices = simulated(6)
    with pytest.raises(ValueError, match="not identified"):
        in_money(fit_conditional(replace(choices, attributes=-choices.attributes)), "cost")


def test_site_constants_recover_the_taste_for_what_sites_have() -> None:
    choices = simulated(7, choosers=3000, sites=30, constants=2.0)
    fitted = fit_conditional(choices, site_constants=True)
    level = np.linspace(0, 1, 30)
    by_least_squares = site_tastes(fitted, ("level",), level[:, None])
    noisy = level + np.random.default_rng(1).normal(size=30) / 100
    by_instruments = site_tastes(fitted, ("level",), level[:, None], noisy[:, None])
    for found in (by_least_squares, by_instruments):
        assert abs(found.estimates[1] - 2.0) < 3 * found.errors[1]


def test_classes_find_two_kinds_of_choosers() -> None:
    first, second = simulated(8, choosers=150, times=20), simulated(9, choosers=150, times=20)
    flipped = replace(second, attributes=-second.attributes)
    both = Choices(
        first.names,
        np.concatenate([first.attributes, flipped.attributes]),
        np.arange(300),
        np.concatenate([first.intensities, flipped.intensities]),
        first.qualities,
        np.concatenate([first.counts, flipped.counts]),
        np.arange(300),
    )
    found = fit_classes(both, classes=2, seed=1)
    costs = sorted(each.estimates[0] for each in found.fitted)
    np.testing.assert_allclose(costs, [-1.0, 1.0], atol=0.15)
    np.testing.assert_allclose(found.shares, 0.5, atol=0.03)


@pytest.fixture(scope="module")
def peers() -> dict[str, Any]:
    """What other packages found; `benchmarks/history_peers.py` wrote it."""
    text = Path(__file__).with_name("peers.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize(
    ("peer", "ours"),
    [("xlogit", ("covariance",)), ("biogeme", ("covariance", "robust")), ("pyfixest", ("robust",))],
)
def test_estimates_and_errors_equal_those_of(
    peers: dict[str, Any], peer: str, ours: tuple[str, ...]
) -> None:
    """pyfixest's is the Poisson count with an effect for each chooser, clustered by chooser."""
    found = peers[peer]
    fitted = fit_conditional(simulated(**found["case"]))
    np.testing.assert_allclose(fitted.estimates, found["estimates"], atol=1e-5)
    for kind, theirs in zip(ours, ("errors", "robust"), strict=False):
        errors = np.sqrt(np.diag(getattr(fitted, kind)))
        np.testing.assert_allclose(errors, found[theirs], atol=1e-5)
    if "log_likelihood" in found:
        assert fitted.log_likelihood == pytest.approx(found["log_likelihood"], abs=1e-5)


def test_the_poisson_likelihood_is_that_of_counts_with_an_effect_for_each_chooser() -> None:
    from scipy.stats import poisson

    choices = simulated(12, choosers=50, times=6)
    fitted = fit_conditional(choices)
    x, _ = long_data(choices)
    payoff = np.exp((x @ fitted.estimates).reshape(50, 8))
    mean = 6 * payoff / payoff.sum(axis=1, keepdims=True)
    expected = poisson.logpmf(choices.counts, mean).sum()
    assert poisson_log_likelihood(fitted, choices) == pytest.approx(expected)
