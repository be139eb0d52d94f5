"""Nash and Shapley."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.modes.coconstruction.gains.bargaining import nash_division, shapley

PARTIES = ("home", "host", "centre", "fund")
worths = st.lists(st.floats(-100, 100), min_size=16, max_size=16)


def worth_of(values: list[float]) -> dict[frozenset[str], float]:
    members = [frozenset(p for b, p in enumerate(PARTIES) if k >> b & 1) for k in range(16)]
    return dict(zip(members, [0.0, *values[1:]], strict=True))


def test_nash_gives_each_what_it_has_otherwise_and_its_weight_of_the_rest() -> None:
    found = nash_division(100, {"home": 1, "host": 3}, {"home": 20})
    assert found == pytest.approx({"home": 40, "host": 60})


@given(st.floats(0.1, 0.9), st.floats(0, 0.99))
def test_no_other_division_has_a_larger_nash_product(weight: float, other: float) -> None:
    found = nash_division(10, {"home": weight, "host": 1 - weight})
    best = found["home"] ** weight * found["host"] ** (1 - weight)
    assert (10 * other) ** weight * (10 * (1 - other)) ** (1 - weight) <= best * (1 + 1e-12)


def test_where_the_parties_together_lose_there_is_no_agreement() -> None:
    with pytest.raises(ValueError, match="no agreement"):
        nash_division(10, {"home": 1, "host": 1}, {"home": 6, "host": 5})


@settings(max_examples=50)
@given(worths)
def test_shapley_is_the_mean_of_what_a_party_adds_over_all_orders(values: list[float]) -> None:
    worth = worth_of(values)
    found = shapley(PARTIES, worth.__getitem__)
    added = dict.fromkeys(PARTIES, 0.0)
    orders = list(permutations(PARTIES))
    for order in orders:
        for k, party in enumerate(order):
            before = frozenset(order[:k])
            added[party] += (worth[before | {party}] - worth[before]) / len(orders)
    assert found == pytest.approx(added, abs=1e-9)


@settings(max_examples=50)
@given(worths)
def test_shapley_divides_the_worth_of_all(values: list[float]) -> None:
    worth = worth_of(values)
    total = sum(shapley(PARTIES, worth.__getitem__).values())
    assert total == pytest.approx(worth[frozenset(PARTIES)], abs=1e-9)


def test_home_and_host_share_alike_what_only_both_can_make() -> None:
    def worth(members: frozenset[str]) -> float:
        return 90.0 + 30.0 * ("centre" in members) if {"home", "host"} <= members else 0.0

    found = shapley(PARTIES[:3], worth)
    assert found == pytest.approx({"home": 55, "host": 55, "centre": 10})


def test_too_many_parties_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 12"):
        shapley([str(k) for k in range(13)], lambda members: float(len(members)))


def test_weights_below_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="weights"):
        nash_division(1, {"home": -1, "host": 2})
