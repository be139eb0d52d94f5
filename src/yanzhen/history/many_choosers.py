"""Tastes from a great many choosers, by the market's fused pass over all pairs.

With V_ij = Σ_k θ_k x_ik z_jk the pass gives Σ_i x_ik P_ij of every site, so that the gradient of
the likelihood, observed less predicted Σ_i x_ik z_y(i)k − Σ_j z_jk Σ_i x_ik P_ij, is exact over all
choosers and all sites. Only the curvature, which sets the steps and the standard errors, comes from
a sample of choosers, each with all of its sites.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yanzhen.accounts.panel import Floats
from yanzhen.history.choices import Choices, likelihood
from yanzhen.history.conditional import NoMaximum, fit_conditional
from yanzhen.market.instance import Market
from yanzhen.market.kernel import Enterprises, pack, sweep, terms_at

SAMPLE = 2000
MOST_PASSES = 30
ENOUGH = 1e-3
"""Largest step left, in standard errors."""
NEVER = -1e30
"""Payoff of staying where everyone observed has moved."""


@dataclass(frozen=True)
class ManyChoosers:
    """Estimates of tastes from all choosers.

    Attributes
    ----------
    estimates : (K,) θ, within `ENOUGH` standard errors of the maximum
    covariance : (K, K) inverse information, the information that of the sample times its weight
    log_likelihood, log_likelihood_at_zero : over all choosers
    passes : over all pairs
    """

    estimates: Floats
    covariance: Floats
    log_likelihood: float
    log_likelihood_at_zero: float
    passes: int


def fit_many(
    intensities: Floats, qualities: Floats, chosen: NDArray[np.int64], seed: int
) -> ManyChoosers:
    """Estimate tastes for interactions of choosers' and sites' characteristics.

    Parameters
    ----------
    intensities : (I, K) x_ik
    qualities : (J, K) z_jk
    chosen : (I,) site that each chooser took
    seed : of the sample

    Raises
    ------
    yanzhen.history.conditional.NotIdentified
        With each singular direction.
    NoMaximum
        If the passes do not settle.
    """
    count = len(chosen)
    random = np.random.default_rng(seed)
    rows = np.sort(random.choice(count, size=min(SAMPLE, count), replace=False))
    sample = _sampled(intensities[rows], qualities, chosen[rows])
    theta = fit_conditional(sample).estimates
    observed = np.einsum("ik,ik->k", intensities, qualities[chosen])
    market = _market(intensities, qualities)
    enterprises = pack(market)
    shift = np.zeros(enterprises.mass.size, enterprises.mass.dtype)
    curvature = likelihood(sample, theta).information * (count / len(rows))
    for number in range(1, MOST_PASSES + 1):
        inclusive, predicted = _pass(enterprises, market, qualities, theta, shift)
        step = np.linalg.solve(curvature, observed - predicted)
        covariance: Floats = np.linalg.inv(curvature).astype(np.float64)
        if np.abs(step / np.sqrt(np.diag(covariance))).max() <= ENOUGH:
            value = float(observed @ theta - inclusive)
            at_zero = -count * float(np.log(len(qualities)))
            return ManyChoosers(theta, covariance, value, at_zero, number)
        theta = theta + step
    raise NoMaximum(f"after {MOST_PASSES} passes the tastes have not settled")


def _pass(
    enterprises: Enterprises,
    market: Market,
    qualities: Floats,
    theta: Floats,
    shift: NDArray[np.float32],
) -> tuple[float, Floats]:
    """Σ_i log Σ_j exp V_ij, and Σ_ij x_ik z_jk P_ij."""
    tasted = _market(market.intensities, qualities * theta)
    terms = terms_at(tasted, np.zeros((len(qualities), 0)), np.zeros(0), 1.0)
    swept = sweep(enterprises, terms, shift, uses=slice(0, len(theta)))
    return swept.inclusive, np.einsum("jk,jk->k", qualities, swept.demand)


def _market(intensities: Floats, qualities: Floats) -> Market:
    """Choosers as blocks of mass one, without scarce resources, that all move."""
    count, sites = len(intensities), len(qualities)
    none = np.zeros((sites, 0))
    return Market(
        mass=np.ones(count),
        needs=np.zeros((count, 0)),
        stay=np.full(count, NEVER),
        cell=np.zeros(count, dtype=np.int32),
        base=np.zeros((1, sites)),
        intensities=intensities,
        qualities=qualities,
        capacity=none,
        floor=none,
        group_member=np.zeros((0, sites), dtype=np.bool_),
        group_resource=np.zeros(0, dtype=np.int32),
        group_capacity=np.zeros(0),
        group_floor=np.zeros(0),
        calibration=np.full(count, -1, dtype=np.int32),
        stayers=np.zeros(0),
        sigma=1.0,
    )


def _sampled(intensities: Floats, qualities: Floats, chosen: NDArray[np.int64]) -> Choices:
    counts = np.zeros((len(chosen), len(qualities)))
    counts[np.arange(len(chosen)), chosen] = 1.0
    return Choices(
        tuple(f"interaction {k}" for k in range(qualities.shape[1])),
        np.zeros((1, len(qualities), 0)),
        np.zeros(len(chosen), dtype=np.int64),
        intensities,
        qualities,
        counts,
        np.arange(len(chosen)),
    )
