"""Binary logit by Newton, and the entry model made of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from yanzhen.accounts.panel import Booleans, Floats

MOST_STEPS = 50
SMALLEST_PART = 1e-6
"""Of a step, below which it is not halved again."""
CROSSED = 10
"""The first covariates, whose squares and products enter too."""
ENTRIES_A_COLUMN = 10
PENALTY = 5.0
"""Prior precision of standardised coefficients: half a dozen entries' worth of doubt."""
FARTHEST = 4.0
"""Standard deviations beyond which a covariate counts as this far: nothing is extrapolated."""


@dataclass(frozen=True)
class Logit:
    """P(y = 1) = 1 / (1 + exp(−(b_0 + Σ_k b_k z_k))), z standardised covariates and products.

    Attributes
    ----------
    mean, deviation : (K,) of the covariates the model was fitted on
    crossed : number of first covariates whose products enter
    coefficients : (1 + columns,) b
    """

    mean: Floats
    deviation: Floats
    crossed: int
    coefficients: Floats

    def probability(self, x: Floats) -> Floats:
        """(n,) P(y = 1) at (n, K) covariates."""
        return expit(_design(x, self.mean, self.deviation, self.crossed) @ self.coefficients)


def fit_logit(x: Floats, y: Booleans, crossed: int = CROSSED, penalty: float = PENALTY) -> Logit:
    """Fit a logit with a normal prior of precision `penalty` on every coefficient but the constant.

    Parameters
    ----------
    x : (n, K) covariates
    y : (n,) outcomes
    """
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    deviation = np.where(deviation > 1e-12, deviation, 1.0)
    design = _design(x, mean, deviation, crossed)
    return Logit(mean, deviation, crossed, _penalised(design, y.astype(np.float64), penalty))


def affordable(entries: int, covariates: int) -> tuple[int, int]:
    """How many covariates, and how many with products, an outcome seen so often can bear.

    One column for ten entries (Peduzzi, Concato, Kemper, Holford and Feinstein 1996).
    """
    columns = max(entries // ENTRIES_A_COLUMN, 1)
    used = min(columns, covariates)
    crossed = next(
        c for c in range(CROSSED, -1, -1) if c == 0 or used + c * (c + 1) // 2 <= columns
    )
    return used, crossed


def platt(score: Floats, y: Booleans) -> Logit:
    """Probability from a score by a logit of it alone, targets drawn in (Platt 1999).

    Targets are (n₊ + 1) / (n₊ + 2) and 1 / (n₋ + 2), so that a perfect score stays finite.
    """
    positives, negatives = int(y.sum()), int((~y).sum())
    target = np.where(y, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    x = score[:, None]
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    deviation = np.where(deviation > 1e-12, deviation, 1.0)
    return Logit(mean, deviation, 0, _penalised(_design(x, mean, deviation, 0), target, 1e-6))


def _design(x: Floats, mean: Floats, deviation: Floats, crossed: int) -> Floats:
    z = np.clip((x - mean) / deviation, -FARTHEST, FARTHEST)
    first, second = np.triu_indices(min(crossed, z.shape[1]))
    return np.column_stack([np.ones(len(z)), z, z[:, first] * z[:, second]])


def maximum_posterior(design: Floats, target: Floats, mean: Floats, precision: Floats) -> Floats:
    """Coefficients b that maximise log likelihood − ½ (b − m)ᵀ P (b − m), by Newton from m.

    A step that would lower it is halved: far from the maximum the whole step can overshoot.

    Parameters
    ----------
    design : (n, K)
    target : (n,) outcomes between 0 and 1
    mean, precision : (K,) m and (K, K) P of the normal prior
    """

    def height(predictor: Floats, at: Floats) -> float:
        likelihood = target * predictor - np.logaddexp(0.0, predictor)
        return float(likelihood.sum() - (at - mean) @ precision @ (at - mean) / 2)

    b = mean.copy()
    predictor = design @ b
    reached = height(predictor, b)
    for _ in range(MOST_STEPS):
        probability = expit(predictor)
        gradient = design.T @ (target - probability) - precision @ (b - mean)
        weight: NDArray[np.float64] = probability * (1 - probability)
        hessian = (design * weight[:, None]).T @ design + precision
        step = np.linalg.solve(hessian, gradient)
        part = min(1.0, FARTHEST / max(float(np.abs(step).max()), 1e-300))
        predictor = design @ (b + part * step)
        higher = height(predictor, b + part * step)
        while higher < reached - 1e-9 * abs(reached) and part > SMALLEST_PART:
            part /= 2
            predictor = design @ (b + part * step)
            higher = height(predictor, b + part * step)
        b, reached = b + part * step, higher
        if np.abs(step).max() < 1e-9:
            break
    return b


def _penalised(design: Floats, target: Floats, penalty: float) -> Floats:
    """Minimise −log likelihood + penalty/2 Σ_{k>0} b_k²."""
    prior = np.full(design.shape[1], penalty)
    prior[0] = 0.0
    return maximum_posterior(design, target, np.zeros(design.shape[1]), np.diag(prior))
