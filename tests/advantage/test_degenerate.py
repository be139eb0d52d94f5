"""Every indicator where its definition gives out: the value, or that it is not defined.

The table of `docs/en/explanation/diagnose.md` says the same in words.
"""

import warnings
from collections.abc import Callable

import numpy as np
import pytest

from yanzhen.accounts.decomposition import output_change, structural_decomposition
from yanzhen.accounts.input_output import leontief_inverse
from yanzhen.accounts.linkages import (
    forward_linkage,
    power_of_dispersion,
    sensitivity_of_dispersion,
    upstreamness,
)
from yanzhen.advantage.access import market_access, supplier_access
from yanzhen.advantage.autocorrelation import local_moran, moran
from yanzhen.advantage.capacity import critic_weights, entropy_weights
from yanzhen.advantage.complexity import complexity, fitness, outlook_gain, outlook_index
from yanzhen.advantage.concentration import (
    ellison_glaeser,
    gini,
    herfindahl_index,
    hoover_index,
    locational_gini,
    theil,
    theil_decomposition,
)
from yanzhen.advantage.cross_table import Floats
from yanzhen.advantage.entry import entry
from yanzhen.advantage.gradient import gradient_coefficient
from yanzhen.advantage.movement import absolute_shift, centre_of_gravity, relative_shift
from yanzhen.advantage.opportunities import opportunities
from yanzhen.advantage.percentile_rank import percentile_rank
from yanzhen.advantage.pressure import pressure_to_leave
from yanzhen.advantage.relatedness import (
    cosine_proximity,
    jaccard_proximity,
    proximity,
    relatedness_density,
)
from yanzhen.advantage.shift_share import homothetic_shift_share, shift_share
from yanzhen.advantage.specialisation import (
    hachman_index,
    krugman_index,
    location_quotient,
    presence,
    region_herfindahl,
)

NAN = np.nan
ALIKE = np.outer([0.1, 0.7, 1.3, 2.9], [0.3, 0.11, 0.37, 0.07, 0.9])
"""Four regions of one mix, whose quotients are 1 but for rounding."""
ONE_REGION = np.array([[0.1, 0.2, 0.3]])
ONE_INDUSTRY = np.array([[0.1], [0.7], [1.3]])
EMPTY_ROW = np.array([[0.0, 0.0], [1.0, 3.0], [2.0, 2.0]])
EMPTY_COLUMN = np.array([[0.0, 2.0], [0.0, 3.0]])
NOTHING = np.zeros((3, 2))
MISSING = np.full((3, 2), NAN)
W = (np.ones((6, 6)) - np.eye(6)) / 5
CHAIN = np.diag(np.ones(5), 1) + np.diag(np.ones(5), -1)


@pytest.fixture(autouse=True)
def no_warning() -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def of_reference(measure: Callable[[Floats, Floats], Floats]) -> Callable[[Floats], Floats]:
    """The measure against all output of each region."""
    return lambda x: measure(x, np.nansum(x, axis=1))


