"""What is known of entry and exit before a small panel speaks.

A model that learns from thirty events overrates what it happens to see. Here its coefficients have
a prior: those of many small panels of another country, their mean m and how much they differ from
panel to panel, Σ (the moments of a random-effects meta-analysis, DerSimonian and Laird 1986, in
several dimensions). Among the panels β ~ N(m, Σ); in another country and time β ~ N(m, κΣ), and κ
is learnt within the period learnt from: each κ is weighted by the likelihood of regions left out,
on a scale that expects κ = 1 within a factor of two, and the foreseen probability is the mean over
κ. κ → 0 is the prior alone, κ → ∞ the panel alone.

So that coefficients carry over, a covariate counts by its place among the candidates of its own
panel and year, as a normal score, and has no unit. Places come from the start of a period only.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit, ndtri

from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.advantage.specialisation import least
from yanzhen.history.covariates import ABSENT
from yanzhen.history.logit import maximum_posterior

Event = Literal["entry", "exit"]
EVENTS: tuple[Event, ...] = ("entry", "exit")
COVARIATES = ("density", "location_quotient", "region_size", "industry_size")
"""What the model with a prior takes: relatedness, where a pair stands, and the two sizes."""
FILE = "event_priors.json"
SPREADS = (1 / 16, 1 / 4, 1.0, 4.0, 16.0)
"""κ that are tried."""
DOUBT = float(np.log(2.0))
"""Standard deviation of log κ before the panel speaks."""
BASE_RATE_DEVIATION = 3.0
"""Of the constant: how often something happens is the panel's own."""
PARTS = 5
ENOUGH = 150
"""Events, and non-events, from which a panel speaks for itself. In small panels cut from that of
the United States the model without a prior becomes the better one at about 100 entries and 200
exits (`benchmarks/history.py small`)."""


@dataclass(frozen=True)
class EventPrior:
    """Coefficients of an event over small panels.

    Attributes
    ----------
    covariates : (K,) names
    mean : (1 + K,) the constant first
    covariance : (1 + K, 1 + K) between panels
    """

    covariates: tuple[str, ...]
    mean: Floats
    covariance: Floats


@dataclass(frozen=True)
class Priors:
    """Priors of the events, and where they are from.

    Attributes
    ----------
    source_zh, source_en : the panel they were learnt from
    years : its first and last
    panels : number of small panels that it was cut into
    regions, industries : its labels
    events : prior of each event
    """

    source_zh: str
    source_en: str
    years: tuple[int, int]
    panels: int
    regions: frozenset[str]
    industries: frozenset[str]
    events: Mapping[Event, EventPrior]

    def learnt_from(
        self, regions: Sequence[str], industries: Sequence[str], years: Sequence[int]
    ) -> bool:
        """Whether a panel is, or is cut from, the one that the priors were learnt from.

        Its outcome would be known to them: they must not be used on it.

        Parameters
        ----------
        regions, industries : labels of the panel
        years : that a backtest uses
        """
        overlap = min(years) < self.years[1] and max(years) > self.years[0]
        return (
            overlap and self.regions.issuperset(regions) and self.industries.issuperset(industries)
        )


@dataclass(frozen=True)
class PriorModel:
    """A logit under N(m, κΣ) for each κ, and the weight of each.

    Attributes
    ----------
    covariates : (K,) names
    coefficients : (κ, 1 + K)
    weights : (κ,) of sum one
    """

    covariates: tuple[str, ...]
    coefficients: Floats
    weights: Floats

    @property
    def spread(self) -> float:
        """The geometric mean of κ by weight: how far the panel was let go from the prior."""
        return float(np.exp(self.weights @ np.log(SPREADS)))

    def probability(self, z: Floats) -> Floats:
        """(n,) probability at (n, K) normal scores."""
        each: Floats = expit(_with_constant(z) @ self.coefficients.T) @ self.weights
        return each


