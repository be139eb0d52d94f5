import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.advantage.concentration import (
    concentration,
    ellison_glaeser,
    enterprise_herfindahl,
    gini,
    herfindahl_index,
    hoover_index,
    locational_gini,
    theil,
    theil_decomposition,
)

TABLE = np.array([[30.0, 10.0], [20.0, 40.0]])


def vectors(n=8):
    return st.lists(st.floats(0.01, 1e6), min_size=n, max_size=n).map(np.array)


def test_measures_equal_econcomplex(amounts, econcomplex):
    jobs = amounts.sum(axis=1)
    np.testing.assert_allclose(
        herfindahl_index(amounts), econcomplex.herfindahl(amounts.T, normalize=False), rtol=1e-9
    )
    np.testing.assert_allclose(
        100 * hoover_index(amounts, jobs), econcomplex.hoover_index(amounts), rtol=1e-9
    )
    np.testing.assert_allclose(
        locational_gini(amounts, jobs), econcomplex.locational_gini(amounts), atol=1e-12
    )


def test_gini_and_theil_equal_pysal(amounts):
    from inequality.gini import Gini
    from inequality.theil import Theil

    y = amounts[:, 0] + 1.0
    assert gini(y) == pytest.approx(Gini(y).g, rel=1e-9)
    assert theil(y, np.ones(40)) == pytest.approx(Theil(y).T, rel=1e-9)


def test_theil_between_and_within_equal_pysal(amounts):
    from inequality.theil import TheilD

    y, groups = amounts[:, 0] + 1.0, np.arange(40) % 4
    ours = theil_decomposition(y, np.ones(40), [str(g) for g in groups])
    theirs = TheilD(y, groups)
    assert ours.between == pytest.approx(theirs.bg.item(), rel=1e-9)
    assert ours.within == pytest.approx(theirs.wg.item(), rel=1e-9)


def test_two_by_two_in_closed_form():
    np.testing.assert_allclose(herfindahl_index(TABLE), [0.6**2 + 0.4**2, 0.2**2 + 0.8**2])
    np.testing.assert_allclose(hoover_index(TABLE, np.array([1.0, 1.0])), [0.1, 0.3])
    np.testing.assert_allclose(locational_gini(TABLE, np.array([1.0, 1.0])), [0.05, 0.15])
    assert gini(np.array([1.0, 3.0])) == pytest.approx(0.25)
    expected = 0.25 * np.log(0.5) + 0.75 * np.log(1.5)
    assert theil(np.array([1.0, 3.0]), np.ones(2)) == pytest.approx(expected)


def test_an_industry_that_lies_as_its_reference_is_not_concentrated():
    x, people = np.array([[2.0], [6.0]]), np.array([1.0, 3.0])
    assert hoover_index(x, people)[0] == pytest.approx(0)
    assert locational_gini(x, people)[0] == pytest.approx(0)
    assert theil(x[:, 0], people) == pytest.approx(0)


@settings(max_examples=30, deadline=None)
@given(vectors(), st.floats(1e-3, 1e3), st.randoms(use_true_random=False))
def test_gini_and_theil_do_not_depend_on_unit_and_order(y, unit, random):
    order = random.sample(range(8), 8)
    assert gini(unit * y[order]) == pytest.approx(gini(y), rel=1e-9, abs=1e-12)
    assert theil(unit * y[order], np.ones(8)) == pytest.approx(
        theil(y, np.ones(8)), rel=1e-9, abs=1e-12
    )


@settings(max_examples=30, deadline=None)
@given(vectors(), vectors())
def test_theil_falls_into_parts_that_are_not_negative(y, people):
    parts = theil_decomposition(y, people, list("aabbbccc"))
    assert parts.between >= -1e-12
    assert parts.within >= -1e-12
    assert parts.between + parts.within == pytest.approx(parts.total, abs=1e-12)


