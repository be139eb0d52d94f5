"""Share models with inertia: where an industry will be, from where it is and what places offer.

The share of region r in industry s at the end of a period is

    ŝ_rs ∝ s_rs exp(Σ_k β_k x_rsk),   Σ_r ŝ_rs = 1,

s_rs the share at its start and x covariates dated then, the log of s_rs among them: its
coefficient is the inertia less one. All β = 0 is persistence. β is the maximum of the likelihood of
a draw from the shares, each industry counting the same, under a normal prior around persistence.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.history.covariates import Covariates

SETS: tuple[tuple[str, ...], ...] = (
    (),
    ("density",),
    ("location_quotient", "region_size"),
    ("location_quotient", "region_size", "density", "similar_regions", "related_industries"),
)
"""Covariates beside the log share itself; which set is used is decided within train."""
PARTS = 3
"""Parts of the industries, each foretold from the others to decide."""
DRAWS = 400.0
"""How many independent draws an industry's shares are taken to be worth against the prior."""
PENALTY = 10.0
MOST_STEPS = 50
FARTHEST = 3.0


@dataclass(frozen=True)
class ShareModel:
    """Coefficients of a share model.

    Attributes
    ----------
    names : (K,) log_share and one of `SETS`
    mean, deviation : (K,) of the covariates it was fitted on
    coefficients : (K,) β on standardised covariates; all zero is persistence
    covariance : (K, K) inverse curvature clustered by industry
    """

    names: tuple[str, ...]
    mean: Floats
    deviation: Floats
    coefficients: Floats
    covariance: Floats

    def predict(self, start: Floats, described: Covariates) -> Floats:
        """(N, S) shares at the end of the period, NaN where the cell is missing at its start.

        Parameters
        ----------
        start : (N, S) amounts at the start
        described : covariates of the same amounts
        """
        x = _columns(start, described, self.names[1:])
        z = np.clip((x - self.mean) / self.deviation, -FARTHEST, FARTHEST)
        weight = np.where(np.isfinite(start), start, 0.0) * np.exp(z @ self.coefficients)
        total = weight.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            share: Floats = weight / total
        return np.where(np.isfinite(start), share, np.nan)


def shares(amount: Floats, cells: Booleans) -> Floats:
    """(N, S) share of each region in an industry over some cells, 0 elsewhere.

    NaN for an industry with nothing in them.
    """
    kept = np.where(cells, np.nan_to_num(amount), 0.0)
    total = kept.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return kept / np.where(total > 0, total, np.nan)


def fit_shares(start: Floats, end: Floats, described: Covariates) -> ShareModel:
    """Fit a share model on the cells that are there at both ends of a period.

    Of `SETS` it takes the one whose shares of industries left out, in three parts, are nearest.

    Parameters
    ----------
    start, end : (N, S) amounts, NaN where missing
    described : covariates of `start`
    """
    part = np.arange(start.shape[1]) % PARTS
    errors = [
        sum(_error_left_out(start, end, described, names, part == k) for k in range(PARTS))
        for names in SETS
    ]
    return _fit(start, end, described, SETS[int(np.argmin(errors))])


def _error_left_out(
    start: Floats, end: Floats, described: Covariates, names: tuple[str, ...], out: Booleans
) -> float:
    """Σ |predicted − actual share| of the industries left out by a model of the others."""
    kept = Covariates(described.names, described.values[:, ~out], described.quotient[:, ~out])
    left = Covariates(described.names, described.values[:, out], described.quotient[:, out])
    model = _fit(start[:, ~out], end[:, ~out], kept, names)
    both = np.isfinite(start[:, out]) & np.isfinite(end[:, out])
    predicted = shares(model.predict(start[:, out], left), both)
    return float(np.nansum(np.abs(predicted - shares(end[:, out], both))))


def _fit(start: Floats, end: Floats, described: Covariates, names: tuple[str, ...]) -> ShareModel:
    both = np.isfinite(start) & np.isfinite(end) & (np.nan_to_num(start) > 0)
    x = _columns(start, described, names)
    known = x[both]
    count = x.shape[2]
    mean = known.mean(axis=0) if len(known) else np.zeros(count)
    spread = known.std(axis=0) if len(known) else np.ones(count)
    deviation = np.where(spread > 1e-9, spread, 1.0)
    z = np.clip((x - mean) / deviation, -FARTHEST, FARTHEST)
    s0, s1 = shares(start, both), shares(end, both)
    kept = np.isfinite(s0).all(axis=0) & np.isfinite(s1).all(axis=0) & (both.sum(axis=0) > 1)
    beta, covariance = _maximised(z[:, kept], s0[:, kept], s1[:, kept])
    return ShareModel(("log_share", *names), mean, deviation, beta, covariance)


def _columns(start: Floats, described: Covariates, names: tuple[str, ...]) -> Floats:
    total = np.nansum(start, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_share = np.log(np.maximum(start / np.where(total > 0, total, np.nan), 1e-6))
    log_share = np.where(np.isfinite(log_share), log_share, np.log(1e-6))
    return np.stack([log_share, *(described.named(name) for name in names)], axis=2)


def _maximised(z: Floats, s0: Floats, s1: Floats) -> tuple[Floats, Floats]:
    """β that maximises DRAWS Σ_s Σ_r s1 log ŝ − PENALTY/2 β², and its sandwich covariance."""
    count = z.shape[2]
    prior = PENALTY * np.eye(count)
    beta = np.zeros(count)
    gradients = np.zeros((0, count))
    hessian = prior
    flat = np.ascontiguousarray(z).reshape(-1, count)
    observed = (s1[:, :, None] * z).sum(axis=0)
    for _ in range(MOST_STEPS):
        weight = s0 * np.exp(z @ beta)
        predicted = weight / weight.sum(axis=0)
        centre = (predicted[:, :, None] * z).sum(axis=0)
        gradients = DRAWS * (observed - centre)
        second = flat.T @ (flat * predicted.reshape(-1, 1)) - centre.T @ centre
        hessian = DRAWS * second + prior
        step: NDArray[np.float64] = np.linalg.solve(hessian, gradients.sum(axis=0) - PENALTY * beta)
        beta = beta + step * min(1.0, 1.0 / max(float(np.abs(step).max()), 1e-300))
        if np.abs(step).max() < 1e-8:
            break
    bread = np.linalg.inv(hessian)
    return beta, bread @ (gradients.T @ gradients) @ bread
