"""Pairing against brute force, and no pair left that would rather form."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.modes.coconstruction.surveys.pairing import largest_blocking, pair

HOMES, HOSTS = ("a", "b", "c"), ("x", "y", "z")


@st.composite
def markets(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    whole = draw(st.booleans())
    scale = draw(st.sampled_from([1.0, 1e12]))
    home = rng.integers(-3, 8, size=(3, 3)) if whole else rng.normal(1, 2, size=(3, 3))
    host = rng.integers(-3, 8, size=(3, 3)) if whole else rng.normal(1, 2, size=(3, 3))
    home = np.where(rng.random((3, 3)) < 0.1, np.nan, home * scale)
    return home, host * scale, rng.integers(0, 4, size=3), rng.integers(0, 4, size=3)


def brute_force(joint: np.ndarray, home_places: np.ndarray, host_places: np.ndarray) -> float:
    best = 0.0
    weight = np.nan_to_num(joint, nan=-np.inf)
    for bits in product((False, True), repeat=9):
        chosen = np.array(bits).reshape(3, 3)
        if (chosen.sum(axis=1) <= home_places).all() and (chosen.sum(axis=0) <= host_places).all():
            best = max(best, float(weight[chosen].sum()))
    return best


@settings(deadline=None, max_examples=80)
@given(markets())
def test_the_pairing_has_the_largest_joint_gain(market: tuple[np.ndarray, ...]) -> None:
    home, host, home_places, host_places = market
    found = pair(HOMES, HOSTS, home, host, home_places, host_places)
    best = brute_force(home + host, home_places, host_places)
    assert found.worth == pytest.approx(best, rel=1e-9, abs=1e-9)
    assert abs(found.gap) <= 1e-9 * max(best, 1)
    assert found.pairs.group_by("home").len()["len"].max() or home_places.max() >= 0


@settings(deadline=None, max_examples=40)
@given(markets())
def test_nobody_has_more_partners_than_places(market: tuple[np.ndarray, ...]) -> None:
    home, host, home_places, host_places = market
    pairs = pair(HOMES, HOSTS, home, host, home_places, host_places).pairs
    assert pairs.n_unique() == pairs.height
    for side, names, places in (("home", HOMES, home_places), ("host", HOSTS, host_places)):
        taken = [pairs[side].to_list().count(name) for name in names]
        assert (np.array(taken) <= places).all()


@settings(deadline=None, max_examples=80)
@given(markets(), st.floats(0, 1))
def test_no_pair_and_price_is_left_that_both_would_prefer(
    market: tuple[np.ndarray, ...], part: float
) -> None:
    home, host, home_places, host_places = market
    found = pair(HOMES, HOSTS, home, host, home_places, host_places, part)
    tolerance = 1e-9 * max(found.worth, 1)
    assert found.blocking <= tolerance
    gained = {("home", name): [] for name in HOMES} | {("host", name): [] for name in HOSTS}
    for row in found.pairs.iter_rows(named=True):
        gained["home", row["home"]].append(row["home_gain"])
        gained["host", row["host"]].append(row["host_gain"])
        assert min(row["home_gain"], row["host_gain"]) >= -tolerance
    paired = set(found.pairs.select("home", "host").iter_rows())
    for i, j in product(range(3), range(3)):
        if (HOMES[i], HOSTS[j]) in paired or not np.isfinite(home[i, j]):
            continue
        forgone = 0.0
        for side, name, places in (
            ("home", HOMES[i], home_places[i]),
            ("host", HOSTS[j], host_places[j]),
        ):
            own = gained[side, name]
            if places == 0:
                forgone = np.inf
            elif len(own) == places:
                forgone += min(own)
        assert home[i, j] + host[i, j] <= forgone + tolerance


@settings(deadline=None, max_examples=40)
@given(markets())
def test_transfers_support_the_division(market: tuple[np.ndarray, ...]) -> None:
    home, host, home_places, host_places = market
    found = pair(HOMES, HOSTS, home, host, home_places, host_places)
    for row in found.pairs.iter_rows(named=True):
        i, j = HOMES.index(row["home"]), HOSTS.index(row["host"])
        scale = abs(home[i, j]) + abs(host[i, j])
        assert home[i, j] + row["transfer"] == pytest.approx(row["home_gain"], abs=1e-9 * scale)
        assert host[i, j] - row["transfer"] == pytest.approx(row["host_gain"], abs=1e-9 * scale)


def test_a_wrong_pairing_is_seen_to_be_blocked() -> None:
    gain = np.array([[10.0, 1.0], [1.0, 10.0]])
    one = np.array([1, 1])
    found = pair(("a", "b"), ("x", "y"), gain, gain * 0, one, one)
    crossed = found.pairs.with_columns(
        host=found.pairs["host"].reverse(), home_gain=0.5, host_gain=0.5
    )
    assert largest_blocking(gain, crossed, ("a", "b"), ("x", "y"), one, one) == pytest.approx(9.0)


def test_without_any_pair_worth_forming_nothing_is_paired() -> None:
    loss = np.full((3, 3), -1.0)
    found = pair(HOMES, HOSTS, loss, loss, np.ones(3, int), np.ones(3, int))
    assert found.pairs.is_empty()
    assert found.worth == 0


def test_gains_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="gains must be"):
        pair(HOMES, HOSTS, np.ones((2, 3)), np.ones((2, 3)), np.ones(3, int), np.ones(3, int))


def test_where_nobody_has_a_place_the_gap_is_no_rounding_of_what_pairs_would_be_worth() -> None:
    gains = np.array([[6e12, -1e12, 6e12], [3e12, 7e12, 1e12 / 3], [5e12, 2e12, 4e12]])
    none, some = np.zeros(3, dtype=np.int64), np.array([2, 1, 3])
    for places in ((none, some), (some, none)):
        found = pair(HOMES, HOSTS, gains, gains / 3, *places)
        assert (found.worth, found.gap, found.blocking) == (0.0, 0.0, 0.0)
