"""Where people live: not moving, moving by taste and at a cost, or free to move.

With v̂ the change of real income per head and L̂ that of labour, living in n is worth

    û_n = v̂_n B̂_n L̂_n^−ξ,

B̂ being amenities and ξ congestion.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from yanzhen.accounts.panel import Floats


@dataclass(frozen=True)
class Immobile:
    """Nobody moves by themselves; labour is what the shock says."""


@dataclass(frozen=True)
class Migration:
    """Moving by Fréchet tastes, against a cost (Tombe and Zhu 2019).

        m′_ni = m_ni (û_i / μ̂_ni)^ε / Σ_k m_nk (û_k / μ̂_nk)^ε

    Attributes
    ----------
    share : (N, N) m, part of those registered in the row's region who live in the column's
    registered : (N,) people by the region they come from
    cost : (N, N) μ̂, ratio of what moving costs in utility, infinite where it is closed
    amenity : (N,) B̂
    taste : ε > 0, how alike tastes are
    congestion : ξ ≥ 0
    """

    share: Floats
    registered: Floats
    cost: Floats
    amenity: Floats
    taste: float
    congestion: float


@dataclass(frozen=True)
class FreeMovement:
    """All alike and free to move: living is worth the same everywhere anybody lives.

    Attributes
    ----------
    labour : (N,) people who live in each region
    amenity : (N,) B̂
    congestion : ξ ≥ 0
    """

    labour: Floats
    amenity: Floats
    congestion: float


LONGEST = 3.0
"""Longest step of a log, before caution: where hardly anybody wants to live it has no bound."""
Mobility = Immobile | Migration | FreeMovement


def labour_of(mobility: Migration | FreeMovement) -> Floats:
    """(N,) people who live in each region before the shock."""
    if isinstance(mobility, FreeMovement):
        return mobility.labour
    return mobility.registered @ mobility.share


def log_worth(
    mobility: Migration | FreeMovement, log_real_income: Floats, log_labour: Floats
) -> Floats:
    """(N,) log û."""
    with np.errstate(divide="ignore"):
        amenity = np.log(mobility.amenity)
    return log_real_income + amenity - mobility.congestion * log_labour


def shares_after(mobility: Migration, worth: Floats) -> Floats:
    """(N, N) m′ for log û."""
    weighed = _log_weighed(mobility, worth)
    after: Floats = np.exp(weighed - logsumexp(weighed, axis=1, keepdims=True))
    return after


def log_expected_worth(mobility: Migration, worth: Floats) -> Floats:
    """(N,) by region of origin, log of (Σ_i m_ni (û_i / μ̂_ni)^ε)^(1/ε), their change of welfare."""
    expected: Floats = logsumexp(_log_weighed(mobility, worth), axis=1) / mobility.taste
    return expected


def labour_step(
    mobility: Migration | FreeMovement, log_real_income: Floats, log_labour: Floats
) -> Floats:
    """(N,) what to add to log L̂ so that it comes nearer to where people want to live.

    Zero where nobody wants to move. About a Newton step: at a given income of a region its income
    per head falls in proportion to the people.
    """
    worth = log_worth(mobility, log_real_income, log_labour)
    there = labour_of(mobility)
    if isinstance(mobility, FreeMovement):
        living = there * np.exp(log_labour)
        mean = float((living @ worth) / living.sum())
        too_many = float(np.log(living.sum() / there.sum()))
        return np.where(there > 0, (worth - mean) / (1 + mobility.congestion) - too_many, 0.0)
    wanted = mobility.registered @ shares_after(mobility, worth)
    with np.errstate(divide="ignore"):
        towards = np.log(np.divide(wanted, there, out=np.ones_like(there), where=there > 0))
    return np.clip(towards - log_labour, -LONGEST, LONGEST) / (
        1 + mobility.taste * (1 + mobility.congestion)
    )


def labour_step_change(
    mobility: Migration | FreeMovement,
    log_real_income: Floats,
    log_labour: Floats,
    income_change: Floats,
    labour_change: Floats,
) -> Floats:
    """(N,) derivative of `labour_step` along changes of log real income per head and of log L̂."""
    worth = log_worth(mobility, log_real_income, log_labour)
    change = income_change - mobility.congestion * labour_change
    there = labour_of(mobility)
    if isinstance(mobility, FreeMovement):
        living = there * np.exp(log_labour)
        part = living / living.sum()
        mean = float(part @ change + part @ (labour_change * (worth - part @ worth)))
        moved = (change - mean) / (1 + mobility.congestion) - float(part @ labour_change)
        return np.where(there > 0, moved, 0.0)
    after = shares_after(mobility, worth)
    wanted = mobility.registered @ after
    weighed = mobility.registered * (after @ change)
    towards = mobility.taste * (
        change - np.divide(weighed @ after, wanted, out=np.zeros_like(wanted), where=wanted > 0)
    )
    moved = np.where(there > 0, towards, 0.0) - labour_change
    return moved / (1 + mobility.taste * (1 + mobility.congestion))


def with_all_people(mobility: Migration | FreeMovement, log_labour: Floats) -> Floats:
    """(N,) log L̂ brought to the number of people there are."""
    there = labour_of(mobility)
    living = float(there @ np.exp(log_labour))
    return np.subtract(log_labour, np.log(living / float(there.sum())))


def _log_weighed(mobility: Migration, worth: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        share, cost = np.log(mobility.share), np.log(mobility.cost)
    weighed: Floats = share + mobility.taste * (worth - cost)
    return weighed
