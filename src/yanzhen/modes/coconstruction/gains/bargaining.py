"""How a joint gain may be divided: Nash with bargaining weights, and Shapley."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from math import factorial

MOST_PARTIES = 12
"""Most parties of which all coalitions are enumerated."""


def nash_division(
    joint: float, weights: Mapping[str, float], otherwise: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Division of a transferable joint gain that maximises Π_i (u_i − d_i)^{w_i}.

    Its solution is u_i = d_i + w_i / Σ w · (joint − Σ d): each what it has otherwise, and its
    weight's part of the rest (Nash 1950; Kalai 1977 for weights).

    Parameters
    ----------
    joint : gain of all together
    weights : bargaining weight of each party, not negative, not all zero
    otherwise : d_i, what each has without agreement; zero without it

    Raises
    ------
    ValueError
        When there is nothing to divide above what the parties have otherwise, or weights are
        negative or all zero.
    """
    least = {party: (otherwise or {}).get(party, 0.0) for party in weights}
    total = sum(weights.values())
    if min(weights.values()) < 0 or total <= 0:
        raise ValueError("weights must not be negative, nor all zero")
    surplus = joint - sum(least.values())
    if surplus < 0:
        raise ValueError(f"no agreement: together the parties lose {-surplus:.6g} by it")
    return {party: least[party] + weights[party] / total * surplus for party in weights}


def shapley(parties: Sequence[str], worth: Callable[[frozenset[str]], float]) -> dict[str, float]:
    """Shapley value by enumeration of all coalitions.

    φ_i = Σ_{S ∌ i} |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S))  (Shapley 1953)

    Parameters
    ----------
    parties : at most `MOST_PARTIES` names
    worth : v, worth of a coalition; the empty one is worth nothing

    Raises
    ------
    ValueError
        When there are more parties, or one twice.
    """
    count = len(parties)
    if count > MOST_PARTIES or len(set(parties)) < count:
        raise ValueError(f"at most {MOST_PARTIES} different parties, not {list(parties)}")
    values = {
        frozenset(members): worth(frozenset(members)) if members else 0.0
        for size in range(count + 1)
        for members in combinations(parties, size)
    }
    found = dict.fromkeys(parties, 0.0)
    for coalition, value in values.items():
        size = len(coalition)
        for party in parties:
            if party not in coalition:
                weight = factorial(size) * factorial(count - size - 1) / factorial(count)
                found[party] += weight * (values[coalition | {party}] - value)
    return found
