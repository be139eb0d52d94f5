import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.advantage.relatedness import (
    cosine_proximity,
    jaccard_proximity,
    proximities,
    proximity,
    relatedness,
    relatedness_density,
)
from yanzhen.advantage.specialisation import location_quotient, presence

M = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 0.0]])


def presences(rows=6, columns=5):
    return st.lists(
        st.sampled_from([0.0, 1.0]), min_size=rows * columns, max_size=rows * columns
    ).map(lambda v: np.array(v).reshape(rows, columns))


def test_proximity_is_the_smaller_conditional_probability():
    expected = [[1, 2 / 3, 1 / 3], [2 / 3, 1, 1 / 3], [1 / 3, 1 / 3, 1]]
    np.testing.assert_allclose(proximity(M), expected)


def test_cosine_in_closed_form():
    assert cosine_proximity(M)[0, 2] == pytest.approx(1 / np.sqrt(3))


def test_jaccard_in_closed_form():
    assert jaccard_proximity(M)[0, 1] == pytest.approx(2 / 4)


@pytest.mark.parametrize("measure", [proximity, cosine_proximity, jaccard_proximity])
def test_an_industry_present_nowhere_is_related_to_nothing(measure):
    empty = np.column_stack([M, np.zeros(4)])
    assert (measure(empty)[3] == 0).all()


@pytest.mark.parametrize("measure", [proximity, cosine_proximity, jaccard_proximity])
def test_an_industry_never_seen_has_no_proximity(measure):
    unseen = np.column_stack([M, np.full(4, np.nan)])
    assert np.isnan(measure(unseen)[3]).all()


@pytest.mark.parametrize("measure", [proximity, cosine_proximity, jaccard_proximity])
def test_a_region_never_seen_changes_nothing(measure):
    np.testing.assert_array_equal(measure(np.vstack([M, np.full(3, np.nan)])), measure(M))


def test_a_missing_cell_leaves_its_region_out_of_its_pairs_only():
    holed = M.copy()
    holed[2, 0] = np.nan
    np.testing.assert_allclose(proximity(holed)[0, 1], proximity(np.delete(M, 2, axis=0))[0, 1])
    np.testing.assert_allclose(proximity(holed)[1, 2], proximity(M)[1, 2])


@settings(max_examples=30, deadline=None)
@given(presences())
def test_the_measures_are_ordered_and_within_bounds(m):
    smallest, conditional, cosine = jaccard_proximity(m), proximity(m), cosine_proximity(m)
    assert (smallest <= conditional + 1e-12).all()
    assert (conditional <= cosine + 1e-12).all()
    assert (cosine <= 1 + 1e-12).all()


def test_density_in_closed_form():
    phi = proximity(M)
    density = relatedness_density(M, phi)
    assert density[1, 0] == pytest.approx(1 / (1 + 2 / 3 + 1 / 3))
    np.testing.assert_allclose(density[2], 1.0)


@settings(max_examples=30, deadline=None)
@given(presences(), st.randoms(use_true_random=False))
def test_density_goes_with_its_region_and_industry(m, random):
    rows, columns = random.sample(range(6), 6), random.sample(range(5), 5)
    moved = m[rows][:, columns]
    np.testing.assert_allclose(
        relatedness_density(moved, proximity(moved)),
        relatedness_density(m, proximity(m))[rows][:, columns],
        rtol=1e-12,
    )


def test_a_missing_region_has_no_density_and_never_ranks_first():
    seen = np.vstack([M, np.full(3, np.nan)])
    density = relatedness_density(seen, proximity(seen))
    assert np.isnan(density[4]).all()


def test_a_missing_cell_counts_neither_as_present_nor_as_absent():
    holed = M.copy()
    holed[1, 2] = np.nan
    phi = proximity(M)
    assert relatedness_density(holed, phi)[1, 0] == pytest.approx(1 / (1 + 2 / 3))


def test_a_region_known_by_one_industry_alone_does_not_rank_first():
    barely = np.vstack([M, [np.nan, np.nan, 1.0]])
    assert np.isnan(relatedness_density(barely, proximity(M))[4, :2]).all()


def test_presence_other_than_zero_and_one_is_refused():
    with pytest.raises(ValueError, match="presence is 1, 0 or NaN"):
        proximity(np.array([[0.5, 1.0]]))


@pytest.fixture
def frame():
    generator = np.random.default_rng(1)
    cells = [(f"r{r}", f"s{s}") for r in range(6) for s in range(4)]
    return pl.DataFrame(cells, schema=["region", "industry"], orient="row").with_columns(
        pl.Series("output", generator.uniform(0, 10, len(cells)))
    )


def test_relatedness_of_a_long_frame(frame):
    result = relatedness(frame, "output")
    assert result.columns == ["region", "industry", "location_quotient", "presence", "density"]
    assert result["density"].is_between(0, 1).all()


def test_proximities_list_each_pair_once(frame):
    pairs = proximities(frame, "output")
    assert pairs.height == 4 * 3 // 2
    assert (pairs["industry"] < pairs["related"]).all()


def test_measures_equal_econcomplex(amounts, econcomplex):
    """Theirs leave the diagonal out."""
    m = presence(location_quotient(amounts))
    for ours, method in ((proximity, "max"), (cosine_proximity, "sqrt")):
        theirs = econcomplex.proximity(amounts, method=method, compute="product")["product"]
        np.testing.assert_allclose(ours(m) - np.diag(np.diag(ours(m))), theirs, rtol=1e-9)


def test_density_equals_econcomplex(amounts, econcomplex):
    m = presence(location_quotient(amounts))
    theirs = econcomplex.relatedness_density(m, phi=proximity(m), use_rca=False)
    np.testing.assert_allclose(100 * relatedness_density(m, proximity(m)), theirs, rtol=1e-9)
