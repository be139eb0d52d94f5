"""Exact proportions and the largest-remainder method."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.modes.coconstruction.contract.rounding import (
    LARGEST,
    apportion,
    divide,
    nearest,
    proportion,
)

amounts = st.one_of(st.integers(0, 50), st.integers(0, LARGEST))


def whole(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@given(amounts, amounts, amounts)
def test_a_proportion_is_exact_for_the_largest_amounts(a: int, w: int, t: int) -> None:
    weight, total = sorted((w, max(t, 1)))
    quotient, remainder = proportion(whole(a), whole(weight), whole(total))
    assert divmod(a * weight, total) == (quotient[0], remainder[0])


def test_halves_are_rounded_up() -> None:
    assert nearest(whole(1, 3, 5), whole(1, 1, 1), whole(2, 2, 4)).tolist() == [1, 2, 1]


@given(amounts, st.lists(st.integers(0, 10**6), min_size=2, max_size=4).filter(any))
@settings(deadline=None)
def test_shares_are_within_a_fen_of_exact_and_add_up(amount: int, parts: list[int]) -> None:
    shares = divide(whole(amount), np.array(parts, dtype=np.int64)[:, None])[:, 0]
    assert shares.sum() == amount
    for share, part in zip(shares.tolist(), parts, strict=True):
        assert abs(share - Fraction(amount * part, sum(parts))) < 1


def test_the_fen_left_over_goes_to_the_largest_remainder_and_ties_to_the_first() -> None:
    assert divide(whole(10), whole(60, 40)[:, None])[:, 0].tolist() == [6, 4]
    assert divide(whole(11), whole(1, 1)[:, None])[:, 0].tolist() == [6, 5]
    assert divide(whole(7), whole(1, 1, 4)[:, None])[:, 0].tolist() == [1, 1, 5]


@given(st.lists(st.tuples(amounts, st.lists(amounts, min_size=1, max_size=5)), min_size=1))
@settings(deadline=None)
def test_apportioned_amounts_add_up_in_every_group(groups: list[tuple[int, list[int]]]) -> None:
    weights = [[w // 8 for w in group] for _, group in groups]
    starts = np.cumsum([0] + [len(group) for group in weights])[:-1].astype(np.int64)
    amount = whole(*(a for a, _ in groups))
    found = apportion(amount, np.concatenate([whole(*group) for group in weights]), starts)
    np.testing.assert_array_equal(np.add.reduceat(found, starts), amount)


def test_without_any_weight_the_rows_share_alike() -> None:
    assert apportion(whole(5), whole(0, 0, 0), whole(0)).tolist() == [2, 2, 1]