CASES: list[tuple[Callable[[Floats], Floats], Floats, object]] = [
    (location_quotient, ALIKE, np.ones((4, 5))),
    (location_quotient, ONE_REGION, np.ones((1, 3))),
    (location_quotient, ONE_INDUSTRY, np.ones((3, 1))),
    (location_quotient, EMPTY_ROW[:1], np.full((1, 2), NAN)),
    (location_quotient, EMPTY_COLUMN, [[NAN, 1.0], [NAN, 1.0]]),
    (location_quotient, NOTHING, MISSING),
    (location_quotient, MISSING, MISSING),
    (lambda x: presence(location_quotient(x)), ALIKE, np.ones((4, 5))),
    (krugman_index, ALIKE, np.zeros(4)),
    (krugman_index, ONE_INDUSTRY, np.zeros(3)),
    (krugman_index, EMPTY_ROW[:1], [NAN]),
    (hachman_index, ALIKE, np.ones(4)),
    (hachman_index, NOTHING, [NAN] * 3),
    (region_herfindahl, ONE_INDUSTRY, np.ones(3)),
    (region_herfindahl, NOTHING, [NAN] * 3),
    (herfindahl_index, ONE_REGION, np.ones(3)),
    (herfindahl_index, np.ones((4, 1)), [0.25]),
    (herfindahl_index, EMPTY_COLUMN, [NAN, 0.52]),
    (of_reference(hoover_index), ONE_REGION, np.zeros(3)),
    (of_reference(hoover_index), ALIKE, np.zeros(5)),
    (of_reference(hoover_index), NOTHING, [NAN] * 2),
    (of_reference(locational_gini), ONE_REGION, np.zeros(3)),
    (of_reference(locational_gini), ALIKE, np.zeros(5)),
    (of_reference(locational_gini), NOTHING, [NAN] * 2),
    (lambda x: np.array([gini(x[:, 0])]), np.full((5, 1), 0.1), [0.0]),
    (lambda x: np.array([gini(x[:, 0])]), ONE_REGION, [0.0]),
    (lambda x: np.array([gini(x[:, 0])]), NOTHING, [NAN]),
    (lambda x: np.array([gini(x[:, 0])]), MISSING, [NAN]),
    (lambda x: np.array([theil(x[:, 0], np.ones(len(x)))]), np.full((5, 1), 0.1), [0.0]),
    (lambda x: np.array([theil(x[:, 0], np.ones(len(x)))]), ONE_REGION, [0.0]),
    (lambda x: np.array([theil(x[:, 0], np.ones(len(x)))]), NOTHING, [NAN]),
    (lambda x: ellison_glaeser(x, x.sum(axis=1), np.full(x.shape[1], 0.1)), ONE_REGION, [NAN] * 3),
    (lambda x: ellison_glaeser(x, x.sum(axis=1), np.ones(x.shape[1])), ALIKE, [NAN] * 5),
    (lambda x: ellison_glaeser(x, np.ones(3), np.full(2, 0.1)), NOTHING, [NAN] * 2),
    (percentile_rank, np.full((3, 1), 0.1), np.full((3, 1), 0.5)),
    (percentile_rank, np.array([[0.3], [0.1 + 0.2], [0.9]]), [[0.25], [0.25], [1.0]]),
    (percentile_rank, ONE_REGION, np.full((1, 3), NAN)),
    (percentile_rank, MISSING, MISSING),
    (proximity, np.zeros((3, 2)), np.zeros((2, 2))),
    (proximity, np.ones((1, 2)), np.ones((2, 2))),
    (proximity, MISSING, np.full((2, 2), NAN)),
    (cosine_proximity, np.zeros((3, 2)), np.zeros((2, 2))),
    (jaccard_proximity, np.zeros((3, 2)), np.zeros((2, 2))),
    (lambda m: relatedness_density(m, proximity(m)), np.ones((3, 2)), np.ones((3, 2))),
    (lambda m: relatedness_density(m, proximity(m)), np.zeros((3, 2)), MISSING),
    (lambda m: relatedness_density(m, proximity(m)), MISSING, MISSING),
    (lambda v: gradient_coefficient(v, np.ones_like(v)), ONE_REGION, np.ones((1, 3))),
    (lambda v: gradient_coefficient(v, np.zeros_like(v)), ONE_REGION, np.full((1, 3), NAN)),
    (lambda v: gradient_coefficient(v, np.ones_like(v)), NOTHING, MISSING),
    (lambda x: absolute_shift(x, 3 * x), EMPTY_ROW, np.zeros((3, 2))),
    (lambda x: absolute_shift(x, x + 1), EMPTY_COLUMN, [[NAN, 0.2], [NAN, -0.2]]),
    (lambda x: relative_shift(x, x + 1), NOTHING, MISSING),
    (lambda x: shift_share(x, 2 * x).competitive, ALIKE, np.zeros((4, 5))),
    (lambda x: shift_share(x, x + 1).competitive, NOTHING, np.ones((3, 2))),
    (lambda x: shift_share(x, x).mix, ONE_INDUSTRY, np.zeros((3, 1))),
    (lambda x: shift_share(x, x).mix, MISSING, MISSING),
    (lambda x: homothetic_shift_share(x, x + 1).allocation, NOTHING, MISSING),
    (lambda x: supplier_access(np.eye(2), x, np.zeros((2, 2))), EMPTY_COLUMN, np.zeros((2, 2))),
    (
        lambda x: market_access(np.eye(3), x, np.ones((2, 2)), np.zeros(2), np.zeros(3)),
        NOTHING,
        np.zeros((3, 2)),
    ),
    (entropy_weights, np.array([[0.0, 0.5], [1.0, 0.5]]), [1.0, 0.0]),
    (critic_weights, np.array([[0.0], [1.0]]), [1.0]),
]


