"""How messages about arrays name the places that are wrong."""

from collections.abc import Sequence

import numpy as np

from yanzhen.accounts.panel import Booleans
from yanzhen.study.problem import Words

BALANCE = 1e-6
"""Largest part by which sums that must agree may differ, as of figures rounded for print."""
NAMED = 3
"""Places that a message names; it counts the others."""


def after(found: Words, places: str) -> Words:
    """What was found, in both languages, with where."""
    return f"{found[0]} {places}", f"{found[1]}{places}"


def listed(wrong: Booleans, labels: Sequence[Sequence[str]]) -> str:
    """The first places where something is wrong, and how many there are."""
    where = np.argwhere(wrong)
    named = [" / ".join(labels[axis][k] for axis, k in enumerate(at)) for at in where[:NAMED]]
    more = len(where) - len(named)
    return "; ".join(named) + (f" (+ {more})" if more else "")
