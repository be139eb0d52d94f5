"""Whole fen: exact proportions and the largest-remainder method, vectorised over rows.

Amounts are int64 and at most `LARGEST` fen (some 11 trillion yuan). Rounding never makes or loses
a fen: what floors leave over goes, a fen each, to the largest remainders (Hamilton's method), ties
to the first.
"""

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

LARGEST = 2**50
_CHUNK = 12
_CHUNKS = 5


def proportion(amount: Integers, weight: Integers, total: Integers) -> tuple[Integers, Integers]:
    """Quotient and remainder of amount · weight / total, exact without overflow.

    Parameters
    ----------
    amount, weight, total : arrays of one shape, 0 ≤ weight ≤ total ≤ `LARGEST`; amount at most
        `LARGEST`; where total is 0 both results are 0
    """
    divisor = np.maximum(total, 1)
    if int(amount.max(initial=0)) * int(weight.max(initial=0)) < 2**62:
        quotient, remainder = np.divmod(amount * weight, divisor)
        return quotient, remainder
    # Long multiplication: the weight is taken twelve binary digits at a time, largest first.
    quotient = np.zeros_like(divisor)
    remainder = np.zeros_like(divisor)
    for chunk in range(_CHUNKS - 1, -1, -1):
        digits = (weight >> (_CHUNK * chunk)) & (2**_CHUNK - 1)
        more, remainder = np.divmod((remainder << _CHUNK) + amount * digits, divisor)
        quotient = (quotient << _CHUNK) + more
    return quotient, remainder


def nearest(amount: Integers, numerator: Integers, denominator: Integers) -> Integers:
    """Return amount · numerator / denominator rounded to the nearest fen, halves up."""
    quotient, remainder = proportion(amount, numerator, denominator)
    return quotient + (2 * remainder >= denominator)


def divide(amount: Integers, parts: Integers) -> Integers:
    """Divide each amount among parties by their parts, by the largest remainders.

    Parameters
    ----------
    amount : (N,)
    parts : (S, N) parts of each party, not all zero

    Returns
    -------
    Integers
        (S, N), summing to the amounts
    """
    total = parts.sum(axis=0)
    shares, remainders = np.empty_like(parts), np.empty_like(parts)
    for s in range(parts.shape[0]):
        shares[s], remainders[s] = proportion(amount, parts[s], total)
    left = amount - shares.sum(axis=0)
    for s in range(parts.shape[0]):
        rank = np.zeros_like(left)
        for other in range(parts.shape[0]):
            if other < s:
                rank += remainders[other] >= remainders[s]
            elif other > s:
                rank += remainders[other] > remainders[s]
        shares[s] += rank < left
    return shares


def apportion(amount: Integers, weight: Integers, starts: Integers) -> Integers:
    """Divide an amount of each group among its rows in proportion to their weights.

    Parameters
    ----------
    amount : (G,)
    weight : (N,) rows of a group stand together, in the order of the groups; where all are zero
        the group's rows share alike
    starts : (G,) first row of each group; no group is empty

    Returns
    -------
    Integers
        (N,), summing to the amount in each group
    """
    rows = np.diff(np.append(starts, weight.size))
    group = np.repeat(np.arange(starts.size), rows)
    total = np.add.reduceat(weight, starts)
    if bool((amount == total).all()):
        return weight.copy()
    alike = (total == 0)[group]
    weight, total = np.where(alike, 1, weight), np.where(total == 0, rows, total)
    share, remainder = proportion(amount[group], weight, total[group])
    left = amount - np.add.reduceat(share, starts)
    order = np.lexsort((-remainder, group))
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size) - starts[group[order]]
    return share + (rank < left[group])
