"""Cumulative incidence against printed values, its variance against other ways to it."""

import numpy as np
import pytest

from yanzhen.goals.incidence import Spells, aalen_johansen, interval

BMT = """13 2, 1 1, 72 0, 7 2, 8 2, 67 0, 9 2, 5 2, 70 0, 4 0, 7 0, 68 0, 1 2, 10 2, 7 2, 3 1, 4 1,
4 1, 3 1, 3 1, 22 2, 8 1, 2 2, 0 2, 0 1, 35 0, 35 0, 4 2, 14 2, 26 2, 3 2, 2 0, 8 0, 32 0, 12 1"""
"""Time and status of the bone-marrow transplants of Scrucca, Santucci and Aversa (2010), Regression
modeling of competing risk using R, Bone Marrow Transplantation 45, 1388–1395."""
PRINTED = {
    0: (0.02857143, 0.02857143),
    1: (0.05714286, 0.05714286),
    2: (0.05714286, 0.08571429),
    3: (0.14581281, 0.11527094),
    4: (0.20492611, 0.14482759),
    5: (0.20492611, 0.1757917),
    7: (0.20492611, 0.23771992),
    8: (0.23771164, 0.27050544),
    9: (0.23771164, 0.30563279),
    10: (0.23771164, 0.34076015),
    12: (0.27283899, 0.34076015),
    13: (0.27283899, 0.3758875),
    14: (0.27283899, 0.41101485),
    22: (0.27283899, 0.4461422),
    26: (0.27283899, 0.48126955),
    72: (0.27283899, 0.48126955),
}
"""Incidence of relapse and of death in remission of those data, as the tests of scikit-survival
print them to eight digits (sebp/scikit-survival, tests/test_nonparametric.py, data_bmt_full)."""


def bmt() -> Spells:
    time, cause = np.array([each.split() for each in BMT.split(",")], dtype=np.int64).T
    # Two had an event at time 0: everyone is at risk from just before it.
    return Spells(np.full(time.size, -0.5), time.astype(np.float64), cause)


def drawn(seed: int, size: int, late: bool) -> Spells:
    generator = np.random.default_rng(seed)
    end = np.ceil(generator.exponential(20.0, size)) + 1
    entry = np.floor(generator.uniform(0, 1, size) * end) if late else np.zeros(size)
    return Spells(entry, end, generator.integers(0, 3, size))


def test_it_is_the_printed_incidence_of_tied_data() -> None:
    found = aalen_johansen(bmt(), 2)
    for time, values in PRINTED.items():
        assert found.at(time)[0] == pytest.approx(values, abs=1e-8, rel=0)


def by_matrices(spells: Spells, causes: int) -> tuple[np.ndarray, np.ndarray]:
    """P(0, t) = Π (I + dA) and its covariance, matrix by matrix (Andersen et al. 1993, 4.4.17)."""
    states = causes + 1
    row, covariance = np.eye(states)[0], np.zeros((states, states))
    rows, variances = [], []
    for time in np.unique(spells.end):
        at_risk = int(((spells.entry < time) & (spells.end >= time)).sum())
        now = spells.end == time
        counts = np.array([(now & (spells.cause == k)).sum() for k in range(1, states)])
        step = np.eye(states)
        step[0, 1:], step[0, 0] = counts / at_risk, 1 - counts.sum() / at_risk
        of_step = np.zeros((states, states))
        p = step[0]
        of_step = (np.diag(p) - np.outer(p, p)) / at_risk
        covariance = step.T @ covariance @ step + row[0] ** 2 * of_step
        row = row @ step
        rows.append(row.copy())
        variances.append(np.diag(covariance).copy())
    return np.array(rows), np.array(variances)


@pytest.mark.parametrize("late", [False, True])
def test_incidence_and_variance_are_those_of_the_matrices(late: bool) -> None:
    spells = drawn(3, 120, late)
    found = aalen_johansen(spells, 2)
    rows, variances = by_matrices(spells, 2)
    np.testing.assert_allclose(found.probability, rows[:, 1:], atol=1e-12)
    np.testing.assert_allclose(found.free, rows[:, 0], atol=1e-12)
    np.testing.assert_allclose(found.error**2, variances[:, 1:], atol=1e-12)


def test_of_one_cause_it_is_kaplan_and_meier_with_greenwood() -> None:
    spells = drawn(5, 200, late=False)
    spells = Spells(spells.entry, spells.end, (spells.cause > 0).astype(np.int64))
    found = aalen_johansen(spells, 1)
    d, n = found.events[:, 0].astype(float), found.at_risk.astype(float)
    np.testing.assert_allclose(1 - found.probability[:, 0], np.cumprod(1 - d / n), atol=1e-12)
    last = n > d
    greenwood = found.free**2 * np.cumsum(np.where(last, d / (n * np.where(last, n - d, 1)), 0))
    np.testing.assert_allclose(found.error[last, 0] ** 2, greenwood[last], atol=1e-12)


def test_order_and_jitter_of_nothing_change_no_byte() -> None:
    spells = drawn(9, 300, late=True)
    order = np.random.default_rng(0).permutation(spells.end.size)
    again = Spells(spells.entry[order], spells.end[order], spells.cause[order])
    one, other = aalen_johansen(spells, 2), aalen_johansen(again, 2)
    assert one.probability.tobytes() == other.probability.tobytes()
    assert one.error.tobytes() == other.error.tobytes()


def test_nothing_is_said_beyond_the_last_time() -> None:
    found = aalen_johansen(drawn(1, 30, late=False), 2)
    assert np.isnan(found.at(found.time[-1] + 1)[0]).all()
    assert found.at(0.5)[0].tolist() == [0.0, 0.0]


def test_an_interval_holds_its_probability_and_none_is_made_of_certainty() -> None:
    low, high = interval(np.array([0.0, 0.3, 1.0]), np.array([0.0, 0.05, 0.0]))
    assert np.isnan(low[[0, 2]]).all() and np.isnan(high[[0, 2]]).all()
    assert low[1] < 0.3 < high[1]
