import numpy as np
import pytest
from sklearn import metrics

from yanzhen.history import accuracy


@pytest.fixture(scope="module")
def cases() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    score = random.integers(0, 12, size=300) / 12
    return score, random.random(300) < score, random.integers(0, 4, size=300).astype(float)


def counted(score: np.ndarray, y: np.ndarray, weight: np.ndarray) -> accuracy.Cumulated:
    return accuracy.cumulated(accuracy.rank(score, y), weight)


def test_figures_of_the_same_draws_have_the_intervals_of_each_alone(cases) -> None:
    score, y, _ = cases

    def area(times: np.ndarray) -> float:
        return accuracy.auc_roc(counted(score, y, times))

    def both(times: np.ndarray) -> np.ndarray:
        return np.array([np.nan, area(times), 1 - area(times)])

    undefined, own, reverse = accuracy.with_intervals(both, 300, 20, 2)
    assert undefined is None
    assert own == accuracy.with_interval(area, 300, 20, 2)
    assert own is not None and reverse is not None
    assert (reverse.low, reverse.high) == pytest.approx((1 - own.high, 1 - own.low))


def test_the_area_under_the_curve_equals_scikit_learn(cases) -> None:
    score, y, weight = cases
    found = accuracy.auc_roc(counted(score, y, weight))
    assert found == pytest.approx(metrics.roc_auc_score(y, score, sample_weight=weight), abs=1e-12)


def test_average_precision_equals_scikit_learn(cases) -> None:
    score, y, weight = cases
    found = accuracy.auc_pr(counted(score, y, weight))
    expected = metrics.average_precision_score(y, score, sample_weight=weight)
    assert found == pytest.approx(expected, abs=1e-12)


def test_top_k_counts_a_tie_at_its_mean() -> None:
    y = np.array([True, False, True, False])
    found = accuracy.top_k(counted(np.array([2.0, 1.0, 1.0, 1.0]), y, np.ones(4)))
    assert found == pytest.approx((1 + 1 / 3) / 2)


def test_persistence_of_shares_that_stay_has_no_error() -> None:
    share = np.array([[0.3, 1.0], [0.7, 0.0]])
    assert accuracy.share_error(share, share, np.ones(2), np.ones(2)) == 0.0


def test_a_figure_that_is_not_defined_is_none() -> None:
    assert accuracy.with_interval(lambda times: float("nan"), 3, 5, 1) is None


def test_the_interval_holds_the_figure(cases) -> None:
    score, y, _ = cases
    found = accuracy.with_interval(lambda w: accuracy.auc_roc(counted(score, y, w)), 300, 50, 1)
    assert found is not None and found.low < found.value < found.high
