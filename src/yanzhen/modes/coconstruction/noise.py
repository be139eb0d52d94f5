"""Amounts that are nothing but the rounding of sums in double precision."""

NOISE = 1e-12
"""Part of the amounts summed below which a difference of theirs is rounding."""


def without_noise(amount: float, summed: float) -> float:
    """An amount, or zero where it is the rounding of sums of size `summed`; never −0."""
    return 0.0 if abs(amount) <= NOISE * abs(summed) else amount