@pytest.mark.parametrize("case", range(len(CASES)))
def test_the_value_where_a_definition_gives_out(case: int) -> None:
    measure, given, right = CASES[case]
    np.testing.assert_allclose(measure(given), right, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("m", "why"),
    [
        (presence(location_quotient(ALIKE)), "alike"),
        (np.kron(np.eye(2), [[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [1.0, 1.0, 1.0]]), "apart"),
        (np.eye(4), "apart"),
        (1 - np.eye(5), "tied"),
        (np.ones((2, 6)), "few"),
        (np.ones((6, 1)), "few"),
        (np.zeros((4, 4)), "few"),
        (np.full((4, 4), NAN), "few"),
    ],
)
def test_there_is_no_complexity_where_no_one_order_explains_the_table(m: Floats, why: str) -> None:
    found = complexity(m)
    assert found.undefined == why
    assert np.isnan(found.eci).all() and np.isnan(found.pci).all()
    density = np.full(m.shape, 0.5)
    assert np.isnan(outlook_index(m, density, found.pci)).all()
    assert np.isnan(outlook_gain(m, np.ones((m.shape[1],) * 2), found.pci)).all()


def test_alike_regions_are_equally_fit_and_a_weaker_group_comes_to_nothing() -> None:
    np.testing.assert_allclose(fitness(np.ones((4, 3))).fitness, 1)
    apart = np.zeros((4, 5))
    apart[:2, :4] = apart[2:, 4:] = 1
    np.testing.assert_allclose(fitness(apart).fitness, [2, 2, 0, 0], atol=1e-9)
    assert np.isnan(fitness(np.zeros((3, 3))).fitness).all()


@pytest.mark.parametrize(
    ("y", "w", "why"),
    [
        (np.full(6, 0.1), W, "constant"),
        (location_quotient(ONE_INDUSTRY.repeat(2, axis=0))[:, 0], W, "constant"),
        (np.array([1.0, 2.0, 3.0, NAN, NAN, NAN]), W, "few_regions"),
        (np.full(6, NAN), W, "few_regions"),
        (np.arange(6.0), np.zeros((6, 6)), "no_neighbours"),
    ],
)
def test_moran_is_not_defined_and_says_why(y: Floats, w: Floats, why: str) -> None:
    found = moran(y, w)
    assert found.undefined == why
    assert np.isnan([found.statistic, found.z, found.p]).all()
    assert np.isnan(local_moran(y, w).statistic).all()


def test_where_all_are_neighbours_every_arrangement_is_as_extreme() -> None:
    """I is −1 / (n − 1) whatever the values; it spreads over nothing and is no surprise."""
    found = moran(np.array([1.0, 5.0, 2.0, 9.0, 4.0, 4.0]), W)
    assert found.statistic == pytest.approx(-1 / 5)
    assert np.isnan(found.z)
    assert found.p == 1.0


def test_what_is_tied_with_the_observed_counts_on_both_sides() -> None:
    """One high region at the end of a chain: a third of the arrangements, at the ends, give its I.

    The others give a lower one, so that about 2 in 6 are at least as extreme, not 1 in 1000.
    """
    found = moran(np.array([1.0, 0, 0, 0, 0, 0]), CHAIN)
    assert found.p == pytest.approx(1 / 3, abs=0.05)


def test_ties_and_thresholds_within_rounding_make_no_entry() -> None:
    once = location_quotient(ALIKE)
    twice = location_quotient(ALIKE * 3)
    found = entry(once, twice)
    assert not found.could_enter.any() and not found.left.any()
    assert found.could_leave.all()


def test_nothing_is_open_to_regions_that_have_all() -> None:
    x = location_quotient(ALIKE)
    found = opportunities(list("abcd"), list("vwxyz"), x, {"reason": np.ones_like(x)})
    assert found.is_empty()


def test_a_region_alone_has_no_pressure() -> None:
    reasons = {"cost": np.ones((1, 3)), "gradient": np.ones((1, 3))}
    found = pressure_to_leave(["a"], list("xyz"), ONE_REGION, reasons, draws=10)
    assert found["pressure"].null_count() == 3
    alike = pressure_to_leave(
        list("abc"), ["x"], np.ones((3, 1)), {k: np.ones((3, 1)) for k in "pq"}, draws=10
    )
    assert alike["pressure"].to_list() == [0.5] * 3
    nothing = pressure_to_leave(["a", "b"], ["x"], np.zeros((2, 1)), {"p": np.ones((2, 1))})
    assert nothing.is_empty()


def test_one_group_and_groups_alike_leave_nothing_between() -> None:
    alone = theil_decomposition(np.array([1.0, 3.0]), np.ones(2), ["g", "g"])
    assert alone.between == pytest.approx(0) and alone.within == pytest.approx(alone.total)
    each = theil_decomposition(np.array([1.0, 3.0]), np.ones(2), ["g", "h"])
    assert each.within == pytest.approx(0)
    assert np.isnan(theil_decomposition(np.zeros(2), np.ones(2), ["g", "h"]).total)


def test_a_centre_of_nothing_is_nowhere() -> None:
    lon = np.array([0.0, 180.0])
    assert np.isnan(centre_of_gravity(np.zeros(2), lon, np.zeros(2))).all()
    assert np.isnan(centre_of_gravity(np.ones(2), lon, np.zeros(2))).all()
    assert centre_of_gravity(np.array([NAN, 1.0]), lon, np.zeros(2))[0] == pytest.approx(180.0)


def test_decompositions_and_linkages_of_an_economy_without_flows() -> None:
    a, y = np.zeros((3, 3)), np.array([1.0, 2.0, 0.0])
    technology, demand = output_change(a, a, y, 2 * y)
    np.testing.assert_allclose(technology, 0)
    np.testing.assert_allclose(demand, y)
    assert structural_decomposition([y[:, None]], [2 * y[:, None]])[0].sum() == y.sum()
    inverse = leontief_inverse(a)
    for linkage in (power_of_dispersion, sensitivity_of_dispersion, forward_linkage, upstreamness):
        np.testing.assert_allclose(linkage(inverse), 1)
