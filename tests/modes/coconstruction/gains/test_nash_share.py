"""The share that Nash's bargain comes to, against a dense grid and by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.modes.cases import TERMS, small_case
from yanzhen.modes.coconstruction.contract.term_values import with_home_share
from yanzhen.modes.coconstruction.contract.terms import Cap
from yanzhen.modes.coconstruction.gains.gains import Case, gains
from yanzhen.modes.coconstruction.gains.nash_share import (
    NO_AGREEMENT,
    NO_MATTER,
    NashShare,
    log_product,
    nash_share,
)
from yanzhen.modes.coconstruction.gains.share_curve import gain_curve, gain_interval
from yanzhen.modes.coconstruction.settlement.projects import one_contract

PERIOD = "period 1"


def large_case(tax: int = 10**9, lost: int = 0, cap: Cap | None = None) -> Case:
    """A project of 10 million yuan a year: a fen is then nothing beside a millionth."""
    case = small_case(replace(TERMS, cap=cap), home_rate=0.05, host_rate=0.03)
    projects = one_contract(
        ("p",),
        2020,
        {"value_added_tax": np.full((1, 3), tax)},
        outlay=np.array([[3 * 10**8, 0, 0]]),
    )
    return replace(
        case,
        projects=projects,
        tax_lost=np.full((1, 3), lost),
        host_cost=np.array([[10**8, 0, 0]]),
    )


def bargained(case: Case, weight: float) -> NashShare:
    return nash_share(case, PERIOD, gain_interval(case, PERIOD), weight)


def test_over_straight_gains_each_has_its_weight_of_its_own_range() -> None:
    # home(s) = a s + b and host(s) = c − d s: the best s = w c/d − (1 − w) b/a.
    case, weight = large_case(), 0.3
    ends = gain_curve(case, PERIOD, 1)
    (home, home_at_one), (host, host_at_one) = (ends[party].to_list() for party in ("home", "host"))
    expected = weight * host / (host - host_at_one) - (1 - weight) * home / (home_at_one - home)
    assert bargained(case, weight).share == pytest.approx(expected, abs=2e-6)


@settings(deadline=None, max_examples=12)
@given(
    st.floats(0.0, 1.0),
    st.integers(0, 6 * 10**8),
    st.sampled_from([None, 4 * 10**8, 10**9]),
)
def test_no_share_of_a_dense_grid_is_better(weight: float, lost: int, cap: int | None) -> None:
    case = large_case(lost=lost, cap=None if cap is None else Cap(amount=cap))
    interval = gain_interval(case, PERIOD)
    found = nash_share(case, PERIOD, interval, weight)
    if found.share is None:
        assert found.because in (NO_AGREEMENT, NO_MATTER)
        return
    assert any(low <= found.share <= high for low, high in interval.intervals)
    grid = gain_curve(case, PERIOD, 300)
    best = log_product(grid["home"].to_numpy(), grid["host"].to_numpy(), weight).max()
    terms = with_home_share(case.contract.terms, PERIOD, round(found.share * 10**6), 10**6)
    at = gains(replace(case, contract=replace(case.contract, terms=terms)))
    assert at.home >= 0 and at.host >= 0
    own = log_product(np.array([at.home]), np.array([at.host]), weight)[0]
    assert own >= best - 1e-6


def test_a_weight_of_all_or_nothing_takes_the_end_of_the_interval() -> None:
    case = large_case()
    ((low, high),) = gain_interval(case, PERIOD).intervals
    assert bargained(case, 1.0).share == pytest.approx(high, abs=1e-6)
    assert bargained(case, 0.0).share == pytest.approx(low, abs=1e-6)


def test_where_several_shares_are_best_it_is_the_lowest() -> None:
    # The cap is reached at a share of 1/3: from there on the home has no more.
    case = replace(large_case(cap=Cap(amount=10**9)), home_rate=0.0)
    assert bargained(case, 1.0).share == pytest.approx(1 / 3, abs=1e-6)


def test_without_a_share_at_which_both_keep_from_losing_none_is_defined() -> None:
    assert bargained(large_case(tax=10**7), 0.5) == NashShare(None, NO_AGREEMENT)


def test_where_nothing_is_divided_the_share_is_not_defined() -> None:
    nothing = np.zeros((1, 3), dtype=np.int64)
    projects = one_contract(("p",), 2020, {"value_added_tax": nothing})
    case = replace(large_case(), projects=projects, host_cost=nothing)
    assert bargained(case, 0.5) == NashShare(None, NO_MATTER)


def test_an_interval_of_one_share_is_that_share() -> None:
    # 100 fen: the home breaks even at 1/2 of it, where the host does too.
    tax = np.array([[100]])
    case = replace(
        small_case(),
        projects=one_contract(("p",), 2020, {"value_added_tax": tax}, outlay=np.array([[50]])),
        probability_without=np.array([0.0]),
        probability_with=np.array([1.0]),
        tax_lost=np.array([[0]]),
        host_cost=np.array([[50]]),
    )
    found = gain_interval(case, PERIOD)
    ((low, high),) = found.intervals
    assert low <= 0.5 <= high
    share = nash_share(case, PERIOD, found, 0.5).share
    assert share is None or low <= share <= high
    point = replace(found, intervals=((0.5, 0.5),))
    assert nash_share(case, PERIOD, point, 0.5).share == 0.5


def test_a_weight_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        bargained(large_case(), 1.5)