def test_one_group_has_nothing_between():
    parts = theil_decomposition(np.array([1.0, 3.0]), np.ones(2), ["a", "a"])
    assert parts.between == pytest.approx(0, abs=1e-15)


def test_missing_values_are_left_out():
    y = np.array([1.0, np.nan, 3.0])
    assert gini(y) == gini(np.array([1.0, 3.0]))
    assert theil(y, np.ones(3)) == theil(np.array([1.0, 3.0]), np.ones(2))
    x = np.array([[3.0], [np.nan], [1.0]])
    assert herfindahl_index(x)[0] == pytest.approx(0.75**2 + 0.25**2)
    assert hoover_index(x, np.array([1.0, 9.0, 1.0]))[0] == pytest.approx(0.25)


@pytest.mark.parametrize("nothing", [0.0, np.nan])
def test_an_industry_without_amounts_has_no_measure(nothing):
    x, people = np.full((3, 1), nothing), np.ones(3)
    for measure in (
        herfindahl_index(x),
        hoover_index(x, people),
        locational_gini(x, people),
        ellison_glaeser(x, people, np.array([0.1])),
    ):
        assert np.isnan(measure).all()
    assert np.isnan(gini(x[:, 0]))
    assert np.isnan(theil(x[:, 0], people))


def test_a_region_with_amounts_and_without_reference_is_refused():
    with pytest.raises(ValueError, match="no reference"):
        hoover_index(TABLE, np.array([1.0, np.nan]))


def test_a_region_without_people_has_no_amount_per_head():
    with pytest.raises(ValueError, match="without people"):
        theil(np.array([1.0, 2.0]), np.array([1.0, 0.0]))


def test_ellison_glaeser_in_closed_form():
    raw = 2 * 0.3**2
    expected = (raw / (1 - 0.5) - 0.2) / (1 - 0.2)
    gamma = ellison_glaeser(TABLE[:, 1:], np.array([1.0, 1.0]), np.array([0.2]))
    np.testing.assert_allclose(gamma, [expected])


def test_enterprises_placed_by_chance_have_an_ellison_glaeser_index_near_zero():
    """With plants dropped by the reference shares, E[G] = (1 − Σ a²) H."""
    generator = np.random.default_rng(11)
    shares, sizes = np.array([0.4, 0.3, 0.2, 0.1]), generator.lognormal(0, 1, 30)
    plants = (sizes**2).sum() / sizes.sum() ** 2
    x = np.zeros((4, 2000))
    for industry in range(2000):
        np.add.at(x[:, industry], generator.choice(4, size=30, p=shares), sizes)
    gamma = ellison_glaeser(x, shares, np.full(2000, plants))
    assert abs(gamma.mean()) < 3 * gamma.std() / np.sqrt(2000)


def test_one_enterprise_alone_has_no_ellison_glaeser_index():
    assert np.isnan(ellison_glaeser(TABLE[:, :1], np.ones(2), np.array([1.0])))[0]


def test_enterprise_herfindahl_counts_every_enterprise_of_a_block():
    table = pl.DataFrame(
        {
            "industry": ["a", "a", "b", "b"],
            "count": [3, 1, 2, 2],
            "output": [1.0, 5.0, 1.0, None],
        }
    )
    result = enterprise_herfindahl(table, "output")
    assert result["herfindahl"].to_list() == [pytest.approx((3 + 25) / 64), None]


def test_concentration_of_a_long_frame():
    frame = pl.DataFrame(
        {
            "region": ["A", "A", "B", "B", "C"],
            "industry": ["x", "y", "x", "y", "x"],
            "output": [30.0, 10.0, 20.0, 40.0, 5.0],
        }
    )
    reference = pl.DataFrame({"region": ["A", "B"], "reference": [1.0, 1.0]})
    result = concentration(frame, "output", reference)
    np.testing.assert_allclose(result["hoover"], [0.1, 0.3])
    assert result["cells"].to_list() == [2, 2]