@cache
def priors() -> Priors:
    """The priors that come with the package; `scripts/make_event_priors.py` makes them."""
    held = json.loads(files("yanzhen.history").joinpath(FILE).read_text("utf-8"))
    return Priors(
        held["source_zh"],
        held["source_en"],
        (held["years"][0], held["years"][1]),
        held["panels"],
        frozenset(held["regions"]),
        frozenset(held["industries"]),
        {
            event: EventPrior(
                tuple(held["covariates"]),
                np.array(held["events"][event]["mean"]),
                np.array(held["events"][event]["covariance"]),
            )
            for event in EVENTS
        },
    )


def candidates(quotient: Floats, event: Event) -> Booleans:
    """(N, S) pairs to which the event can happen, by their quotient at the start alone."""
    could = quotient < least(ABSENT) if event == "entry" else quotient >= least(1.0)
    return np.asarray(could & np.isfinite(quotient))


def normal_scores(values: Floats, among: Booleans) -> Floats:
    """Place of every value among some, as a quantile of the standard normal, ties in the middle.

    Parameters
    ----------
    values : (N, S, K)
    among : (N, S) cells that are ranked; the others are placed between them

    Returns
    -------
    (N, S, K); 0 where nothing is ranked, or all are alike
    """
    scores = np.zeros(values.shape)
    n = int(among.sum())
    if n == 0:
        return scores
    for k in range(values.shape[2]):
        ordered = np.sort(values[among, k])
        below = np.searchsorted(ordered, values[:, :, k], side="left")
        up_to = np.searchsorted(ordered, values[:, :, k], side="right")
        scores[:, :, k] = ndtri(np.clip((below + up_to) / (2 * n), 0.5 / n, 1 - 0.5 / n))
    return scores


def fit_with_prior(
    z: Floats, y: Booleans, region: NDArray[np.intp], prior: EventPrior, seed: int
) -> PriorModel:
    """Fit a logit under the prior, with how far it may go from it learnt from regions left out.

    Parameters
    ----------
    z : (n, K) normal scores of the prior's covariates
    y : (n,) whether it happened; with few events, or none, the prior speaks alone
    region : (n,) of each case; a region is left out as a whole
    seed : how regions are dealt
    """
    log_weight = -(np.log(SPREADS) ** 2) / (2 * DOUBT**2)
    if y.size:
        log_weight = log_weight + _left_out(z, y, region, prior, seed)
    weights = np.exp(log_weight - log_weight.max())
    return PriorModel(
        prior.covariates,
        np.stack([_fit(z, y, prior, spread) for spread in SPREADS]),
        weights / weights.sum(),
    )


def _left_out(
    z: Floats, y: Booleans, region: NDArray[np.intp], prior: EventPrior, seed: int
) -> Floats:
    """(κ,) log likelihood of each part of the regions under a fit of the others."""
    places, member = np.unique(region, return_inverse=True)
    random = np.random.default_rng(seed)
    part = random.permutation(np.arange(len(places)) % PARTS)[member]
    total = np.zeros(len(SPREADS))
    for out in range(min(PARTS, len(places))):
        kept = part != out
        sign = np.where(y[~kept], 1.0, -1.0)
        design = _with_constant(z[~kept])
        for at, spread in enumerate(SPREADS):
            b = _fit(z[kept], y[kept], prior, spread)
            total[at] += float(log_expit(sign * (design @ b)).sum())
    return total


def _fit(z: Floats, y: Booleans, prior: EventPrior, spread: float) -> Floats:
    precision = np.zeros(prior.covariance.shape)
    precision[0, 0] = BASE_RATE_DEVIATION**-2
    precision[1:, 1:] = np.linalg.inv(spread * prior.covariance[1:, 1:])
    return maximum_posterior(_with_constant(z), y.astype(np.float64), prior.mean, precision)


def _with_constant(z: Floats) -> Floats:
    return np.column_stack([np.ones(len(z)), z])
