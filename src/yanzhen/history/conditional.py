"""Tastes from observed moves: conditional logit by maximum likelihood (McFadden 1974)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, xlogy

from yanzhen.accounts.panel import Floats
from yanzhen.history.choices import Choices, Integers, Likelihood, likelihood

MOST_STEPS = 100
SMALLEST_GRADIENT = 1e-7
"""Largest gradient at the maximum, in standard deviations of the score."""
COLLAPSED = 1e-6
"""Part of an attribute's information left at an end that is no maximum but a limit."""
SHORTEST_STEP = 1e-8
SINGULAR = 1e-10
"""Eigenvalue of the information, scaled to a unit diagonal, below which nothing is learnt."""


class NotIdentified(Exception):
    """Some combination of tastes leaves every choice as likely as before; it is named."""

    def __init__(self, directions: tuple[str, ...]) -> None:
        super().__init__(
            "The choices say nothing of: " + "; ".join(directions) + ". Leave out one of each, or "
            "bring data in which they differ among the sites of a chooser."
        )
        self.directions = directions


class NoMaximum(Exception):
    """The likelihood rises without end, such as where an attribute tells the choices apart."""


@dataclass(frozen=True)
class ConditionalLogit:
    """Estimates of tastes θ = β/σ.

    Attributes
    ----------
    names : (P,) of the tastes, then `site <j>` of the constants
    estimates : (P,)
    covariance : (P, P) inverse information
    robust : (P, P) sandwich over choosers
    clustered : (P, P) sandwich over clusters, times G / (G − 1)
    log_likelihood, log_likelihood_at_zero : at the estimates, and with all of them zero
    choices : Σ n_ij
    steps : Newton steps taken
    """

    names: tuple[str, ...]
    estimates: Floats
    covariance: Floats
    robust: Floats
    clustered: Floats
    log_likelihood: float
    log_likelihood_at_zero: float
    choices: float
    steps: int

    @property
    def likelihood_ratio(self) -> float:
        """2 (log L − log L₀), χ² with P degrees of freedom if no taste matters."""
        return 2 * (self.log_likelihood - self.log_likelihood_at_zero)

    @property
    def pseudo_r2(self) -> float:
        """1 − log L / log L₀ (McFadden 1974)."""
        return 1 - self.log_likelihood / self.log_likelihood_at_zero


@dataclass(frozen=True)
class InMoney:
    """Tastes as margin on output.

    Attributes
    ----------
    names : of the tastes other than the cost
    sigma, sigma_error : σ = −1 / θ_cost, and its standard error
    values, errors : β_k = −θ_k / θ_cost, and standard errors by the delta method
    """

    names: tuple[str, ...]
    sigma: float
    sigma_error: float
    values: Floats
    errors: Floats


def fit_conditional(
    choices: Choices, site_constants: bool = False, weight: Floats | None = None
) -> ConditionalLogit:
    """Estimate tastes from observed choices by Newton.

    Parameters
    ----------
    choices : who chose what
    site_constants : whether every site but the first has a constant of its own
    weight : (I,) times each chooser counts, once unless told

    Raises
    ------
    NotIdentified
        With each singular direction.
    NoMaximum
        If the likelihood has none.
    """
    count = len(choices.names)
    sites = choices.sites - 1 if site_constants else 0

    def at(point: Floats) -> Likelihood:
        constants = np.append(0.0, point[count:]) if site_constants else None
        return likelihood(choices, point[:count], constants, weight)

    names = (*choices.names, *(f"site {j + 1}" for j in range(sites)))
    total = float((choices.counts.sum(axis=1) * (1.0 if weight is None else weight)).sum())
    return maximum_likelihood(names, at, choices.cluster, total)


