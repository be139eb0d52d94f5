"""The worth of an uncertain benefit: its mean, and the mean of its worst draws (CVaR).

With B_d the benefit in draw d of D,

    f(B) = (1 − λ) Σ_d B_d / D + λ CVaR_α(B),

CVaR_α the mean of the worst part α of the draws (Rockafellar and Uryasev 2000). It is the least of
Σ_d q_d B_d over weights q_d between (1 − λ) / D and (1 − λ) / D + λ / (α D) that add up to one, so
that f is concave, and each such q gives a linear bound from above.
"""

from dataclasses import dataclass

import numpy as np

from yanzhen.accounts.panel import Floats


@dataclass(frozen=True)
class Risk:
    """How much the worst draws count.

    Attributes
    ----------
    tail : α, part of the draws that are the worst, above 0 and at most 1
    weight : λ of the mean of those, from 0 to 1

    Raises
    ------
    ValueError
        When either is outside its interval.
    """

    tail: float
    weight: float

    def __post_init__(self) -> None:
        if not 0 < self.tail <= 1:
            raise ValueError(f"a tail of {self.tail:g}; above 0 and at most 1 is expected")
        if not 0 <= self.weight <= 1:
            raise ValueError(f"a weight of {self.weight:g}; from 0 to 1 is expected")


def worst_weights(benefit: Floats, risk: Risk) -> Floats:
    """(D,) the weights q that make the least of Σ q B: f(B) = q · B.

    Parameters
    ----------
    benefit : (D,) of each draw
    """
    draws = benefit.size
    share = np.zeros(draws)
    order = np.argsort(benefit, kind="stable")
    most = 1.0 / (risk.tail * draws)
    whole = min(int(np.floor(1.0 / most + 1e-12)), draws)
    share[order[:whole]] = most
    if whole < draws:
        share[order[whole]] = max(1.0 - whole * most, 0.0)
    weights: Floats = (1.0 - risk.weight) / draws + risk.weight * share
    return weights


def worst_mean(benefit: Floats, tail: float) -> float:
    """CVaR_α, the mean of the worst part of the draws."""
    return float(worst_weights(benefit, Risk(tail, 1.0)) @ benefit)
