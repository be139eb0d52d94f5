"""Cumulative incidence of competing events, by Aalen and Johansen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from yanzhen.accounts.panel import Floats

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Spells:
    """Times from an origin to the first of several events, or to the end of what was seen.

    Attributes
    ----------
    entry : (n,) time since the origin from which each is followed, 0 for one followed throughout
    end : (n,) time of the event or of the last that is known, above `entry`
    cause : (n,) 1 … K, 0 where no event was seen
    """

    entry: Floats
    end: Floats
    cause: Integers


@dataclass(frozen=True)
class Incidence:
    """Probabilities of having had each event by each time, after those before.

    Attributes
    ----------
    time : (T,) times at which anything ends, increasing
    at_risk, events : (T,) and (T, K)
    probability : (T, K) cumulative incidence F_k(t)
    error : (T, K) its standard error
    free : (T,) probability of none of the events
    """

    time: Floats
    at_risk: Integers
    events: Integers
    probability: Floats
    error: Floats
    free: Floats

    def at(self, time: float) -> tuple[Floats, Floats]:
        """Return (K,) probabilities and (K,) standard errors at a time; NaN beyond the last."""
        place = int(np.searchsorted(self.time, time, side="right")) - 1
        causes = self.events.shape[1]
        if self.time.size == 0 or time > self.time[-1]:
            return np.full(causes, np.nan), np.full(causes, np.nan)
        if place < 0:
            return np.zeros(causes), np.zeros(causes)
        return self.probability[place], self.error[place]


def aalen_johansen(spells: Spells, causes: int) -> Incidence:
    """Estimate the cumulative incidence of each cause (Aalen and Johansen 1978).

    With Y(t) at risk, dN_k(t) events of cause k and S(t−) free of any event just before t,

        F_k(t) = Σ_{u ≤ t} S(u−) dN_k(u) / Y(u),   S(t) = Π_{u ≤ t} (1 − dN(u) / Y(u)).

    Whoever enters at t is at risk after t; who is censored at t was at risk there. Events of one
    time, of one cause or several, are taken together. The variance is the recursion of Andersen,
    Borgan, Gill and Keiding (1993, p. 295) with multinomial increments,

        cov(dN_k / Y, dN_l / Y) = (δ_kl Y dN_k − dN_k dN_l) / Y³,

    which for a single cause is Greenwood's formula.

    Parameters
    ----------
    spells : those whose end is not after their entry were never at risk and are left out
    causes : K, some of which may have no event
    """
    kept = spells.end > spells.entry
    entry, end, cause = spells.entry[kept], spells.end[kept], spells.cause[kept]
    time, place = np.unique(end, return_inverse=True)
    events = np.zeros((time.size, causes + 1), dtype=np.int64)
    np.add.at(events, (place, cause), 1)
    entered = np.searchsorted(np.sort(entry), time, side="left")
    left = np.searchsorted(np.sort(end), time, side="left")
    at_risk = np.asarray(entered - left, dtype=np.int64)
    of_cause = events[:, 1:]
    hazard = of_cause / at_risk[:, None]
    free = np.cumprod(1.0 - hazard.sum(axis=1))
    before = np.concatenate([[1.0], free[:-1]])
    probability = np.cumsum(before[:, None] * hazard, axis=0)
    error = np.sqrt(np.maximum(_variance(at_risk, of_cause, hazard, before), 0.0))
    return Incidence(time, at_risk, of_cause, probability, error, free)


def _variance(at_risk: Integers, events: Integers, hazard: Floats, before: Floats) -> Floats:
    """(T, K) variance of the cumulative incidence, by recursion over the times with events.

    Of cause k only the covariance of (S, F_k) is needed: S′ = S (1 − a), F′ = F + S a_k.
    """
    times, causes = events.shape
    free_free = 0.0
    free_cause, variance = np.zeros(causes), np.zeros(causes)
    found = np.zeros((times, causes))
    size = at_risk.astype(np.float64)
    for t in range(times):
        own = hazard[t]
        any_cause = float(own.sum())
        if any_cause > 0:
            squared = before[t] ** 2 / size[t]
            variance = (
                variance + 2 * own * free_cause + own**2 * free_free + squared * own * (1 - own)
            )
            free_cause = (1 - any_cause) * (free_cause + own * free_free) - squared * own * (
                1 - any_cause
            )
            free_free = (1 - any_cause) ** 2 * free_free + squared * any_cause * (1 - any_cause)
        found[t] = variance
    return found


def interval(probability: Floats, error: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return an interval of probabilities on the scale of ln(−ln F), NaN where F is 0 or 1.

    Parameters
    ----------
    level : share of intervals that hold the truth
    """
    inside = (probability > 0) & (probability < 1) & (error > 0)
    p = np.where(inside, probability, 0.5)
    spread = float(ndtri(0.5 + level / 2)) * error / (p * np.abs(np.log(p)))
    low, high = p ** np.exp(spread), p ** np.exp(-spread)
    return np.where(inside, low, np.nan), np.where(inside, high, np.nan)