def maximum_likelihood(
    names: tuple[str, ...],
    at: Callable[[Floats], Likelihood],
    cluster: Integers,
    total: float,
) -> ConditionalLogit:
    """Estimate tastes by Newton from what evaluates their likelihood; as `fit_conditional`.

    Parameters
    ----------
    names : (P,) of the tastes
    at : the likelihood at (P,) tastes
    cluster : (I,) choosers that may share what is not observed
    total : Σ n_ij
    """
    theta = np.zeros(len(names))
    now = start = at(theta)
    if not np.isfinite(start.value):
        raise ValueError("a site that was taken is refused to its chooser")
    _require_identified(start.information, names)
    scale = np.sqrt(np.diag(start.information))
    for step in range(MOST_STEPS):
        gradient = now.scores.sum(axis=0)
        if np.abs(gradient / scale).max() <= SMALLEST_GRADIENT:
            if (np.diag(now.information) < COLLAPSED * scale**2).any():
                break
            return _estimated(cluster, names, theta, now, start.value, total, step)
        try:
            direction = np.linalg.solve(now.information, gradient)
        except np.linalg.LinAlgError:
            break
        length = 1.0
        found = at(theta + length * direction)
        while not found.value >= now.value - 1e-10 * abs(now.value) and length > SHORTEST_STEP:
            length /= 2
            found = at(theta + length * direction)
        theta, now = theta + length * direction, found
    raise NoMaximum(
        "The likelihood rises without end; the tastes had grown to "
        + ", ".join(f"{name} {value:.3g}" for name, value in zip(names, theta, strict=True))
    )


def in_money(fitted: ConditionalLogit, cost: str) -> InMoney:
    """Divide tastes by minus that of a cost per output.

    Raises
    ------
    ValueError
        If the cost has no taste, or more of it is not less liked: then σ is not identified.
    """
    if cost not in fitted.names:
        raise ValueError(f"no taste for '{cost}'; there are {', '.join(fitted.names)}")
    at = fitted.names.index(cost)
    price = fitted.estimates[at]
    if price >= 0:
        raise ValueError(
            f"the taste for '{cost}' is {price:.4g}, not negative: σ is not identified"
        )
    others = [k for k in range(len(fitted.names)) if k != at]
    values = -fitted.estimates[others] / price
    slope = np.zeros((len(others), len(fitted.names)))
    slope[np.arange(len(others)), others] = -1 / price
    slope[:, at] = fitted.estimates[others] / price**2
    errors = np.sqrt(np.diag(slope @ fitted.clustered @ slope.T))
    sigma_error = float(np.sqrt(fitted.clustered[at, at]) / price**2)
    names = tuple(fitted.names[k] for k in others)
    return InMoney(names, float(-1 / price), sigma_error, values, errors)


def poisson_log_likelihood(fitted: ConditionalLogit, choices: Choices) -> float:
    """Log likelihood of the same estimates as a Poisson count with an effect for each chooser.

    log L_Poisson = log L + Σ_i (n_i log n_i − n_i) − Σ_ij log n_ij!, so that the two have their
    maximum at the same tastes (Guimarães, Figueiredo and Woodward 2003).
    """
    total = choices.counts.sum(axis=1)
    return float(
        fitted.log_likelihood
        + (xlogy(total, total) - total).sum()
        - gammaln(choices.counts + 1).sum()
    )


def _require_identified(information: Floats, names: tuple[str, ...]) -> None:
    diagonal = np.diag(information)
    flat = diagonal <= SINGULAR * max(float(diagonal.max(initial=0.0)), 1e-300)
    directions = [names[k] for k in np.flatnonzero(flat)]
    kept = np.flatnonzero(~flat)
    if kept.size:
        scale = np.sqrt(diagonal[kept])
        values, vectors = np.linalg.eigh(information[np.ix_(kept, kept)] / np.outer(scale, scale))
        for vector in vectors.T[values < SINGULAR]:
            loading = vector / scale
            loading /= np.abs(loading).max()
            directions.append(
                " ".join(
                    f"{value:+.3g}·{names[k]}"
                    for k, value in zip(kept, loading, strict=True)
                    if abs(value) > 1e-6
                )
            )
    if directions:
        raise NotIdentified(tuple(directions))


def _estimated(
    cluster: Integers,
    names: tuple[str, ...],
    theta: Floats,
    found: Likelihood,
    at_zero: float,
    total: float,
    steps: int,
) -> ConditionalLogit:
    bread: Floats = np.linalg.inv(found.information).astype(np.float64)
    _, member = np.unique(cluster, return_inverse=True)
    clusters = int(member.max()) + 1
    sums = np.zeros((clusters, len(names)))
    np.add.at(sums, member, found.scores)
    correction = clusters / (clusters - 1) if clusters > 1 else np.nan
    return ConditionalLogit(
        names=names,
        estimates=theta,
        covariance=bread,
        robust=bread @ (found.scores.T @ found.scores) @ bread,
        clustered=correction * bread @ (sums.T @ sums) @ bread,
        log_likelihood=found.value,
        log_likelihood_at_zero=at_zero,
        choices=total,
        steps=steps,
    )
