from itertools import permutations

import numpy as np
import polars as pl
import pytest

from yanzhen.advantage.autocorrelation import (
    autocorrelations,
    local_moran,
    moran,
    nearest_neighbours,
    row_standardised,
)


@pytest.fixture(scope="module")
def distance():
    points = np.random.default_rng(2).uniform(size=(30, 2))
    return np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))


@pytest.fixture(scope="module")
def w(distance):
    return nearest_neighbours(distance, 4)


@pytest.fixture(scope="module")
def y(w):
    noise = np.random.default_rng(4).normal(size=30)
    return np.linalg.solve(np.eye(30) - 0.6 * w, noise)


def of_esda(statistic, y, w, permutations):
    # Imported here: every worker collects all tests, one compares.
    from esda import moran
    from libpysal.weights.util import full2W

    return getattr(moran, statistic)(y, full2W(w), permutations=permutations)


@pytest.fixture(scope="module")
def theirs(y, w):
    return of_esda("Moran", y, w, 999)


def test_moran_equals_esda(y, w, theirs):
    ours = moran(y, w)
    assert pytest.approx(theirs.I, rel=1e-9) == ours.statistic
    assert pytest.approx(theirs.EI, rel=1e-9) == ours.expected
    assert pytest.approx(theirs.z_rand, rel=1e-9) == ours.z


def test_moran_with_inverse_distances_equals_esda(y, distance):
    w = np.where(distance > 0, 1 / np.maximum(distance, 1e-9), 0)
    assert moran(y, w).statistic == pytest.approx(of_esda("Moran", y, w, 0).I, rel=1e-9)


def test_permutation_inference_agrees_with_esda(w):
    """Two simulated probabilities of 9,999 draws differ by a few standard errors at most."""
    weak = np.random.default_rng(5).normal(size=30)
    ours = moran(weak, w, permutations=9999).p
    theirs = of_esda("Moran", weak, w, 9999).p_sim
    assert abs(ours - theirs) < 4 * np.sqrt(2 * theirs * (1 - theirs) / 9999)


def test_local_moran_equals_esda(y, w):
    ours = local_moran(y, w)
    theirs = of_esda("Moran_Local", y, w, 0)
    np.testing.assert_allclose(ours.statistic, theirs.Is, rtol=1e-9)
    np.testing.assert_array_equal(ours.quadrant + 1, theirs.q)


def test_local_permutation_inference_agrees_with_every_arrangement():
    """Six regions of two neighbours each: the other five's values fill them in 20 ways."""
    values = np.array([3.0, 2.5, -1.0, 0.5, -2.0, -3.0])
    ring = np.roll(np.eye(6), 1, axis=1) + np.roll(np.eye(6), -1, axis=1)
    simulated = local_moran(values, ring, permutations=9999).p
    for i in range(6):
        others = np.delete(values, i)
        lags = np.array([a + b for a, b in permutations(others, 2)])
        own = values[(i + 1) % 6] + values[i - 1]
        above = (values[i] * lags >= values[i] * own - 1e-12).mean()
        below = (values[i] * lags <= values[i] * own + 1e-12).mean()
        assert simulated[i] == pytest.approx(min(above, below), abs=0.02)


def test_local_statistics_add_up_to_the_global_one(y, w):
    local = local_moran(y, w).statistic
    assert local.sum() / 29 == pytest.approx(moran(y, w).statistic)


def test_moran_of_two_halves_in_closed_form():
    """On a ring of high and low halves two of eight links are broken: I = (6 − 2) / 8."""
    ring = np.roll(np.eye(8), 1, axis=1) + np.roll(np.eye(8), -1, axis=1)
    assert moran(np.array([1.0] * 4 + [-1.0] * 4), ring).statistic == pytest.approx(0.5)


def test_moran_does_not_depend_on_unit_and_origin(y, w):
    assert moran(3 * y + 7, w).statistic == pytest.approx(moran(y, w).statistic)


def test_a_region_without_a_value_is_left_out(y, w):
    holed = y.copy()
    holed[5] = np.nan
    keep = np.delete(np.arange(30), 5)
    left = moran(y[keep], row_standardised(w[np.ix_(keep, keep)]))
    assert moran(holed, w) == left
    assert np.isnan(local_moran(holed, w).statistic[5])
    assert local_moran(holed, w).quadrant[5] == -1


def test_a_region_without_neighbours_has_no_local_statistic(y, w):
    alone = w.copy()
    alone[3] = 0
    assert np.isnan(local_moran(y, alone).statistic[3])
    assert np.isfinite(np.delete(local_moran(y, alone).statistic, 3)).all()


@pytest.mark.parametrize("flat", [np.full(30, 2.0), np.full(30, np.nan)])
def test_a_value_that_does_not_vary_has_no_moran(flat, w):
    assert np.isnan(moran(flat, w).statistic)
    assert np.isnan(local_moran(flat, w).statistic).all()


def test_weights_on_the_diagonal_are_refused(y):
    with pytest.raises(ValueError, match="zero on the diagonal"):
        moran(y, np.eye(30))


def test_equal_distances_go_to_the_first_listed():
    np.testing.assert_array_equal(
        nearest_neighbours(np.ones((3, 3)), 1), [[0, 1, 0], [1, 0, 0], [1, 0, 0]]
    )


def test_too_many_neighbours_are_refused():
    with pytest.raises(ValueError, match="give 1 to 2"):
        nearest_neighbours(np.ones((3, 3)), 3)


def test_autocorrelations_of_a_long_frame(y, w):
    regions = [f"r{k:02d}" for k in range(30)]
    frame = pl.DataFrame({"region": regions, "industry": "x", "output": y})
    result = autocorrelations(
        frame.sample(fraction=1.0, shuffle=True, seed=1), "output", regions, w
    )
    assert result["moran"][0] == pytest.approx(moran(y, w).statistic)
